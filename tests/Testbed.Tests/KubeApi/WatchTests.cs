using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Modestano.Testbed.Tests.KubeApi;

public sealed class WatchTests
{
    private const string Watch = TestServer.Widgets + "?watch=true";

    [Test]
    public async Task A_watch_shows_what_exists_and_then_each_change_once_and_in_order()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a");
        await using var watch = await server.WatchAsync(Watch);
        await server.CreateWidgetAsync("b");
        await server.PatchWidgetAsync("a", """{"spec":{"replicas":2}}""");
        await server.PatchWidgetAsync("a", """{"spec":{"replicas":2}}""");
        await server.SendAsync("DELETE", $"{TestServer.Widgets}/b");
        await server.CreateWidgetAsync("c");

        Assert.That(
            new[] { await watch.NextTextAsync(), await watch.NextTextAsync(), await watch.NextTextAsync(), await watch.NextTextAsync(), await watch.NextTextAsync() },
            Is.EqualTo(new[] { "ADDED a", "ADDED b", "MODIFIED a", "DELETED b", "ADDED c" }));
    }

    [Test]
    public async Task A_watch_from_a_resource_version_shows_what_happened_since()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var first = await server.CreateWidgetAsync("a");
        await server.CreateWidgetAsync("b");
        await using var watch = await server.WatchAsync($"{Watch}&resourceVersion={first["metadata"]!["resourceVersion"]}");

        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED b"));
    }

    [Test]
    public async Task A_deletion_is_shown_under_its_own_resource_version()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var created = await server.CreateWidgetAsync("a");
        await using var watch = await server.WatchAsync($"{Watch}&resourceVersion={created["metadata"]!["resourceVersion"]}");
        await server.SendAsync("DELETE", $"{TestServer.Widgets}/a");

        var deleted = await watch.NextAsync();
        Assert.That(Revision(deleted!["object"]!), Is.GreaterThan(Revision(created)));
    }

    [Test]
    public async Task Removing_the_last_finalizer_shows_the_deletion_only()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a", metadata: """ "finalizers":["example.com/x"] """);
        await server.SendAsync("DELETE", $"{TestServer.Widgets}/a");
        await using var watch = await server.WatchAsync(Watch);
        await server.PatchWidgetAsync("a", """{"metadata":{"finalizers":null}}""");
        await server.CreateWidgetAsync("b");

        Assert.That(new[] { await watch.NextTextAsync(), await watch.NextTextAsync(), await watch.NextTextAsync() }, Is.EqualTo(new[] { "ADDED a", "DELETED a", "ADDED b" }));
    }

    [Test]
    public async Task An_object_that_leaves_the_selection_is_deleted_for_that_watch_and_added_when_it_returns()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await using var watch = await server.WatchAsync($"{Watch}&labelSelector=tier%3Da");
        await server.CreateWidgetAsync("a", metadata: """ "labels":{"tier":"a"} """);
        await server.PatchWidgetAsync("a", """{"metadata":{"labels":{"tier":"b"}}}""");
        await server.PatchWidgetAsync("a", """{"metadata":{"labels":{"tier":"a"}}}""");

        Assert.That(new[] { await watch.NextTextAsync(), await watch.NextTextAsync(), await watch.NextTextAsync() }, Is.EqualTo(new[] { "ADDED a", "DELETED a", "ADDED a" }));
    }

    [Test]
    public async Task A_forgotten_resource_version_gets_one_error_event_of_410_and_the_end()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var created = await server.CreateWidgetAsync("a");
        server.Server.Faults.ForgetHistory();
        await using var watch = await server.WatchAsync($"{Watch}&resourceVersion={created["metadata"]!["resourceVersion"]}");

        var error = await watch.NextAsync();
        Assert.That(error!["type"]!.GetValue<string>(), Is.EqualTo("ERROR"));
        Assert.That(error["object"]!["code"]!.GetValue<int>(), Is.EqualTo(410));
        Assert.That(error["object"]!["reason"]!.GetValue<string>(), Is.EqualTo("Expired"));
        Assert.That(await watch.NextAsync(), Is.Null);
    }

    [Test]
    public async Task History_is_forgotten_once_there_is_more_than_its_limit()
    {
        await using var server = await TestServer.StartWithWidgetsAsync(o => o with { HistoryLimit = 3 });
        var created = await server.CreateWidgetAsync("a");
        foreach (var replicas in Enumerable.Range(1, 5))
        {
            await server.PatchWidgetAsync("a", $$$"""{"spec":{"replicas":{{{replicas}}}}}""");
        }

        await using var watch = await server.WatchAsync($"{Watch}&resourceVersion={created["metadata"]!["resourceVersion"]}");
        Assert.That((await watch.NextAsync())!["type"]!.GetValue<string>(), Is.EqualTo("ERROR"));
    }

    [Test]
    public async Task A_watch_ends_in_silence_at_its_timeout()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartWithWidgetsAsync(o => o with { TimeProvider = time });
        await server.CreateWidgetAsync("a");
        await using var watch = await server.WatchAsync($"{Watch}&timeoutSeconds=10");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED a"));
        time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(await watch.NextAsync(), Is.Null);
    }

    [Test]
    public async Task Bookmarks_tell_what_other_changes_moved_the_store_to()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartWithWidgetsAsync(o => o with { TimeProvider = time });
        await server.CreateWidgetAsync("a");
        await using var watch = await server.WatchAsync($"{Watch}&allowWatchBookmarks=true");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED a"));
        var other = (await server.SendAsync("POST", "/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"c"}}""")).Body;
        time.Advance(TimeSpan.FromMinutes(1));

        var bookmark = await watch.NextAsync();
        Assert.That(bookmark!["type"]!.GetValue<string>(), Is.EqualTo("BOOKMARK"));
        Assert.That(Revision(bookmark["object"]!), Is.EqualTo(Revision(other)));
    }

    [TestCase(true, "BOOKMARK")]
    [TestCase(false, "end")]
    public async Task A_watch_without_events_ends_with_a_bookmark_where_that_is_wanted(bool closingBookmark, string last)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartWithWidgetsAsync(o => o with { TimeProvider = time, ClosingBookmark = closingBookmark });
        await using var watch = await server.WatchAsync($"{Watch}&allowWatchBookmarks=true&timeoutSeconds=10");
        time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(await watch.NextTextAsync(), Is.EqualTo(last));
    }

    [Test]
    public async Task A_table_watch_names_its_columns_once()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await using var watch = await server.WatchAsync(Watch, TableTests.Table);
        await server.CreateWidgetAsync("a");
        await server.CreateWidgetAsync("b");

        Assert.That((await watch.NextAsync())!["object"]!["columnDefinitions"], Is.Not.Null);
        var second = await watch.NextAsync();
        Assert.That(second!["object"]!["columnDefinitions"], Is.Null);
        Assert.That(second["object"]!["rows"]![0]!["cells"]![0]!.GetValue<string>(), Is.EqualTo("b"));
    }

    private static long Revision(JsonNode obj) => long.Parse(obj["metadata"]!["resourceVersion"]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
