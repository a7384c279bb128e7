using System.Threading.Channels;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Tests.Runtime;

[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CollectionInformerTests
{
    /// <summary>What is at least that long is the deadline of a list or a watch, no wait before the next try.</summary>
    private static readonly TimeSpan Deadline = new RuntimeOptions().WatchGrace;

    private readonly ScriptedFeed _feed = new();
    private readonly EntityCache<Widget> _cache = new();
    private readonly ArmedTime _time = new();
    private readonly Channel<EntityChange<Widget>> _changes = Channel.CreateUnbounded<EntityChange<Widget>>();
    private readonly CancellationTokenSource _stop = new();
    private CollectionInformer<Widget> _informer = null!;
    private Task _running = Task.CompletedTask;

    [SetUp]
    public void Start()
    {
        _cache.Changed += change => _changes.Writer.TryWrite(change);
        _informer = new CollectionInformer<Widget>(
            _feed, null, _cache, new Sight(TestMetrics.Create(), _time).Of(EntityKind.Of<Widget>(), null), new RuntimeOptions { Seed = 1 }, TestMetrics.Create(), _time, NullLogger.Instance);
        _running = _informer.RunAsync(_stop.Token);
    }

    [TearDown]
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Test]
    public async Task All_pages_are_listed_before_the_kind_counts_as_synced()
    {
        (await _feed.NextList()).AnswerPage("7", "token-1", Widget.Json("a"));
        var second = await _feed.NextList();
        Assert.That(second.ContinueToken, Is.EqualTo("token-1"));
        Assert.That(_informer.Synced.IsCompleted, Is.False);
        Assert.That(_cache.Find(Widget.Key("a")), Is.Null, "the store is swapped after the last page");

        second.Answer("7", Widget.Json("b"));
        await _informer.Synced;
        Assert.That(_cache.List(), Has.Count.EqualTo(2));
        Assert.That((await _feed.NextWatch()).ResourceVersion, Is.EqualTo("7"));
    }

    [Test]
    public async Task A_watch_that_ends_goes_on_from_its_last_resource_version()
    {
        (await _feed.NextList()).Answer("7");
        var watch = await _feed.NextWatch();
        watch.Send(WatchEventType.Added, Widget.Json("a", version: "8"));
        watch.Bookmark("12");
        watch.End();

        Assert.That((await _feed.NextWatch()).ResourceVersion, Is.EqualTo("12"));
        Assert.That(_cache.Find(Widget.Key("a"))!.Metadata.ManagedFields, Is.Null);
    }

    [Test]
    public async Task A_delete_that_no_watch_told_of_shows_in_the_next_list()
    {
        (await _feed.NextList()).Answer("7", Widget.Json("a"), Widget.Json("b"));
        (await _feed.NextWatch()).End(new ResourceVersionExpiredException("too old resource version: 7 (90)"));
        (await _time.PassUntil(_feed.NextList(), Deadline)).Answer("95", Widget.Json("b"));

        await Change(c => c.After is null);
        Assert.That(_cache.Find(Widget.Key("a")), Is.Null);
        Assert.That(_cache.Find(Widget.Key("b")), Is.Not.Null);
    }

    [Test]
    public async Task Too_old_a_version_leads_to_one_list_and_a_watch_from_there()
    {
        (await _feed.NextList()).Answer("7");
        (await _feed.NextWatch()).End(new ResourceVersionExpiredException("gone"));
        (await _time.PassUntil(_feed.NextList(), Deadline)).Answer("95");
        Assert.That((await _feed.NextWatch()).ResourceVersion, Is.EqualTo("95"));
    }

    [Test]
    public async Task A_server_that_always_says_too_old_is_asked_ever_more_slowly()
    {
        var at = new List<DateTimeOffset>();
        for (var i = 0; i < 6; i++)
        {
            (await _time.PassUntil(_feed.NextList(), Deadline)).Answer("7");
            at.Add(_time.GetUtcNow());
            (await _feed.NextWatch()).End(new ResourceVersionExpiredException("gone"));
        }

        Assert.That(at[^1] - at[^2], Is.GreaterThan(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public async Task A_watch_that_stays_silent_beyond_its_end_is_cut_and_goes_on()
    {
        (await _feed.NextList()).Answer("7");
        await _feed.NextWatch();
        var next = _feed.NextWatch();

        _time.Advance(TimeSpan.FromSeconds(5 * 60));
        Assert.That(next.IsCompleted, Is.False);
        var again = await _time.PassUntil(next, TimeSpan.FromHours(1));
        Assert.That(again.ResourceVersion, Is.EqualTo("7"));
    }

    [Test]
    public async Task An_unreachable_server_is_tried_again_until_it_answers()
    {
        (await _feed.NextList()).Fail(new HttpRequestException("connection refused"));
        (await _time.PassUntil(_feed.NextList(), Deadline)).Fail(new HttpRequestException("connection refused"));
        (await _time.PassUntil(_feed.NextList(), Deadline)).Answer("7", Widget.Json("a"));
        await _informer.Synced;
        Assert.That(_cache.List(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_error_in_a_watch_leads_to_a_new_list()
    {
        (await _feed.NextList()).Answer("7");
        (await _feed.NextWatch()).End(new WatchFailedException("etcdserver: leader changed"));
        (await _time.PassUntil(_feed.NextList(), Deadline)).Answer("9");
        Assert.That((await _feed.NextWatch()).ResourceVersion, Is.EqualTo("9"));
    }

    [Test]
    public async Task A_proxy_that_closes_watches_at_once_does_not_cause_a_hot_loop()
    {
        (await _feed.NextList()).Answer("7");
        (await _feed.NextWatch()).End();
        var next = _feed.NextWatch();
        Assert.That(next.IsCompleted, Is.False);
        var before = _time.GetUtcNow();
        await _time.PassUntil(next, Deadline);
        Assert.That(_time.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(400)));
    }

    [Test]
    public async Task One_object_that_cannot_be_read_costs_only_itself()
    {
        (await _feed.NextList()).Answer("7", Widget.Json("a"), Widget.UnreadableJson("bad"));
        var watch = await _feed.NextWatch();
        Assert.That(_cache.List(), Has.Count.EqualTo(1));
        Assert.That(_cache.FindUnreadable(Widget.Key("bad"))!.Error, Does.Contain("spec.size"));
        Assert.That(_cache.Exists(Widget.Key("bad")), Is.True, "it is not gone, it is unreadable");

        watch.Send(WatchEventType.Modified, Widget.Json("bad", version: "9"));
        await Change(c => c.After?.Metadata.Name == "bad");
        Assert.That(_cache.FindUnreadable(Widget.Key("bad")), Is.Null);
    }

    private async Task<EntityChange<Widget>> Change(Func<EntityChange<Widget>, bool> wanted)
    {
        while (true)
        {
            var change = await Patience.Of(_changes.Reader.ReadAsync());
            if (wanted(change))
            {
                return change;
            }
        }
    }
}
