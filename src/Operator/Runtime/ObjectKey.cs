using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>Names one namespaced object of a kind.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>The key of an object.</summary>
    public static ObjectKey Of(IKubernetesObject<V1ObjectMeta> entity) => new(entity.Metadata.NamespaceProperty ?? "", entity.Metadata.Name);

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
