using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Events of either group.</summary>
internal sealed class EventStrategy : ResourceStrategy
{
    private static readonly string[] RequiredWithTime = ["reportingController", "reportingInstance", "action", "reason"];

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

        var errors = new List<FieldError>();

        // Events about cluster-scoped objects live in one of these two namespaces.
        if (ns.Length == 0 ? home is not ("default" or "kube-system") : ns != home)
        {
            errors.Add(Mismatch(ns, obj));
        }

        if (old is null && obj.String("apiVersion") == "events.k8s.io/v1")
        {
            CheckModern(obj, errors);
        }

        return errors;
    }

    private static void CheckModern(JsonObject obj, List<FieldError> errors)
    {
        if (obj.String("eventTime") is null)
        {
            errors.Add(new("eventTime", "Required value", "FieldValueRequired"));
        }
        else
        {
            foreach (var name in RequiredWithTime.Where(n => string.IsNullOrEmpty(obj.String(n))))
            {
                errors.Add(new(name, "Required value", "FieldValueRequired"));
            }
        }

        if (obj.String("type") is not ("Normal" or "Warning"))
        {
            errors.Add(new("type", $"Invalid value: \"\": has invalid value: {obj.String("type")}", "FieldValueInvalid"));
        }
    }

    private static FieldError Mismatch(string ns, JsonObject obj) =>
        new($"{(obj.ContainsKey("regarding") ? "regarding" : "involvedObject")}.namespace", $"Invalid value: \"{ns}\": does not match event.namespace", "FieldValueInvalid");
}
