using System.Text.Json.Nodes;

namespace Modestano.Testbed.Tests.KubeApi;

public sealed class LifecycleTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Test]
    public async Task A_namespace_is_emptied_before_it_goes()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"n"}}""");
        await server.SendAsync("POST", "/api/v1/namespaces/n/configmaps", """{"metadata":{"name":"held","finalizers":["example.com/x"]}}""");
        await using var watch = await server.WatchAsync("/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3Dn");
        var deleting = await server.SendAsync("DELETE", "/api/v1/namespaces/n");
        Assert.That(deleting.Body["status"]!["phase"]!.GetValue<string>(), Is.EqualTo("Terminating"));

        var refused = await server.SendAsync("POST", "/api/v1/namespaces/n/configmaps", """{"metadata":{"name":"late"}}""");
        Assert.That((refused.Code, refused.Body["details"]!["causes"]![0]!["reason"]!.GetValue<string>()), Is.EqualTo((403, "NamespaceTerminating")));
        await server.SendAsync("PATCH", "/api/v1/namespaces/n/configmaps/held", """{"metadata":{"finalizers":null}}""", TestServer.MergePatch);
        await watch.UntilAsync(e => e["type"]!.GetValue<string>() == "DELETED");
        Assert.That((await server.GetAsync("/api/v1/namespaces/n")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_replacement_may_create_a_lease_but_never_brings_back_one_that_was_deleted()
    {
        const string leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        await using var server = await TestServer.StartAsync();
        var made = await server.SendAsync("PUT", $"{leases}/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"a"}}""");
        Assert.That(made.Code, Is.EqualTo(201), made.Text);
        await server.SendAsync("DELETE", $"{leases}/l");

        var late = await server.SendAsync("PUT", $"{leases}/l", made.Text);

        Assert.That((late.Code, late.Body["message"]!.GetValue<string>()), Is.EqualTo((
            409,
            "Operation cannot be fulfilled on leases.coordination.k8s.io \"l\": StorageError: invalid object, Code: 4, Key: /registry/leases/default/l, ResourceVersion: 0, "
            + $"AdditionalErrorMsg: Precondition failed: UID in precondition: {made.Body["metadata"]!["uid"]}, UID in object meta: ")));
        Assert.That((await server.GetAsync($"{leases}/l")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task Dependents_go_with_their_last_owner()
    {
        await using var server = await TestServer.StartAsync();
        var owner = await ConfigMapAsync(server, "owner");
        await ConfigMapAsync(server, "dependent", Owner(owner));
        await using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true");
        await server.SendAsync("DELETE", $"{ConfigMaps}/owner");

        await watch.UntilAsync(e => e["type"]!.GetValue<string>() == "DELETED" && e["object"]!["metadata"]!["name"]!.GetValue<string>() == "dependent");
    }

    [Test]
    public async Task A_foreground_deletion_waits_for_the_dependents()
    {
        await using var server = await TestServer.StartAsync();
        var owner = await ConfigMapAsync(server, "owner");
        await ConfigMapAsync(server, "dependent", Owner(owner) + ""","finalizers":["example.com/x"]""");
        await using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true&resourceVersion={owner["metadata"]!["resourceVersion"]}");
        await server.SendAsync("DELETE", $"{ConfigMaps}/owner?propagationPolicy=Foreground");
        await watch.UntilAsync(e => e["object"]!["metadata"]!["name"]!.GetValue<string>() == "dependent" && e["object"]!["metadata"]!["deletionTimestamp"] is not null);
        Assert.That((await server.GetAsync($"{ConfigMaps}/owner")).Code, Is.EqualTo(200));
        await server.SendAsync("PATCH", $"{ConfigMaps}/dependent", """{"metadata":{"finalizers":null}}""", TestServer.MergePatch);

        await watch.UntilAsync(e => e["type"]!.GetValue<string>() == "DELETED" && e["object"]!["metadata"]!["name"]!.GetValue<string>() == "owner");
    }

    [Test]
    public async Task An_orphaning_deletion_leaves_the_dependents_without_owner()
    {
        await using var server = await TestServer.StartAsync();
        var owner = await ConfigMapAsync(server, "owner");
        await ConfigMapAsync(server, "dependent", Owner(owner));
        await using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true");
        await server.SendAsync("DELETE", $"{ConfigMaps}/owner?propagationPolicy=Orphan");
        await watch.UntilAsync(e => e["type"]!.GetValue<string>() == "DELETED");

        Assert.That((await server.GetAsync($"{ConfigMaps}/dependent")).Body["metadata"]!["ownerReferences"], Is.Null);
    }

    [Test]
    public async Task A_dry_run_stores_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var made = await server.SendAsync("POST", $"{ConfigMaps}?dryRun=All", """{"metadata":{"name":"a"}}""");
        Assert.That((made.Code, made.Body["metadata"]!["resourceVersion"]), Is.EqualTo((201, (JsonNode?)null)));
        Assert.That((await server.GetAsync($"{ConfigMaps}/a")).Code, Is.EqualTo(404));
        await ConfigMapAsync(server, "a");
        await server.SendAsync("DELETE", $"{ConfigMaps}/a?dryRun=All");
        Assert.That((await server.GetAsync($"{ConfigMaps}/a")).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task A_secret_takes_plain_text_and_never_shows_a_bad_value()
    {
        await using var server = await TestServer.StartAsync();
        var made = await server.SendAsync("POST", "/api/v1/namespaces/default/secrets", """{"metadata":{"name":"s"},"stringData":{"password":"hush"}}""");
        Assert.That(made.Body["data"]!["password"]!.GetValue<string>(), Is.EqualTo("aHVzaA=="));
        Assert.That(made.Body["stringData"], Is.Null);

        var refused = await server.SendAsync("POST", "/api/v1/namespaces/default/secrets", """{"metadata":{"name":"t"},"data":{"password":"hush!"}}""");
        Assert.That(refused.Code, Is.EqualTo(400).Or.EqualTo(422));
        Assert.That(refused.Text, Does.Not.Contain("hush"));
    }

    private static string Owner(JsonNode owner) =>
        $$""" "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{owner["metadata"]!["uid"]}}"}] """;

    private static async Task<JsonNode> ConfigMapAsync(TestServer server, string name, string metadata = "")
    {
        var extra = metadata.Length == 0 ? "" : "," + metadata;
        var answer = await server.SendAsync("POST", ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}"{{{extra}}}}}""");
        Assert.That(answer.Code, Is.EqualTo(201), answer.Text);
        return answer.Body;
    }
}
