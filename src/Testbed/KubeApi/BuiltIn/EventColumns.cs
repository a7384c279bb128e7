using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Columns of <c>kubectl get events</c>, for either group's form of an event.</summary>
internal static class EventColumns
{
    public static readonly IReadOnlyList<TableColumn> All =
    [
        new("Last Seen", "string", (o, now) => Ages.Cell(LastSeen(o), now) ?? JsonValue.Create("<unknown>")),
        Column("Type", o => o.String("type")),
        Column("Reason", o => o.String("reason")),
        Column("Object", o => About(o) is { } about ? $"{about.String("kind")?.ToLowerInvariant()}/{about.String("name")}" : ""),
        Column("Subobject", o => About(o).String("fieldPath")) with { Priority = 1 },
        Column("Source", Source) with { Priority = 1 },
        Column("Message", o => (o.String("message") ?? o.String("note"))?.Trim()),
        new TableColumn("First Seen", "string", (o, now) => Ages.Cell(o.String("firstTimestamp") ?? o.String("deprecatedFirstTimestamp") ?? o.String("eventTime"), now) ?? JsonValue.Create("<unknown>")) { Priority = 1 },
        new TableColumn("Count", "string", (o, _) => JsonValue.Create(Count(o))) { Priority = 1 },
        Column("Name", o => o.Object("metadata").String("name")) with { Priority = 1, Format = "name" },
    ];

    private static TableColumn Column(string name, Func<JsonObject, string?> value) => new(name, "string", (o, _) => JsonValue.Create(value(o) ?? ""));

    private static JsonObject? About(JsonObject obj) => obj.Object("involvedObject") ?? obj.Object("regarding");

    private static string? LastSeen(JsonObject obj) =>
        obj.Object("series").String("lastObservedTime") ?? obj.String("lastTimestamp") ?? obj.String("deprecatedLastTimestamp") ?? obj.String("eventTime");

    private static long Count(JsonObject obj) => obj.Object("series").Integer("count") ?? obj.Integer("count") ?? obj.Integer("deprecatedCount") ?? 1;

    private static string Source(JsonObject obj)
    {
        var source = obj.Object("source") ?? obj.Object("deprecatedSource");
        var component = source.String("component") ?? obj.String("reportingComponent") ?? obj.String("reportingController") ?? "";
        var instance = source.String("host") ?? obj.String("reportingInstance");
        return string.IsNullOrEmpty(instance) ? component : $"{component}, {instance}";
    }
}
