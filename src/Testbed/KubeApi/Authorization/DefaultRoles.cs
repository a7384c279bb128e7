using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary>The roles and bindings that every cluster starts with, as far as clients rely on them.</summary>
internal static class DefaultRoles
{
    private const string Version = "rbac.authorization.k8s.io/v1";

    private const string Aggregation = "rbac.authorization.k8s.io/aggregate-to-";

    private static readonly string[] Look = ["get", "list", "watch"];

    // A reader of a namespace sees everything but its secrets, and nobody short of an administrator changes rights.
    private static readonly string[] Visible =
        ["configmaps", "endpoints", "events", "limitranges", "namespaces", "persistentvolumeclaims", "pods", "pods/log", "resourcequotas", "serviceaccounts", "services"];

    private static readonly string[] Editable =
        ["configmaps", "events", "persistentvolumeclaims", "pods", "pods/attach", "pods/exec", "pods/portforward", "secrets", "serviceaccounts", "services"];

    public static IEnumerable<JsonObject> Roles() =>
    [
        Role("cluster-admin", Rule(["*"], ["*"], ["*"]), Paths(["*"], ["*"])),
        Aggregated("admin", null, "admin"),
        Aggregated("edit", "admin", "edit"),
        Aggregated("view", "edit", "view"),
        Labelled("system:aggregate-to-admin", "admin", Rule(["*"], ["rbac.authorization.k8s.io"], ["roles", "rolebindings"])),
        Labelled("system:aggregate-to-edit", "edit", Rule(["create", "delete", "deletecollection", "patch", "update"], [""], Editable), Rule(["get", "list", "watch"], [""], ["secrets"]), Rule(["create", "delete", "deletecollection", "patch", "update"], ["apps", "batch", "policy", "networking.k8s.io"], ["*"])),
        Labelled("system:aggregate-to-view", "view", Rule(Look, [""], Visible), Rule(Look, ["apps", "batch", "policy", "networking.k8s.io"], ["*"])),
        Role("system:basic-user", Rule(["create"], ["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]), Rule(["create"], ["authentication.k8s.io"], ["selfsubjectreviews"])),
        Role("system:discovery", Paths(["get"], ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"])),
        Role("system:public-info-viewer", Paths(["get"], ["/healthz", "/livez", "/readyz", "/version", "/version/"])),
    ];

    private static JsonObject Aggregated(string name, string? into, string from)
    {
        var role = into is null ? Role(name) : Labelled(name, into);
        role["rules"] = new JsonArray();
        role["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { [Aggregation + from] = "true" } }),
        };
        return role;
    }

    private static JsonObject Labelled(string name, string into, params JsonObject[] rules)
    {
        var role = Role(name, rules);
        role["metadata"]!["labels"]![Aggregation + into] = "true";
        return role;
    }

    public static IEnumerable<JsonObject> Bindings() =>
    [
        Binding("cluster-admin", "cluster-admin", KubeUser.Masters),
        Binding("system:basic-user", "system:basic-user", "system:authenticated"),
        Binding("system:discovery", "system:discovery", "system:authenticated"),
        Binding("system:public-info-viewer", "system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
    ];

    private static JsonObject Role(string name, params JsonObject[] rules) => new()
    {
        ["apiVersion"] = Version,
        ["kind"] = "ClusterRole",
        ["metadata"] = Metadata(name),
        ["rules"] = new JsonArray([.. rules]),
    };

    private static JsonObject Binding(string name, string role, params string[] groups) => new()
    {
        ["apiVersion"] = Version,
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = Metadata(name),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray([.. groups.Select(g => new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Group", ["name"] = g })]),
    };

    private static JsonObject Metadata(string name) =>
        new() { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" } };

    private static JsonObject Rule(string[] verbs, string[] groups, string[] resources) =>
        new() { ["verbs"] = Strings(verbs), ["apiGroups"] = Strings(groups), ["resources"] = Strings(resources) };

    private static JsonObject Paths(string[] verbs, string[] paths) => new() { ["verbs"] = Strings(verbs), ["nonResourceURLs"] = Strings(paths) };

    private static JsonArray Strings(string[] values) => new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);
}
