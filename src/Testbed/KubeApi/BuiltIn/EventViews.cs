using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Turns core/v1 Events into events.k8s.io/v1 ones and back.</summary>
internal static class EventViews
{
    // core name, events.k8s.io name
    private static readonly (string Core, string Modern)[] Renamed =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ];

    private static readonly string[] Reporters = ["reportingController", "reportingInstance"];

    public static JsonObject FromCore(JsonObject core)
    {
        var modern = Rename(core, "events.k8s.io/v1", r => (r.Core, r.Modern));
        foreach (var empty in Reporters.Where(n => modern.String(n) is ""))
        {
            modern.Remove(empty);
        }

        return modern;
    }

    public static JsonObject ToCore(JsonObject modern)
    {
        var core = Rename(modern, "v1", r => (r.Modern, r.Core));
        core["reportingComponent"] ??= "";
        core["reportingInstance"] ??= "";
        return core;
    }

    private static JsonObject Rename(JsonObject obj, string apiVersion, Func<(string Core, string Modern), (string From, string To)> direction)
    {
        var result = (JsonObject)obj.DeepClone();
        result["apiVersion"] = apiVersion;
        foreach (var (from, to) in Renamed.Select(direction))
        {
            if (result.TryGetPropertyValue(from, out var value))
            {
                result.Remove(from);
                result[to] = value;
            }
        }

        return result;
    }
}
