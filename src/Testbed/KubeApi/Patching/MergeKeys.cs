using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Patching;

/// <summary>By which key strategic merge patch merges the lists of built-in kinds (<c>patchMergeKey</c> in the Kubernetes API types).</summary>
internal static class MergeKeys
{
    private static readonly Dictionary<string, string> ByField = new(StringComparer.Ordinal)
    {
        ["metadata.finalizers"] = "",
        ["metadata.ownerReferences"] = "uid",
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["ephemeralContainers"] = "name",
        ["env"] = "name",
        ["volumeMounts"] = "mountPath",
        ["volumeDevices"] = "devicePath",
        ["volumes"] = "name",
        ["imagePullSecrets"] = "name",
        ["hostAliases"] = "ip",
        ["topologySpreadConstraints"] = "topologyKey",
        ["conditions"] = "type",
        ["secrets"] = "name",
    };

    /// <returns>The key; empty for merged lists of plain values; null for lists that are replaced.</returns>
    public static string? Of(ResourceKind kind, string path)
    {
        var field = path[(path.LastIndexOf('.') + 1)..];
        if (field == "ports")
        {
            return kind.Kind == "Service" ? "port" : path.EndsWith("ontainers.ports", StringComparison.Ordinal) ? "containerPort" : null;
        }

        return ByField.TryGetValue(path, out var exact) ? exact : ByField.GetValueOrDefault(field);
    }
}
