using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>Who owns fields in one way.</summary>
/// <param name="Name">The field manager.</param>
/// <param name="IsApply">It applies; false: it updates.</param>
/// <param name="ApiVersion">The version in which it writes; empty for an applier, who has one entry whatever version it writes in.</param>
/// <param name="Subresource">status, or empty.</param>
internal sealed record ManagerId(string Name, bool IsApply, string ApiVersion, string Subresource)
{
    public static ManagerId Applier(string name, string? subresource) => new(name, true, "", subresource ?? "");

    public static ManagerId Updater(string name, string apiVersion, string? subresource) => new(name, false, apiVersion, subresource ?? "");

    /// <summary>As conflicts name it.</summary>
    public string Text => $"\"{Name}\"{(Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "")}{(IsApply ? "" : $" using {ApiVersion}")}";
}

/// <summary>What a manager owns.</summary>
internal sealed record ManagedEntry(FieldSet Fields, string ApiVersion, string Time);

/// <summary><c>metadata.managedFields</c>, read and written.</summary>
internal sealed class ManagedFields
{
    public Dictionary<ManagerId, ManagedEntry> Entries { get; } = [];

    public static ManagedFields Read(JsonObject obj)
    {
        var result = new ManagedFields();
        foreach (var entry in obj.Object("metadata")?.Objects("managedFields") ?? [])
        {
            if (entry.String("operation") is not ("Apply" or "Update") || entry.Object("fieldsV1") is not { } fields)
            {
                continue;
            }

            var isApply = entry.String("operation") == "Apply";
            var version = entry.String("apiVersion") ?? "";
            var id = new ManagerId(entry.String("manager") ?? "", isApply, isApply ? "" : version, entry.String("subresource") ?? "");
            result.Entries[id] = new ManagedEntry(FieldSet.FromJson(fields), version, entry.String("time") ?? "");
        }

        return result;
    }

    /// <summary>Appliers first, then by time and name.</summary>
    public void Write(JsonObject obj)
    {
        var ordered = Entries
            .Where(e => !e.Value.Fields.IsEmpty)
            .OrderBy(e => !e.Key.IsApply)
            .ThenBy(e => e.Value.Time, StringComparer.Ordinal)
            .ThenBy(e => e.Key.Name, StringComparer.Ordinal)
            .ThenBy(e => e.Key.ApiVersion, StringComparer.Ordinal)
            .ThenBy(e => e.Key.Subresource, StringComparer.Ordinal);
        var list = new JsonArray([.. ordered.Select(e => Entry(e.Key, e.Value))]);
        var metadata = ObjectMeta.Of(obj);
        if (list.Count == 0)
        {
            metadata.Remove("managedFields");
        }
        else
        {
            metadata["managedFields"] = list;
        }
    }

    public bool SameOwners(ManagedFields other) =>
        Entries.Count == other.Entries.Count
        && Entries.All(e => other.Entries.TryGetValue(e.Key, out var theirs) && e.Value.Fields.SameAs(theirs.Fields));

    private static JsonObject Entry(ManagerId id, ManagedEntry entry)
    {
        var json = new JsonObject { ["manager"] = id.Name, ["operation"] = id.IsApply ? "Apply" : "Update", ["apiVersion"] = entry.ApiVersion };
        if (entry.Time.Length > 0)
        {
            json["time"] = entry.Time;
        }

        json["fieldsType"] = "FieldsV1";
        json["fieldsV1"] = entry.Fields.ToJson();
        if (id.Subresource.Length > 0)
        {
            json["subresource"] = id.Subresource;
        }

        return json;
    }
}
