using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>The scale subresource: <c>autoscaling/v1</c> Scale over an object's own fields.</summary>
internal static class Scale
{
    public static IReadOnlyList<TableColumn> Columns { get; } =
    [
        new("Desired", "integer", (o, _) => o.Object("spec").Integer("replicas") ?? 0),
        new("Available", "integer", (o, _) => o.Object("status").Integer("replicas") ?? 0),
        TableColumn.Age,
    ];

    public static JsonObject Of(JsonObject obj, ResourceKind kind)
    {
        var paths = kind.Scale ?? throw ApiErrors.NoSuchResource();
        var metadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            metadata.CopyFrom(ObjectMeta.Of(obj), field);
        }

        var status = new JsonObject { ["replicas"] = Number(obj, paths.StatusReplicas) };
        if (paths.LabelSelector is { } selector && Find(obj, selector) is { } text)
        {
            // A built-in kind keeps its selector as an object.
            status["selector"] = text is JsonObject labels
                ? string.Join(',', labels.Select(l => $"{l.Key}={JsonPath.Text(l.Value)}").Order(StringComparer.Ordinal))
                : JsonPath.Text(text);
        }

        var spec = new JsonObject();
        if (Number(obj, paths.SpecReplicas) is var replicas and > 0)
        {
            spec["replicas"] = replicas;
        }

        return new JsonObject { ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    /// <summary>The object with the replicas that a Scale asks for.</summary>
    public static JsonObject Apply(JsonObject obj, JsonObject scale, ResourceKind kind)
    {
        var paths = kind.Scale ?? throw ApiErrors.NoSuchResource();
        var names = paths.SpecReplicas.Split('.', StringSplitOptions.RemoveEmptyEntries);
        var at = obj;
        foreach (var name in names[..^1])
        {
            at = at.Ensure(name);
        }

        at[names[^1]] = scale.Object("spec").Integer("replicas") ?? 0;
        ObjectMeta.Of(obj)["resourceVersion"] = ObjectMeta.ResourceVersion(scale) is { Length: > 0 } wanted ? wanted : ObjectMeta.ResourceVersion(obj);
        return obj;
    }

    private static long Number(JsonObject obj, string path) =>
        Find(obj, path) is JsonValue value && long.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static JsonNode? Find(JsonObject obj, string path) => JsonPath.Parse(path).Find(obj) is [{ } found, ..] ? found : null;
}
