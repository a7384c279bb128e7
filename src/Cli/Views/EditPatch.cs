using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Views;

/// <summary>
/// What Git must say at a migration's end, as the <c>patches</c> of a kustomization. They name places in lists by number, as JSON patches do, so each
/// begins with a test of what stands there: on a manifest that says something else it fails, and changes nothing. Pure.
/// </summary>
internal static partial class EditPatch
{
    private const string Removed = "(removed)";

    /// <summary>The YAML.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="targets">What it moves; what is missing is told in a comment.</param>
    public static string Of(RegionMigration migration, MigrationTargets targets)
    {
        var edits = migration.Status?.SpecEdits ?? [];
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"# What Git must say once {migration.Metadata.NamespaceProperty}/{migration.Metadata.Name} has ended: into kustomization.yaml, or by hand.\n");
        yaml.Append(edits.Count == 0 ? "patches: []\n" : "patches:\n");
        foreach (var target in edits.GroupBy(e => e.Target))
        {
            var parts = target.Key.Split('/', 2);
            yaml.Append(CultureInfo.InvariantCulture, $"- target: {{group: {ApiGroup.Name}, version: {ApiGroup.Version}, kind: {parts[0]}, name: {parts[1]}}}\n");
            foreach (var edit in target)
            {
                yaml.Append(CultureInfo.InvariantCulture, $"  # {edit.Field}: {edit.From ?? "-"} -> {edit.To}\n");
            }

            var operations = Find(targets, parts[0], parts[1]) is { } found ? Operations(JsonNode.Parse(KubernetesJson.Serialize(found))!, [.. target]) : [];
            yaml.Append(operations.Count == 0 ? "  patch: '[]'   # the object is not there, or has no such place: edit its manifest by hand\n" : "  patch: |-\n");
            foreach (var operation in operations)
            {
                yaml.Append("    - ").Append(operation.ToJsonString(Plain)).Append('\n');
            }
        }

        return yaml.ToString();
    }

    private static object? Find(MigrationTargets targets, string kind, string name) =>
        kind == KindName.ReplicaSet.Kind && targets.Set?.Metadata.Name == name ? targets.Set
        : kind == KindName.DnsRecord.Kind ? targets.Records.FirstOrDefault(r => r.Metadata.Name == name)
        : null;

    /// <summary>The operations of one object, tests included; removals come last and from the end, so that no number moves under another one.</summary>
    internal static IReadOnlyList<JsonObject> Operations(JsonNode entity, IReadOnlyList<SpecEdit> edits)
    {
        var changes = new List<JsonObject>();
        var removals = new List<(string Path, JsonObject[] All)>();
        foreach (var edit in edits)
        {
            if (Find(entity, edit.Field) is not { } place)
            {
                continue;
            }

            if (edit.To == Removed)
            {
                removals.Add((place.Path, [.. place.Tests, Operation("remove", place.Path, null)]));
                continue;
            }

            changes.AddRange(place.Tests);
            if (place.Value is { } now)
            {
                changes.Add(Operation("test", place.Path, now.DeepClone()));
            }

            changes.Add(Operation(place.Value is null ? "add" : "replace", place.Path, place.Value is JsonValue v && v.GetValueKind() == JsonValueKind.String ? edit.To : Typed(edit.To)));
        }

        return [.. changes, .. removals.OrderByDescending(r => r.Path, ByNumbers.Instance).SelectMany(r => r.All)];
    }

    // A path as `spec.regions[name=eu-west-1].members[host=h:27017].votes`; a key may hold dots.
    private static (string Path, JsonNode? Value, JsonObject[] Tests)? Find(JsonNode entity, string field)
    {
        JsonNode? at = entity;
        var path = "";
        var tests = new List<JsonObject>();
        foreach (Match part in Part().Matches(field))
        {
            path += "/" + part.Groups["name"].Value;
            at = at?[part.Groups["name"].Value];
            if (!part.Groups["key"].Success)
            {
                continue;
            }

            var index = at is JsonArray list ? list.ToList().FindIndex(item => (string?)item?[part.Groups["key"].Value] == part.Groups["value"].Value) : -1;
            if (index < 0)
            {
                return null;
            }

            at = at![index];
            path += "/" + index.ToString(CultureInfo.InvariantCulture);
            tests.Add(Operation("test", $"{path}/{part.Groups["key"].Value}", part.Groups["value"].Value));
        }

        return path.Length == 0 ? null : (path, at, [.. tests]);
    }

    private static JsonObject Operation(string op, string path, JsonNode? value)
    {
        var operation = new JsonObject { ["op"] = op, ["path"] = path };
        if (value is not null)
        {
            operation["value"] = value;
        }

        return operation;
    }

    private static JsonValue Typed(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A value ends with the bracket before a dot or the end: an IPv6 address has brackets of its own.
    [GeneratedRegex(@"(?<name>[A-Za-z]+)(\[(?<key>[A-Za-z]+)=(?<value>.*?)\](?=\.|$))?(\.|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    /// <summary>Compares paths part by part, numbers as numbers.</summary>
    private sealed class ByNumbers : IComparer<string>
    {
        public static readonly ByNumbers Instance = new();

        public int Compare(string? x, string? y)
        {
            var (one, other) = (x!.Split('/'), y!.Split('/'));
            for (var i = 0; i < Math.Min(one.Length, other.Length); i++)
            {
                var difference = int.TryParse(one[i], out var a) && int.TryParse(other[i], out var b) ? a.CompareTo(b) : string.CompareOrdinal(one[i], other[i]);
                if (difference != 0)
                {
                    return difference;
                }
            }

            return one.Length.CompareTo(other.Length);
        }
    }
}
