using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.BuiltIn;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Discovery;

/// <summary>The lists of groups, versions and resources that clients find their way by.</summary>
internal static class DiscoveryDocuments
{
    public static JsonObject CoreVersions(string address) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address }),
    };

    public static JsonObject Groups(ResourceRegistry registry) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. registry.All.Where(k => k.Group.Length > 0).Select(k => k.Group).Distinct(StringComparer.Ordinal).Select(g => Group(registry, g, nested: true))]),
    };

    /// <returns>Null where the group is not served.</returns>
    public static JsonObject? Group(ResourceRegistry registry, string group, bool nested)
    {
        var versions = registry.All.Where(k => k.Group == group).Select(k => k.Version).Distinct(StringComparer.Ordinal).Order(VersionPriority.Instance).ToList();
        if (versions.Count == 0)
        {
            return null;
        }

        JsonObject Version(string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };
        var result = new JsonObject();
        if (!nested)
        {
            result["kind"] = "APIGroup";
            result["apiVersion"] = "v1";
        }

        result["name"] = group;
        result["versions"] = new JsonArray([.. versions.Select(Version)]);
        result["preferredVersion"] = Version(versions[0]);
        return result;
    }

    /// <returns>Null where the version is not served.</returns>
    public static JsonObject? Resources(ResourceRegistry registry, string group, string version)
    {
        var kinds = registry.All.Where(k => k.Group == group && k.Version == version).ToList();
        return kinds.Count == 0
            ? null
            : new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
                ["resources"] = new JsonArray([.. kinds.OrderBy(k => k.Plural, StringComparer.Ordinal).SelectMany(Entries)]),
            };
    }

    private static IEnumerable<JsonObject> Entries(ResourceKind kind)
    {
        yield return Entry(kind.Plural, kind.Singular, kind.Kind, kind.Verbs, kind);
        if (kind.HasStatus)
        {
            yield return Entry($"{kind.Plural}/status", "", kind.Kind, ["get", "patch", "update"], kind);
        }

        if (kind.Scale is not null)
        {
            var scale = Entry($"{kind.Plural}/scale", "", "Scale", ["get", "patch", "update"], kind);
            scale["group"] = "autoscaling";
            scale["version"] = "v1";
            yield return scale;
        }

        foreach (var subresource in kind.OtherSubresources)
        {
            yield return Entry($"{kind.Plural}/{subresource}", "", kind.Kind, VerbsOf(subresource), kind);
        }
    }

    private static IReadOnlyList<string> VerbsOf(string subresource) => subresource switch
    {
        PodStreams.Log => ["get"],
        "token" => ["create"],
        _ => ["create", "get"],
    };

    private static JsonObject Entry(string name, string singular, string kindName, IReadOnlyList<string> verbs, ResourceKind kind)
    {
        var entry = new JsonObject
        {
            ["name"] = name,
            ["singularName"] = singular,
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kindName,
            ["verbs"] = Strings(verbs),
        };
        if (!name.Contains('/', StringComparison.Ordinal))
        {
            if (kind.ShortNames.Count > 0)
            {
                entry["shortNames"] = Strings(kind.ShortNames);
            }

            if (kind.Categories.Count > 0)
            {
                entry["categories"] = Strings(kind.Categories);
            }
        }

        return entry;
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);
}
