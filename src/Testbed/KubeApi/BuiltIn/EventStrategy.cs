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
        MicroTime.Check(obj, "eventTime", "Event", obj.String("apiVersion") ?? "v1");
        MicroTime.Check(obj.Object("series"), "lastObservedTime", "Event", obj.String("apiVersion") ?? "v1");
    }

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly)
    {
        var about = obj.Object("involvedObject") ?? obj.Object("regarding");
        var ns = about.String("namespace") ?? "";
        var home = ObjectMeta.Namespace(obj);
        return ns.Length == 0 ? home is "default" or "kube-system" ? [] : [Mismatch(home, obj)] : ns == home ? [] : [Mismatch(home, obj)];
    }

    private static FieldError Mismatch(string home, JsonObject obj) =>
        new($"{(obj.ContainsKey("regarding") ? "regarding" : "involvedObject")}.namespace", $"Invalid value: \"{home}\": does not match event.namespace", "FieldValueInvalid");
}
