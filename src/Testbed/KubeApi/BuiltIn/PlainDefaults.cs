using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>A kind of which nothing but its defaults is particular.</summary>
/// <param name="apply">Fills them in.</param>
/// <param name="countsGenerations">metadata.generation counts changes of the specification.</param>
internal sealed class PlainDefaults(Action<JsonObject> apply, bool countsGenerations = false) : ResourceStrategy
{
    public static void PriorityClass(JsonObject obj) => obj["preemptionPolicy"] ??= "PreemptLowerPriority";

    public static void NetworkPolicy(JsonObject obj)
    {
        if (obj.Object("spec") is not { } spec)
        {
            return;
        }

        foreach (var port in spec.Objects("ingress").Concat(spec.Objects("egress")).SelectMany(r => r.Objects("ports")))
        {
            port["protocol"] ??= "TCP";
        }

        spec["policyTypes"] ??= spec.Array("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
    }

    public override bool CountsGenerations => countsGenerations;

    public override void ApplyDefaults(JsonObject obj) => apply(obj);
}
