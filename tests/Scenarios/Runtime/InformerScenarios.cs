using System.Text.Json;
using k8s;

namespace Modestano.Scenarios.Runtime;

[CancelAfter(60_000)]
[Category("EmbeddedOnly")]
public sealed class InformerScenarios
{
    private GadgetWorld _world = null!;

    [SetUp]
    public async Task Start() => _world = await GadgetWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task An_object_that_is_there_at_the_start_is_reconciled()
    {
        await _world.CreateAsync("a", 3);
        await _world.StartOperatorAsync("one");
        await _world.EventuallySized("a", 3);
    }

    [Test]
    public async Task A_change_is_reconciled_and_the_own_status_write_leads_to_no_second_pass()
    {
        var one = await _world.StartOperatorAsync("one");
        await _world.CreateAsync("a", 3);
        await _world.EventuallySized("a", 3);
        await _world.ResizeAsync("a", 5);
        await _world.EventuallySized("a", 5);
        await _world.CreateAsync("b", 1);
        await _world.EventuallySized("b", 1);
        Assert.That(one.Controller.Passes, Is.EqualTo(new[] { "a", "a", "b" }));
    }

    [Test]
    public async Task A_delete_that_the_watch_missed_is_noticed()
    {
        var one = await _world.StartOperatorAsync("one");
        await _world.CreateAsync("a", 3);
        await _world.EventuallySized("a", 3);

        _world.Server.Faults.Fail(r => r is { Verb: "watch", Resource: "gadgets" }, 500, times: 1000);
        _world.Server.Faults.Fail(r => r is { Verb: "list", Resource: "gadgets", User: "admin" }, 500, times: 1000);
        _world.Server.Faults.DropWatches("gadgets", cut: true);
        await _world.DeleteAsync("a");
        _world.Server.Faults.ForgetHistory("gadgets");
        Assert.That(one.Controller.Gone, Is.Empty);

        _world.Server.Faults.Clear();
        await Eventually.Is(() => one.Controller.Gone.Contains("a"), "the controller is told that a is gone");
    }

    [Test]
    public async Task A_410_inside_the_watch_leads_to_a_new_list()
    {
        await _world.StartOperatorAsync("one");
        await _world.CreateAsync("a", 3);
        await _world.EventuallySized("a", 3);
        _world.Server.Faults.ForgetHistory("gadgets");
        await _world.CreateAsync("b", 4);
        await _world.EventuallySized("b", 4);
    }

    [Test]
    public async Task A_410_as_the_status_of_the_watch_leads_to_a_new_list()
    {
        await _world.StartOperatorAsync("one");
        await _world.CreateAsync("a", 3);
        await _world.EventuallySized("a", 3);
        _world.Server.Faults.Fail(r => r is { Verb: "watch", Resource: "gadgets" }, 410, "Expired", "too old resource version");
        _world.Server.Faults.DropWatches("gadgets");
        await _world.CreateAsync("b", 4);
        await _world.EventuallySized("b", 4);
    }

    [Test]
    public async Task Watches_that_end_all_the_time_lose_nothing_and_list_nothing_again()
    {
        await _world.StartOperatorAsync("one", o => o with { WatchTimeout = TimeSpan.FromSeconds(1) });
        await _world.CreateAsync("a", 0);
        await _world.EventuallySized("a", 0);
        _world.Server.Requests.Reset();
        for (var size = 1; size <= 10; size++)
        {
            _world.Server.Faults.DropWatches("gadgets", cut: size % 3 == 0);
            await _world.ResizeAsync("a", size);
            await _world.EventuallySized("a", size);
        }

        Assert.That(_world.Server.Requests.Total("list", "gadgets"), Is.LessThanOrEqualTo(4), "only a cut connection makes it list again");
    }

    [Test]
    public async Task A_watch_that_died_without_a_word_is_cut_and_what_it_missed_is_seen()
    {
        await using var proxy = new FreezingProxy(_world.Server.Url);
        await _world.StartOperatorAsync("one", o => o with { WatchTimeout = TimeSpan.FromSeconds(1), WatchGrace = TimeSpan.FromSeconds(1), Lease = null }, through: proxy.Url);
        await _world.CreateAsync("a", 3);
        await _world.EventuallySized("a", 3);

        proxy.FreezeOpenConnections();
        await _world.CreateAsync("b", 4);
        // The pass's own status write may hang on a dead connection too, until its deadline.
        await _world.EventuallySized("b", 4, TimeSpan.FromSeconds(45));
    }

    [Test]
    public async Task An_object_that_cannot_be_read_is_reported_on_itself_and_the_others_go_on()
    {
        var one = await _world.StartOperatorAsync("one");
        await _world.CreateAsync("bad", """{"size": {"unexpected": true} }""");
        await _world.CreateAsync("good", 2);
        await _world.EventuallySized("good", 2);
        await Eventually.Is(
            async () => (await _world.Client.EventsV1.ListNamespacedEventAsync("default")).Items.Any(e => e is { Regarding.Name: "bad", Reason: "Unreadable", Type: "Warning" }),
            "an Event on the object tells that it is unreadable");
        await Eventually.Is(async () => (await ConditionsAsync("bad")).Contains("Stalled=True/Unreadable"), "a condition tells it, too");
        Assert.That(one.Controller.Gone, Is.Empty);

        await _world.ResizeAsync("bad", 7);
        await _world.EventuallySized("bad", 7);
    }

    private async Task<IReadOnlyList<string>> ConditionsAsync(string name)
    {
        var gadget = await _world.Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>("example.com", "v1", "default", "gadgets", name);
        return gadget.TryGetProperty("status", out var status) && status.TryGetProperty("conditions", out var conditions)
            ? [.. conditions.EnumerateArray().Select(c => $"{c.GetProperty("type")}={c.GetProperty("status")}/{c.GetProperty("reason")}")]
            : [];
    }

    [Test]
    public async Task An_api_server_that_goes_away_and_comes_back_is_no_reason_to_restart()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.ShortLease);
        await _world.CreateAsync("a", 3);
        await _world.EventuallySized("a", 3);

        await _world.Server.Faults.TakeDownAsync();
        await Eventually.Is(() => !one.Leadership.IsLeader, "without a server the lease is lost");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await _world.Server.Faults.BringBackAsync();
        await _world.CreateAsync("b", 4);
        await _world.EventuallySized("b", 4);
    }
}
