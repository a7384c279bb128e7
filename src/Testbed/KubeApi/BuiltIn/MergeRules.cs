using System.Text.Json.Nodes;
using k8s.Models;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>
/// How lists and structures of built-in kinds are merged, as the Kubernetes API types declare it: <c>listType</c> and <c>mapType</c> for server-side apply,
/// <c>patchStrategy</c> and <c>patchMergeKey</c> for strategic merge patch.
/// </summary>
internal static class MergeRules
{
    // Owner type and field; keys of server-side apply; key of strategic merge patch.
    private static readonly Dictionary<(Type Owner, string Field), (string[] Keys, string PatchKey)> KeyedLists = new()
    {
        [(typeof(V1ObjectMeta), "ownerReferences")] = (["uid"], "uid"),
        [(typeof(V1PodSpec), "containers")] = (["name"], "name"),
        [(typeof(V1PodSpec), "initContainers")] = (["name"], "name"),
        [(typeof(V1PodSpec), "ephemeralContainers")] = (["name"], "name"),
        [(typeof(V1PodSpec), "volumes")] = (["name"], "name"),
        [(typeof(V1PodSpec), "imagePullSecrets")] = (["name"], "name"),
        [(typeof(V1PodSpec), "hostAliases")] = (["ip"], "ip"),
        [(typeof(V1PodSpec), "topologySpreadConstraints")] = (["topologyKey", "whenUnsatisfiable"], "topologyKey"),
        [(typeof(V1Container), "env")] = (["name"], "name"),
        [(typeof(V1Container), "ports")] = (["containerPort", "protocol"], "containerPort"),
        [(typeof(V1Container), "volumeMounts")] = (["mountPath"], "mountPath"),
        [(typeof(V1Container), "volumeDevices")] = (["devicePath"], "devicePath"),
        [(typeof(V1ServiceSpec), "ports")] = (["port", "protocol"], "port"),
        [(typeof(V1ServiceAccount), "secrets")] = (["name"], "name"),
        [(typeof(V1ServiceAccount), "imagePullSecrets")] = ([], "name"),
        [(typeof(V1DeploymentStatus), "conditions")] = (["type"], "type"),
        [(typeof(V1NamespaceStatus), "conditions")] = (["type"], "type"),
        [(typeof(V1PodStatus), "conditions")] = (["type"], "type"),
        [(typeof(V1PodDisruptionBudgetStatus), "conditions")] = (["type"], "type"),
        [(typeof(V1CustomResourceDefinitionStatus), "conditions")] = (["type"], ""),
    };

    private static readonly HashSet<Type> AtomicStructures =
    [
        typeof(V1LabelSelector), typeof(V1OwnerReference), typeof(V1LocalObjectReference), typeof(V1ObjectReference), typeof(V1ObjectFieldSelector),
        typeof(V1ResourceFieldSelector), typeof(V1SecretKeySelector), typeof(V1ConfigMapKeySelector), typeof(V1RoleRef), typeof(V1SecretReference),
        typeof(V1TypedLocalObjectReference), typeof(V1NodeSelector), typeof(V1NodeSelectorTerm),
    ];

    private static readonly HashSet<(Type Owner, string Field)> AtomicMaps = [(typeof(V1ServiceSpec), "selector"), (typeof(V1PodSpec), "nodeSelector")];

    public static bool IsAtomic(Type type) => AtomicStructures.Contains(type);

    public static void Annotate(JsonObject schema, Type owner, string field)
    {
        if (owner == typeof(V1ObjectMeta) && field == "finalizers")
        {
            schema["x-kubernetes-list-type"] = "set";
            schema["x-kubernetes-patch-strategy"] = "merge";
        }
        else if (KeyedLists.TryGetValue((owner, field), out var rule))
        {
            if (rule.Keys.Length > 0)
            {
                schema["x-kubernetes-list-type"] = "map";
                schema["x-kubernetes-list-map-keys"] = new JsonArray([.. rule.Keys.Select(k => (JsonNode?)JsonValue.Create(k))]);
            }

            if (rule.PatchKey.Length > 0)
            {
                schema["x-kubernetes-patch-strategy"] = "merge";
                schema["x-kubernetes-patch-merge-key"] = rule.PatchKey;
            }

            if (field == "ports" && schema["items"]?["properties"]?["protocol"] is JsonObject protocol)
            {
                protocol["default"] = "TCP";
            }
        }
        else if (AtomicMaps.Contains((owner, field)))
        {
            schema["x-kubernetes-map-type"] = "atomic";
        }
    }
}
