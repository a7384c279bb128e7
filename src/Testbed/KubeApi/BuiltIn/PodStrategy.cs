using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Pods: they are kept as they are applied, with the defaults and what admission adds, and stay pending for want of nodes.</summary>
internal sealed class PodStrategy : ResourceStrategy
{
    private static readonly string[] Unready = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
    private static readonly string[] Compute = ["cpu", "memory"];

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.Object("spec") is { } spec)
        {
            PodDefaults.Apply(spec);
            spec["enableServiceLinks"] ??= true;
        }
    }

    public override void PrepareForCreate(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        spec["priority"] ??= 0;
        spec["preemptionPolicy"] ??= "PreemptLowerPriority";
        if (spec.Array("tolerations") is not { } tolerations)
        {
            spec["tolerations"] = tolerations = [];
        }

        foreach (var key in Unready.Where(k => !spec.Objects("tolerations").Any(t => t.String("key") == k)))
        {
            tolerations.Add(new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300 });
        }

        obj["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService(spec) };
    }

    private static string QualityOfService(JsonObject spec)
    {
        var resources = spec.Objects("containers").Concat(spec.Objects("initContainers")).Select(c => c.Object("resources") ?? []).ToList();
        if (resources.All(r => r.Object("requests") is not { Count: > 0 } && r.Object("limits") is not { Count: > 0 }))
        {
            return "BestEffort";
        }

        var isGuaranteed = resources.All(r => Compute.All(c =>
            r.Object("limits")?[c] is { } limit && (r.Object("requests")?[c] is not { } request || JsonNode.DeepEquals(limit, request))));
        return isGuaranteed ? "Guaranteed" : "Burstable";
    }
}
