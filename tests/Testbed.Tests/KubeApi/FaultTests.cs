namespace Modestano.Testbed.Tests.KubeApi;

public sealed class FaultTests
{
    [Test]
    public async Task A_server_that_was_away_comes_back_on_its_port_with_its_objects()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a");
        var url = server.Server.Url;
        await server.Server.Faults.TakeDownAsync();
        Assert.That(async () => await server.GetAsync("/version"), Throws.InstanceOf<HttpRequestException>());
        await server.Server.Faults.BringBackAsync();

        Assert.That(server.Server.Url, Is.EqualTo(url));
        Assert.That((await server.GetAsync($"{TestServer.Widgets}/a")).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task Open_watches_break_when_the_server_goes_away()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await using var watch = await server.WatchAsync($"{TestServer.Widgets}?watch=true");
        await server.Server.Faults.TakeDownAsync();
        Assert.That(async () => await watch.NextAsync(), Throws.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task A_dropped_watch_ends_in_order_and_a_cut_one_breaks()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a");
        await using var dropped = await server.WatchAsync($"{TestServer.Widgets}?watch=true");
        await dropped.NextAsync();
        Assert.That(server.Server.Faults.DropWatches("widgets"), Is.EqualTo(1));
        Assert.That(await dropped.NextAsync(), Is.Null);

        await using var cut = await server.WatchAsync($"{TestServer.Widgets}?watch=true");
        await cut.NextAsync();
        server.Server.Faults.DropWatches(cut: true);
        Assert.That(async () => await cut.NextAsync(), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Forgetting_history_ends_open_watches_with_410()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a");
        await using var watch = await server.WatchAsync($"{TestServer.Widgets}?watch=true");
        await watch.NextAsync();
        server.Server.Faults.ForgetHistory();
        Assert.That((await watch.NextAsync())!["object"]!["code"]!.GetValue<int>(), Is.EqualTo(410));
    }

    [Test]
    public async Task The_next_matching_request_fails_as_asked_and_the_one_after_it_does_not()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        server.Server.Faults.Fail(r => r is { Verb: "list", Resource: "widgets" }, 503, "ServiceUnavailable", "try later", retryAfterSeconds: 2);
        Assert.That((await server.GetAsync("/api/v1/namespaces")).Code, Is.EqualTo(200));
        var failed = await server.GetAsync(TestServer.Widgets);
        Assert.That((failed.Code, failed.Message, failed.Headers.RetryAfter!.ToString()), Is.EqualTo((503, "try later", "2")));
        Assert.That((await server.GetAsync(TestServer.Widgets)).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task A_cut_request_gets_no_answer()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        server.Server.Faults.Cut(r => r is { Verb: "patch", Subresource: "status" });
        await server.CreateWidgetAsync("a");
        Assert.That(
            async () => await server.SendAsync("PATCH", $"{TestServer.Widgets}/a/status", """{"status":{"phase":"Ready"}}""", TestServer.MergePatch),
            Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Requests_are_counted_by_verb_resource_and_user()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        server.Server.Requests.Reset();
        await server.GetAsync(TestServer.Widgets);
        await server.GetAsync($"{TestServer.Widgets}/a");
        await server.GetAsync($"{TestServer.Widgets}/a/status");

        Assert.That(server.Server.Requests.Total(), Is.EqualTo(3));
        Assert.That(server.Server.Requests.Total("get", "widgets"), Is.EqualTo(1));
        Assert.That(server.Server.Requests.Total(resource: "widgets/status", user: "admin"), Is.EqualTo(1));
    }
}
