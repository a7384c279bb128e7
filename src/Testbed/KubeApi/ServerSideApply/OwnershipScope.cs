using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>Leaves out the fields that nobody owns: identity, what the server sets, and what another endpoint writes.</summary>
internal static class OwnershipScope
{
    private static readonly string[] ServerMetadata =
    [
        "name", "namespace", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "uid", "generation", "managedFields",
        "resourceVersion",
    ];

    /// <summary>A copy of the object with only those fields in it that the write to this endpoint may own.</summary>
    public static JsonObject Of(JsonObject obj, ResourceKind kind, string? subresource)
    {
        var result = (JsonObject)obj.DeepClone();
        result.Remove("apiVersion");
        result.Remove("kind");
        if (subresource == "status")
        {
            foreach (var name in result.Select(p => p.Key).Where(k => k != "status").ToList())
            {
                result.Remove(name);
            }

            return result;
        }

        if (kind.HasStatus)
        {
            result.Remove("status");
        }

        if (result.Object("metadata") is { } metadata)
        {
            foreach (var name in ServerMetadata)
            {
                metadata.Remove(name);
            }

            if (metadata.Count == 0)
            {
                result.Remove("metadata");
            }
        }

        return result;
    }

    /// <summary>metadata itself is nobody's, only fields in it are.</summary>
    public static FieldSet WithoutMetadataItself(FieldSet set)
    {
        if (set.Find("f:metadata") is not { IsMember: true } metadata)
        {
            return set;
        }

        var json = set.ToJson();
        json.Object("f:metadata")!.Remove(".");
        if (metadata.Below.Count == 0)
        {
            json.Remove("f:metadata");
        }

        return FieldSet.FromJson(json);
    }
}
