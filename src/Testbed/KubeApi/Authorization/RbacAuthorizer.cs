using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary>Decides by the stored roles and bindings (rbac.authorization.k8s.io/v1).</summary>
internal sealed class RbacAuthorizer(ObjectStore store)
{
    private const string Group = "rbac.authorization.k8s.io";

    private static readonly CollectionKey ClusterRoles = new(Group, "clusterroles");
    private static readonly CollectionKey Roles = new(Group, "roles");
    private static readonly CollectionKey ClusterRoleBindings = new(Group, "clusterrolebindings");
    private static readonly CollectionKey RoleBindings = new(Group, "rolebindings");

    public bool Allows(KubeUser user, AccessQuestion question) =>
        user.Groups.Contains(KubeUser.Masters, StringComparer.Ordinal) || Rules(user, question.Namespace).Any(r => Allows(r, question));

    /// <summary>The rules that hold for a user cluster-wide, and in a namespace where one is named.</summary>
    public IEnumerable<JsonObject> Rules(KubeUser user, string ns)
    {
        foreach (var binding in store.List(ClusterRoleBindings).Objects.Values.Where(b => Binds(b.Value, user, "")))
        {
            foreach (var rule in RulesOf(binding.Value, ""))
            {
                yield return rule;
            }
        }

        if (ns.Length == 0)
        {
            yield break;
        }

        foreach (var binding in store.List(RoleBindings).Objects.Values.Where(b => b.Namespace == ns && Binds(b.Value, user, ns)))
        {
            foreach (var rule in RulesOf(binding.Value, ns))
            {
                yield return rule;
            }
        }
    }

    private IEnumerable<JsonObject> RulesOf(JsonObject binding, string ns)
    {
        var reference = binding.Object("roleRef");
        var name = reference.String("name") ?? "";
        var role = reference.String("kind") == "Role" ? store.Get(Roles, StoredObject.KeyOf(ns, name)) : store.Get(ClusterRoles, name);
        return role is null ? [] : RulesOf(role.Value);
    }

    private IEnumerable<JsonObject> RulesOf(JsonObject role)
    {
        if (role.Object("aggregationRule") is not { } aggregation)
        {
            return role.Objects("rules");
        }

        var selectors = aggregation.Objects("clusterRoleSelectors").Select(s => s.Object("matchLabels")).OfType<JsonObject>().ToList();
        return store.List(ClusterRoles).Objects.Values
            .Where(r => selectors.Any(s => s.All(l => ObjectMeta.Labels(r.Value).String(l.Key) == l.Value?.GetValue<string>())))
            .SelectMany(r => RulesOf(r.Value));
    }

    private static bool Binds(JsonObject binding, KubeUser user, string ns) => binding.Objects("subjects").Any(s => s.String("kind") switch
    {
        "User" => s.String("name") == user.Name,
        "Group" => user.Groups.Contains(s.String("name") ?? "", StringComparer.Ordinal),
        "ServiceAccount" => user.Name == $"system:serviceaccount:{s.String("namespace") ?? ns}:{s.String("name")}",
        _ => false,
    });

    private static bool Allows(JsonObject rule, AccessQuestion question)
    {
        if (!Has(rule, "verbs", question.Verb))
        {
            return false;
        }

        if (question.Path.Length > 0)
        {
            return rule.Strings("nonResourceURLs").Any(u => u == question.Path || (u.EndsWith('*') && question.Path.StartsWith(u[..^1], StringComparison.Ordinal)));
        }

        var names = rule.Strings("resourceNames");
        return Has(rule, "apiGroups", question.Group)
            && (Has(rule, "resources", question.FullResource)
                || (question.Subresource.Length > 0 && rule.Strings("resources").Contains($"*/{question.Subresource}", StringComparer.Ordinal)))
            && (names.Count == 0 || names.Contains(question.Name, StringComparer.Ordinal));
    }

    private static bool Has(JsonObject rule, string list, string value) => rule.Strings(list).Any(v => v == "*" || v == value);
}
