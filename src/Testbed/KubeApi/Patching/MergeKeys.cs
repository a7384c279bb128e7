using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Patching;

/// <summary>By which key strategic merge patch merges a list, from <c>x-kubernetes-patch-merge-key</c> in a kind's schema.</summary>
internal static class MergeKeys
{
    /// <param name="kind">The kind.</param>
    /// <param name="path">Field names joined by dots; items of lists add nothing.</param>
    /// <returns>The key; empty for merged lists of plain values; null for lists that are replaced.</returns>
    public static string? Of(ResourceKind kind, string path)
    {
        var at = kind.Schema;
        foreach (var name in path.Split('.'))
        {
            at = at.Object("items") ?? at;
            at = at.Object("properties").Object(name) ?? at.Object("additionalProperties");
        }

        return at.String("x-kubernetes-patch-strategy") == "merge" ? at.String("x-kubernetes-patch-merge-key") ?? "" : null;
    }
}
