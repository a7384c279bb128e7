using System.Text.Json.Nodes;

namespace Modestano.Testbed.Tests.KubeApi;

public sealed class AuthorizationTests
{
    private const string Account = "system:serviceaccount:default:op";
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [Test]
    public async Task A_service_account_may_do_what_its_role_gives_and_nothing_else()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var token = server.Server.AddServiceAccountToken("default", "op");
        await GrantAsync(server, """{"apiGroups":["example.com"],"resources":["widgets"],"verbs":["get","list"]},{"apiGroups":["example.com"],"resources":["widgets/status"],"verbs":["patch"]}""");
        await server.CreateWidgetAsync("a");

        Assert.That((await server.SendAsync("GET", TestServer.Widgets, token: token)).Code, Is.EqualTo(200));
        Assert.That((await server.SendAsync("PATCH", $"{TestServer.Widgets}/a/status", "{}", TestServer.MergePatch, token: token)).Code, Is.EqualTo(200));
        var refused = await server.SendAsync("PATCH", $"{TestServer.Widgets}/a", "{}", TestServer.MergePatch, token: token);
        Assert.That(
            (refused.Code, refused.Message),
            Is.EqualTo((403, $"widgets.example.com \"a\" is forbidden: User \"{Account}\" cannot patch resource \"widgets\" in API group \"example.com\" in the namespace \"default\"")));
        var elsewhere = await server.SendAsync("GET", "/apis/example.com/v1alpha1/widgets", token: token);
        Assert.That((elsewhere.Code, elsewhere.Message), Is.EqualTo((403, $"widgets.example.com is forbidden: User \"{Account}\" cannot list resource \"widgets\" in API group \"example.com\" at the cluster scope")));
    }

    [Test]
    public async Task Resource_names_hold_for_reads_of_one_object_and_not_for_lists()
    {
        await using var server = await TestServer.StartAsync();
        var token = server.Server.AddServiceAccountToken("default", "op");
        await GrantAsync(server, """{"apiGroups":[""],"resources":["secrets"],"resourceNames":["mine"],"verbs":["get","list"]}""");

        Assert.That((await server.SendAsync("GET", "/api/v1/namespaces/default/secrets/mine", token: token)).Code, Is.EqualTo(404));
        Assert.That((await server.SendAsync("GET", "/api/v1/namespaces/default/secrets/other", token: token)).Code, Is.EqualTo(403));
        Assert.That((await server.SendAsync("GET", "/api/v1/namespaces/default/secrets", token: token)).Code, Is.EqualTo(403));
        Assert.That((await server.SendAsync("GET", "/api/v1/namespaces/default/secrets?fieldSelector=metadata.name%3Dmine", token: token)).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task A_revoked_token_is_unknown()
    {
        await using var server = await TestServer.StartAsync();
        var token = server.Server.AddServiceAccountToken("default", "op");
        Assert.That((await server.SendAsync("GET", "/version", token: token)).Code, Is.EqualTo(200));
        server.Server.RevokeTokens(Account);
        Assert.That((await server.SendAsync("GET", "/version", token: token)).Code, Is.EqualTo(401));
    }

    [Test]
    public async Task An_admin_may_ask_as_somebody_else()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await server.SendAsync("GET", "/api/v1/namespaces/default/secrets", header: ("Impersonate-User", "bob"));
        Assert.That((answer.Code, answer.Message), Is.EqualTo((403, "secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\"")));
    }

    [TestCase("get", true)]
    [TestCase("delete", false)]
    public async Task An_access_review_answers_what_the_roles_say(string verb, bool allowed)
    {
        await using var server = await TestServer.StartAsync();
        var token = server.Server.AddServiceAccountToken("default", "op");
        await GrantAsync(server, """{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}""");
        var review = await server.SendAsync(
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            $$$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"namespace":"default","verb":"{{{verb}}}","resource":"pods"} } }""",
            token: token);
        Assert.That((review.Code, review.Body["status"]!["allowed"]!.GetValue<bool>()), Is.EqualTo((201, allowed)));
    }

    [Test]
    public async Task A_token_review_tells_whose_token_it_is_and_says_nothing_of_an_unknown_one()
    {
        await using var server = await TestServer.StartAsync();
        var known = await ReviewAsync(server.Server.AddServiceAccountToken("default", "op"));
        var unknown = await ReviewAsync("made-up");
        var empty = await ReviewAsync("");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(known.Code, Is.EqualTo(201));
            Assert.That(known.Body["status"]!["authenticated"]!.GetValue<bool>(), Is.True);
            Assert.That(known.Body["status"]!["user"]!["username"]!.GetValue<string>(), Is.EqualTo(Account));
            Assert.That(known.Body["status"]!["user"]!["groups"]!.AsArray().Select(g => g!.GetValue<string>()), Has.Member("system:serviceaccounts:default"));
            Assert.That((unknown.Code, unknown.Body["status"]!["authenticated"], unknown.Body["status"]!["user"]!.ToJsonString()), Is.EqualTo((201, (JsonNode?)null, "{}")));
            Assert.That((empty.Code, empty.Message), Is.EqualTo((400, "token is required for TokenReview in authentication")));
        }

        Task<Answer> ReviewAsync(string token) =>
            server.SendAsync("POST", "/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"{{{token}}}"} }""");
    }

    [TestCase("/metrics", true)]
    [TestCase("/metrics/other", false)]
    public async Task A_subject_access_review_of_a_path_goes_by_the_roles_of_the_named_user(string path, bool allowed)
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", $"{Rbac}/clusterroles", """{"metadata":{"name":"reader"},"rules":[{"nonResourceURLs":["/metrics"],"verbs":["get"]}]}""");
        await server.SendAsync("POST", $"{Rbac}/clusterrolebindings", """{"metadata":{"name":"reader"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"reader"},"subjects":[{"kind":"Group","name":"scrapers","apiGroup":"rbac.authorization.k8s.io"}]}""");
        var review = await server.SendAsync(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            $$$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"prometheus","groups":["scrapers"],"nonResourceAttributes":{"path":"{{{path}}}","verb":"get"} } }""");
        Assert.That((review.Code, review.Body["status"]!["allowed"]!.GetValue<bool>()), Is.EqualTo((201, allowed)));
    }

    [Test]
    public async Task A_kubeconfig_for_an_unknown_user_names_the_known_ones()
    {
        await using var server = await TestServer.StartAsync();
        Assert.That(() => server.Server.KubeconfigYaml("nobody"), Throws.ArgumentException.With.Message.Contains("known users: admin"));
    }

    private static async Task GrantAsync(TestServer server, string rules)
    {
        var role = await server.SendAsync("POST", $"{Rbac}/namespaces/default/roles", $$"""{"metadata":{"name":"op"},"rules":[{{rules}}] }""");
        Assert.That(role.Code, Is.EqualTo(201), role.Text);
        var binding = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "op" },
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = "op" },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = "op", ["namespace"] = "default" }),
        };
        Assert.That((await server.SendAsync("POST", $"{Rbac}/namespaces/default/rolebindings", binding.ToJsonString())).Code, Is.EqualTo(201));
    }
}
