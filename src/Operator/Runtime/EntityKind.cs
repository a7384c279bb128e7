using System.Reflection;
using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>Where a kind lives in the API: what the URL is made of.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version.</param>
/// <param name="Plural">The plural in lower case.</param>
/// <param name="Kind">The kind.</param>
public sealed record EntityKind(string Group, string Version, string Plural, string Kind)
{
    /// <summary>Group and version as objects carry them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The kind that an entity type declares with <see cref="KubernetesEntityAttribute"/>.</summary>
    /// <exception cref="InvalidOperationException">The type declares none.</exception>
    public static EntityKind Of<TEntity>()
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var declared = typeof(TEntity).GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{typeof(TEntity)} has no [KubernetesEntity]: give it group, version, kind and plural");
        return new EntityKind(declared.Group ?? "", declared.ApiVersion, declared.PluralName, declared.Kind);
    }

    /// <inheritdoc/>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
