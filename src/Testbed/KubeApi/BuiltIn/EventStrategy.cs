using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Events of either group.</summary>
internal sealed class EventStrategy : ResourceStrategy
{
    public override bool AllowsCreateOnUpdate => true;

    public override void ApplyDefaults(JsonObject obj)
    {
        // These are always shown, whether set or not.
        var modern = obj.String("apiVersion") == "events.k8s.io/v1";
        string[] times = modern ? ["eventTime", "deprecatedFirstTimestamp", "deprecatedLastTimestamp"] : ["eventTime", "firstTimestamp", "lastTimestamp"];
        foreach (var name in times.Where(t => !obj.ContainsKey(t)))
        {
            obj[name] = null;
        }

        obj[modern ? "deprecatedSource" : "source"] ??= new JsonObject();
        if (!modern)
        {
            obj["reportingComponent"] ??= "";
            obj["reportingInstance"] ??= "";
        }

        MicroTime.Check(obj, "eventTime", "Event", obj.String("apiVersion") ?? "v1");
        MicroTime.Check(obj.Object("series"), "lastObservedTime", "Event", obj.String("apiVersion") ?? "v1");
    }

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly)
    {
        var about = obj.Object("involvedObject") ?? obj.Object("regarding");
        var ns = about.String("namespace") ?? "";
        var home = ObjectMeta.Namespace(obj);

        // Events about cluster-scoped objects live in one of these two namespaces.
        var fits = ns.Length == 0 ? home is "default" or "kube-system" : ns == home;
        return fits ? [] : [Mismatch(ns, obj)];
    }

    private static FieldError Mismatch(string ns, JsonObject obj) =>
        new($"{(obj.ContainsKey("regarding") ? "regarding" : "involvedObject")}.namespace", $"Invalid value: \"{ns}\": does not match event.namespace", "FieldValueInvalid");
}
