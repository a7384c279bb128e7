using System.Text.Json.Nodes;
using Modestano.Operator.Permissions;

namespace Modestano.Operations.Tests.Install;

/// <summary>The roles in kustomize and chart are the declared ones; that they suffice and that nothing in them is idle is seen in the whole-world run.</summary>
public sealed class ShippedRolesTests
{
    private static IEnumerable<TestCaseData<ShippedRole>> Roles => ShippedRoles.All.Select(r => new TestCaseData<ShippedRole>(r) { TestName = $"{{m}}({r.Name})" });

    [TestCaseSource(nameof(Roles))]
    public void The_committed_files_are_what_the_code_declares(ShippedRole role)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Repository.Read($"config/rbac/{role.File}.yaml"), Is.EqualTo(RoleYaml.Manifest(role)), "run `make manifests`");
            Assert.That(Repository.Read($"{Rendered.Chart}/files/rbac/{role.File}.yaml"), Is.EqualTo(RoleYaml.Rules(role)), "run `make manifests`");
        }
    }

    [Test]
    public void Every_rendered_role_is_a_declared_one() => Assert.That(
        Rendered.Kustomized.Concat(Rendered.Kustomize("config/rbac/secrets")).Where(o => Rendered.Kind(o) is "Role" or "ClusterRole").Select(Rendered.Name),
        Is.EquivalentTo(ShippedRoles.All.Select(r => "modestano-operator-" + r.Name)));

    [Test]
    public void Nothing_is_granted_by_a_star_and_no_secret_can_be_listed()
    {
        var rules = Rendered.Kustomized.Concat(Rendered.Kustomize("config/rbac/secrets")).Where(o => Rendered.Kind(o) is "Role" or "ClusterRole").SelectMany(o => o["rules"]!.AsArray()).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rules.Where(r => r!.ToJsonString().Contains('*', StringComparison.Ordinal)), Is.Empty);
            Assert.That(rules.Where(r => Strings(r, "resources").Contains("secrets")).SelectMany(r => Strings(r, "verbs")), Is.EqualTo(new[] { "get" }));
        }
    }

    [Test]
    public void View_edit_and_admin_take_the_three_kinds_in() => Assert.That(
        Rendered.Kustomized.Where(o => Rendered.Kind(o) == "ClusterRole")
            .SelectMany(o => o["metadata"]!["labels"]!.AsObject().Where(l => l.Key.StartsWith("rbac.authorization.k8s.io/", StringComparison.Ordinal)).Select(l => $"{Rendered.Name(o)} {l.Key}")),
        Is.EquivalentTo(new[]
        {
            "modestano-operator-viewer-role rbac.authorization.k8s.io/aggregate-to-view",
            "modestano-operator-editor-role rbac.authorization.k8s.io/aggregate-to-edit",
            "modestano-operator-admin-role rbac.authorization.k8s.io/aggregate-to-admin",
        }));

    [Test]
    public void No_role_that_a_built_in_one_takes_in_writes_a_status() => Assert.That(
        Rendered.Kustomized.Where(o => Rendered.Kind(o) == "ClusterRole" && o["metadata"]!["labels"]!.AsObject().Any(l => l.Key.StartsWith("rbac.authorization.k8s.io/aggregate-to-", StringComparison.Ordinal)))
            .SelectMany(o => o["rules"]!.AsArray())
            .SelectMany(r => Strings(r, "resources"))
            .Distinct(),
        Is.EquivalentTo(new[] { "mongoreplicasets", "regionmigrations", "weighteddnsrecords" }),
        "a status decides what is done next");

    private static IEnumerable<string> Strings(JsonNode? rule, string list) => rule![list]?.AsArray().Select(v => (string)v!) ?? [];
}
