using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Demo.Manifests;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>What Git says: the manifests of a folder, and the commits made to them since.</summary>
internal sealed partial class GitRepository(string folder)
{
    public const string ReplicaSet = "marketplace";
    public const string Record = "shop";
    public const string Migration = "ireland-to-london";

    private readonly Lock _gate = new();
    private readonly List<JsonObject> _objects = [.. Kustomization.Read(folder).Objects];

    /// <summary>The manifests now.</summary>
    public IReadOnlyList<JsonObject> Objects()
    {
        lock (_gate)
        {
            return [.. _objects.Select(o => o.DeepClone().AsObject())];
        }
    }

    /// <summary>One manifest.</summary>
    public JsonObject Object(string kind) => Objects().Single(o => (string?)o["kind"] == kind);

    /// <summary>Makes an edit that a migration's status lists.</summary>
    public void Commit(SpecEdit edit)
    {
        lock (_gate)
        {
            var (kind, name) = edit.Target.Split('/') is [var k, var n] ? (k, n) : throw new FormatException($"target {edit.Target} is not kind/name");
            JsonNode node = _objects.Single(o => (string?)o["kind"] == kind && (string?)o["metadata"]!["name"] == name);
            var parts = Part().Matches(edit.Field).ToList();
            foreach (var part in parts[..^1])
            {
                node = Descend(node, part);
            }

            if (edit.To == "(removed)")
            {
                var list = node[parts[^1].Groups["field"].Value]!.AsArray();
                list.Remove(list.Single(item => (string?)item![parts[^1].Groups["key"].Value] == parts[^1].Groups["value"].Value));
                return;
            }

            var (owner, field) = (node.AsObject(), parts[^1].Groups["field"].Value);
            Assert.That(owner[field]?.ToString(), Is.EqualTo(edit.From), $"{edit.Target} {edit.Field}: Git says what the edit starts from");
            owner[field] = int.TryParse(edit.To, CultureInfo.InvariantCulture, out var number) ? number : edit.To;
        }
    }

    /// <summary>Any other commit.</summary>
    public void Commit(string kind, Action<JsonObject> change)
    {
        lock (_gate)
        {
            change(_objects.Single(o => (string?)o["kind"] == kind));
        }
    }

    private static JsonNode Descend(JsonNode node, Match part)
    {
        var next = node[part.Groups["field"].Value]!;
        return part.Groups["key"].Success
            ? next.AsArray().Single(item => (string?)item![part.Groups["key"].Value] == part.Groups["value"].Value)!
            : next;
    }

    // As spec.endpoints[setIdentifier=eu-west-1].weight.
    [GeneratedRegex(@"(?<field>\w+)(\[(?<key>\w+)=(?<value>[^\]]+)\])?")]
    private static partial Regex Part();
}
