using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>What the shipped roles allow, asked and tried with the real kubectl.</summary>
public sealed class KubectlRightsTests : InstalledCluster
{
    [TestCase("watch", "mongoreplicasets.mongo.modestano.io", true)]
    [TestCase("patch", "mongoreplicasets.mongo.modestano.io/status", true)]
    [TestCase("update", "mongoreplicasets.mongo.modestano.io", false)]
    [TestCase("delete", "weighteddnsrecords.mongo.modestano.io", false)]
    [TestCase("patch", "regionmigrations.mongo.modestano.io", true)]
    [TestCase("get", "secrets", false)]
    [TestCase("list", "secrets", false)]
    [TestCase("create", "events.events.k8s.io", true)]
    [TestCase("create", "tokenreviews.authentication.k8s.io", true)]
    [TestCase("get", "namespaces/kube-system", true)]
    [TestCase("get", "namespaces/default", false)]
    [TestCase("create", "pods", false)]
    public async Task The_operators_account_may_do_what_its_role_says_and_no_more(string verb, string resource, bool allowed)
    {
        var parts = resource.Split("/status");
        string[] question = parts.Length > 1 ? [verb, parts[0], "--subresource=status"] : [verb, resource];
        var answer = await Kubectl.TryAsync(["auth", "can-i", .. question, $"--as={OperatorAccount}"]);
        Assert.That((answer.Output, answer.ExitCode), Is.EqualTo(allowed ? ("yes\n", 0) : ("no\n", 1)));
    }

    [TestCase("modestano-operator", SystemNamespace, "yes\n")]
    [TestCase("another", SystemNamespace, "no\n")]
    [TestCase("modestano-operator", "default", "no\n")]
    public async Task The_lease_is_its_own_and_in_its_namespace_only(string lease, string ns, string answer) =>
        Assert.That((await Kubectl.TryAsync("auth", "can-i", "update", $"leases.coordination.k8s.io/{lease}", "-n", ns, $"--as={OperatorAccount}")).Output, Is.EqualTo(answer));

    [TestCase("view", "get list watch", "no\n", "no\n")]
    [TestCase("edit", "get list watch create delete patch update", "yes\n", "no\n")]
    [TestCase("admin", "get list watch create delete patch update deletecollection", "yes\n", "no\n")]
    public async Task The_built_in_roles_of_people_include_the_operators_kinds(string role, string verbs, string mayPatch, string maySetStatus)
    {
        await Kubectl.RunAsync("create", "rolebinding", role, $"--clusterrole={role}", $"--user={role}er");
        Assert.That(await Kubectl.RunAsync("auth", "can-i", "--list", $"--as={role}er"), Does.Match($@"mongoreplicasets\.mongo\.modestano\.io +\[\] +\[\] +\[{verbs}\]"));
        Assert.That((await Kubectl.TryAsync("auth", "can-i", "patch", "rmig", $"--as={role}er")).Output, Is.EqualTo(mayPatch));
        Assert.That((await Kubectl.TryAsync("auth", "can-i", "patch", "mrs", "--subresource=status", $"--as={role}er")).Output, Is.EqualTo(maySetStatus));
        Assert.That((await Kubectl.TryAsync("auth", "can-i", "get", "secrets", $"--as={role}er")).Output, Is.EqualTo(mayPatch));
        Assert.That((await Kubectl.TryAsync("auth", "can-i", "get", "mrs", "-n", "kube-public", $"--as={role}er")).Output, Is.EqualTo("no\n"));
    }

    [Test]
    public async Task A_reader_is_told_what_is_not_allowed()
    {
        await Kubectl.RunAsync("create", "rolebinding", "reader", "--clusterrole=view", "--serviceaccount=default:reader");
        Server.AddServiceAccountToken("default", "reader");
        using var reader = new Kubectl(Server, "system:serviceaccount:default:reader");
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("read"));
        Assert.That(await reader.RunAsync("get", "mrs/read", "-o", "name"), Is.EqualTo("mongoreplicaset.mongo.modestano.io/read\n"));
        Assert.That((await reader.TryAsync("annotate", "mrs/read", "mongo.modestano.io/hold=x")).Error, Does.Contain(
            "User \"system:serviceaccount:default:reader\" cannot patch resource \"mongoreplicasets\" in API group \"mongo.modestano.io\" in the namespace \"default\""));
        Assert.That((await reader.TryAsync("get", "secrets")).Error, Does.Contain("cannot list resource \"secrets\" in API group \"\""));
        Assert.That((await reader.TryAsync("get", "mrs", "--as=admin")).Error, Does.Contain("cannot impersonate resource \"users\""));
    }

    [Test]
    public async Task A_token_of_an_account_lets_in_as_that_account()
    {
        await Kubectl.RunAsync("create", "serviceaccount", "robot");
        var token = (await Kubectl.RunAsync("create", "token", "robot", "--duration=10m", "--audience=https://example.com")).Trim();
        Assert.That(await Kubectl.RunAsync("auth", "whoami", "--token", token), Does.Contain("system:serviceaccount:default:robot").And.Contain("system:serviceaccounts:default"));
        Assert.That(await RefusedAsync("create", "token", "nosuch"), Does.Contain("serviceaccounts \"nosuch\" not found"));
        Assert.That(await RefusedAsync("get", "mrs", "--token", "made-up"), Does.Contain("You must be logged in to the server"));
    }

    [Test]
    public async Task Whoami_shows_the_user_and_the_one_that_is_asked_as()
    {
        Assert.That(await Kubectl.RunAsync("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"), Is.EqualTo("admin"));
        Assert.That(await Kubectl.RunAsync("auth", "whoami", "--as=bob", "--as-group=buyers"), Does.Match(@"Username +bob\nGroups +\[buyers system:authenticated\]"));
        Assert.That(await Kubectl.RunAsync("auth", "can-i", "*", "*"), Is.EqualTo("yes\n"));
        Assert.That(await Kubectl.RunAsync("auth", "can-i", "get", "/healthz", "--as=bob"), Is.EqualTo("yes\n"));
        Assert.That((await Kubectl.TryAsync("auth", "can-i", "get", "/metrics", "--as=bob")).Output, Is.EqualTo("no\n"));
    }

    [Test]
    public async Task A_server_with_another_authority_is_not_trusted()
    {
        await using var other = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        var authority = Kubectl.Manifest("ca.crt", other.CertificateAuthorityPem!);
        Assert.That(await RefusedAsync("get", "mrs", "--certificate-authority", authority), Does.Contain("tls: failed to verify certificate: x509: certificate signed by unknown authority"));
    }

    [Test]
    public async Task Rights_are_reconciled_from_a_manifest() =>
        Assert.That(await Kubectl.RunAsync("auth", "reconcile", "-f", Config("rbac/viewer_role.yaml")), Does.Contain("viewer-role reconciled"));
}
