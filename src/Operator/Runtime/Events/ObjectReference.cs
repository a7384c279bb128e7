using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Events;

/// <summary>Names an object that is not at hand as a whole, for an Event about it.</summary>
public sealed class ObjectReference : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string ApiVersion { get; set; } = "";

    /// <inheritdoc/>
    public string Kind { get; set; } = "";

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>A reference by kind, key and UID.</summary>
    public static ObjectReference To(EntityKind kind, ObjectKey key, string uid) => new()
    {
        ApiVersion = kind.ApiVersion,
        Kind = kind.Kind,
        Metadata = new V1ObjectMeta { Name = key.Name, NamespaceProperty = key.Namespace, Uid = uid },
    };
}
