using System.Text;

namespace Modestano.Operator.Permissions;

/// <summary>Roles as YAML, with the reason of each rule as a comment.</summary>
public static class RoleYaml
{
    /// <summary>The whole object, for kustomize.</summary>
    public static string Manifest(ShippedRole role)
    {
        ArgumentNullException.ThrowIfNull(role);
        var yaml = new StringBuilder()
            .Append("# Written by `make manifests` from src/Operator/Permissions.\n")
            .Append("# ").Append(role.Purpose).Append('\n')
            .Append("apiVersion: rbac.authorization.k8s.io/v1\n")
            .Append("kind: ").Append(role.Namespaced || role.PerNamespace ? "Role" : "ClusterRole").Append('\n')
            .Append("metadata:\n  name: ").Append(role.Name).Append('\n')
            .Append(role.Namespaced ? "  namespace: system\n" : "")
            .Append("  labels:\n    app.kubernetes.io/name: modestano-operator\n    app.kubernetes.io/managed-by: kustomize\n");
        foreach (var built in role.AggregatesTo)
        {
            yaml.Append("    rbac.authorization.k8s.io/aggregate-to-").Append(built).Append(": \"true\"\n");
        }

        return yaml.Append("rules:\n").Append(Rules(role)).ToString();
    }

    /// <summary>The rules alone, for the chart.</summary>
    public static string Rules(ShippedRole role)
    {
        ArgumentNullException.ThrowIfNull(role);
        var yaml = new StringBuilder();
        foreach (var permission in role.Permissions)
        {
            yaml.Append("# ").Append(permission.Why).Append('\n');
            List(yaml, "- ", "nonResourceURLs", permission.Paths);
            if (permission.Paths.Count == 0)
            {
                List(yaml, "- ", "apiGroups", [permission.Group.Length == 0 ? "\"\"" : permission.Group]);
                List(yaml, "  ", "resources", permission.Resources);
                List(yaml, "  ", "resourceNames", permission.Name is { } name ? [name] : []);
            }

            List(yaml, "  ", "verbs", permission.Verbs);
        }

        return yaml.ToString();
    }

    private static void List(StringBuilder yaml, string indent, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        yaml.Append(indent).Append(name).Append(":\n");
        foreach (var value in values)
        {
            yaml.Append("  - ").Append(value).Append('\n');
        }
    }
}
