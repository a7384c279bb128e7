using System.Net;
using System.Text.Json;
using k8s.Autorest;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Hosting;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>A kind that the informer can no longer list: whoever edits, holds or deletes an object of it is not heard, and has to be told so.</summary>
[CancelAfter(20_000)]
public sealed class SightTests
{
    private static readonly TimeSpan Deadline = new RuntimeOptions().WatchGrace;

    private static IEnumerable<TestCaseData> Refusals()
    {
        TestCaseData Case(string name, Exception error, string words, bool person) => new TestCaseData(error, words, person).SetArgDisplayNames(name);
        yield return Case("a right that was withdrawn", Answer(HttpStatusCode.Forbidden, "cannot list resource widgets"), "403 Forbidden: cannot list resource widgets; give the operator's service account this right back", true);
        yield return Case("a definition that is gone", Answer(HttpStatusCode.NotFound, "the server could not find the requested resource"), "404 NotFound", true);
        yield return Case("a server in trouble", Answer(HttpStatusCode.InternalServerError, "etcd is away"), "etcd is away", false);
        yield return Case("a server under load", Answer(HttpStatusCode.TooManyRequests, "storage is (re)initializing"), "(re)initializing", false);
        yield return Case("pages that run out while they are read", new ResourceVersionExpiredException("the provided continue parameter is too old"), "continue parameter is too old", false);
        yield return Case("a server that is away", new HttpRequestException("connection refused"), "connection refused", false);
        yield return Case("an answer of a proxy", new JsonException("'<' is an invalid start of a value"), "look for a proxy", false);
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task An_informer_whose_list_is_refused_for_long_is_told_on_the_objects_within_a_minute_and_no_pass_begins(Exception error, string words, bool person)
    {
        await using var f = new ControllerFixture();
        await using var informer = new RunningInformer(f);
        (await informer.Feed.NextList()).Answer("7", Widget.Json("a"));
        var watch = await informer.Feed.NextWatch();
        f.Start();
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);

        var begun = f.Time.GetUtcNow();
        watch.End(new WatchFailedException("cut"));
        await RefuseAsync(f, informer, error);

        Assert.That(f.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromMinutes(1)));
        var ready = Condition(f, "Ready")!;
        Assert.That((ready.Status, ready.Reason), Is.EqualTo(("Unknown", RuntimeReasons.EditsNotSeen)));
        Assert.That(ready.Message, Does.StartWith("widgets.example.com cannot be listed: edits, holds and deletions are not seen, and nothing is done: ").And.Contain(words));
        Assert.That((Condition(f, "Stalled")!.Status, Condition(f, ConditionTypes.Stale)!.Status), Is.EqualTo((person ? "True" : "False", "True")));
        Assert.That(f.Events.All, Is.EqualTo(new[] { ("Warning", "a", RuntimeReasons.EditsNotSeen, ready.Message) }));
        Assert.That(f.Controller.HasCall, Is.False, "nothing is done by a copy that may be out of date");
        Assert.That((f.Sight.Lost, await Series(f)), Is.EqualTo(("widgets.example.com", "modestano_kind_not_seen{kind=\"widgets\"} 1")));
    }

    [Test]
    public async Task It_is_taken_back_with_the_next_list_and_what_was_edited_meanwhile_is_seen()
    {
        await using var f = new ControllerFixture();
        await using var informer = new RunningInformer(f);
        (await informer.Feed.NextList()).Answer("7", Widget.Json("a"), Widget.Json("b"));
        f.Start();
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);
        (await informer.Feed.NextWatch()).End(new WatchFailedException("cut"));
        var list = await RefuseAsync(f, informer, Answer(HttpStatusCode.Forbidden, "no"));

        (await f.Time.PassUntil(list, IsWait)).Answer("9", Widget.Json("a", version: "8", size: 5), Widget.Json("b"));

        // Without time passing: the list itself makes the passes due, over what was edited and what was not.
        PassCall[] passes = [await f.Controller.Next(), await f.Controller.Next()];
        Assert.That(passes.Select(p => (p.Key.Name, p.Entity!.Spec.Size)).Order(), Is.EqualTo(new[] { ("a", 5), ("b", 1) }));
        Assert.That((f.Sight.Lost, await Series(f)), Is.EqualTo(((string?)null, "modestano_kind_not_seen{kind=\"widgets\"} 0")));
    }

    [Test]
    public async Task A_list_that_fails_for_some_seconds_stops_no_pass()
    {
        await using var f = new ControllerFixture();
        await using var informer = new RunningInformer(f);
        (await informer.Feed.NextList()).Answer("7", Widget.Json("a"));
        (await informer.Feed.NextWatch()).End(new WatchFailedException("cut"));
        for (var i = 0; i < 3; i++)
        {
            (await f.Time.PassUntil(informer.Feed.NextList(), Deadline)).Fail(Answer(HttpStatusCode.ServiceUnavailable, "starting"));
            Assert.That(f.Sight.Obstacle(EntityKind.Of<Widget>(), Widget.Key("a")), Is.Null);
        }
    }

    [Test]
    public async Task Where_watches_are_refused_and_lists_are_not_edits_are_seen_by_the_lists()
    {
        await using var f = new ControllerFixture();
        await using var informer = new RunningInformer(f);
        for (var i = 0; i < 10; i++)
        {
            (await f.Time.PassUntil(informer.Feed.NextList(), Deadline)).Answer("7", Widget.Json("a"));
            (await informer.Feed.NextWatch()).End(new WatchFailedException("403 Forbidden"));
            Assert.That(f.Sight.Lost, Is.Null);
        }
    }

    [Test]
    public async Task Where_something_in_between_ends_every_watch_without_a_word_edits_are_seen_by_lists()
    {
        await using var f = new ControllerFixture();
        await using var informer = new RunningInformer(f);
        (await informer.Feed.NextList()).Answer("7", Widget.Json("a"));
        var begun = f.Time.GetUtcNow();
        var (list, watch) = (informer.Feed.NextList(), informer.Feed.NextWatch());
        while (await f.Time.PassUntil(Task.WhenAny(list, watch), Deadline) == watch)
        {
            (await watch).End();
            watch = informer.Feed.NextWatch();
        }

        (await list).Answer("9", Widget.Json("a", size: 5, version: "8"));
        Assert.That(f.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromMinutes(1)));
        await watch;
        Assert.That(f.Cache.Find(Widget.Key("a"))!.Spec.Size, Is.EqualTo(5));
    }

    [Test]
    public async Task A_list_that_never_answers_is_told_within_a_minute_too()
    {
        await using var f = new ControllerFixture();
        await using var informer = new RunningInformer(f);
        (await informer.Feed.NextList()).Answer("7", Widget.Json("a"));
        f.Start();
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);
        (await informer.Feed.NextWatch()).End(new WatchFailedException("cut"));
        var begun = f.Time.GetUtcNow();
        await f.Time.PassUntil(informer.Feed.NextList(), Deadline);
        f.Time.Advance(Deadline);
        await f.Time.PassUntil(f.Client.Written, IsWait);

        Assert.That(f.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromMinutes(1)));
        Assert.That(Condition(f, "Ready")!.Message, Does.Contain("no answer within 30 s"));
    }

    [Test]
    public void Of_a_namespace_that_is_refused_the_objects_are_concerned_and_no_others()
    {
        var time = new ArmedTime();
        var (sight, kind) = (new Sight(TestMetrics.Create(), time), EntityKind.Of<Widget>());
        var (shop, bank) = (sight.Of(kind, "shop"), sight.Of(kind, "bank"));
        shop.Listed();
        bank.Listed();
        Lose(shop, time);
        Assert.That((sight.Obstacle(kind, new("shop", "a")) is null, sight.Obstacle(kind, new("bank", "a")) is null), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_kind_that_was_seen_once_concerns_its_own_objects_and_one_that_never_was_concerns_all()
    {
        var time = new ArmedTime();
        var sight = new Sight(TestMetrics.Create(), time);
        var (widgets, migrations) = (EntityKind.Of<Widget>(), EntityKind.Of<RegionMigration>());
        var (ofWidgets, ofMigrations) = (sight.Of(widgets, null), sight.Of(migrations, null));
        ofWidgets.Listed();
        Assert.That(sight.Told.IsCompleted, Is.False, "nobody leads before it is known how it stands with every kind");

        Lose(ofMigrations, time);
        Assert.That(sight.Told.IsCompleted, Is.True, "somebody has to tell");
        Assert.That(sight.Obstacle(widgets, Widget.Key("a"))!.Message, Does.StartWith("regionmigrations.mongo.modestano.io cannot be listed"), "a migration that nobody has seen may steer it");

        ofMigrations.Listed();
        Lose(ofMigrations, time);
        Assert.That(sight.Obstacle(widgets, Widget.Key("a")), Is.Null, "what it asked for is known, and is read live before each effect");
    }

    [Test]
    public async Task What_may_not_even_be_read_is_told_by_an_event()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        var sight = f.Sight.Of(EntityKind.Of<Widget>(), null);
        sight.Listed();
        Lose(sight, f.Time);
        f.Client.Refusal = Answer(HttpStatusCode.Forbidden, "cannot get resource widgets");
        f.Start();
        while (f.Events.All.Count == 0)
        {
            await f.NextPassAsync();
        }

        Assert.That((f.Events.All.Single().Item2, f.Events.All.Single().Item3), Is.EqualTo(("a", RuntimeReasons.EditsNotSeen)));
    }

    private static void Lose(CollectionSight sight, ArmedTime time)
    {
        var begun = time.GetTimestamp();
        time.Advance(Sight.Grace);
        sight.Failed(begun, Answer(HttpStatusCode.Forbidden, "no"));
    }

    /// <summary>Each list is refused until the kind counts as lost; then time passes as far as the passes wait, until that is told.</summary>
    /// <returns>The list that is asked for next.</returns>
    private static async Task<Task<ListCall>> RefuseAsync(ControllerFixture f, RunningInformer informer, Exception error)
    {
        // Completed where it is told, so that no time passes after it.
        var lost = new TaskCompletionSource();
        f.Sight.Changed += (_, _) => lost.TrySetResult();
        var list = informer.Feed.NextList();
        while (await f.Time.PassUntil(Task.WhenAny(list, lost.Task), Deadline) == list)
        {
            (await list).Fail(error);
            list = informer.Feed.NextList();
        }

        await f.Time.PassUntil(f.Client.Written, IsWait);
        return list;
    }

    private static bool IsWait(TimeSpan wait) => wait < Deadline && wait != FailedPasses<Widget>.TellingTakes;

    private static Condition? Condition(ControllerFixture f, string type) => f.Client.Status("a")?.Conditions?.FirstOrDefault(c => c.Type == type);

    private static async Task<string> Series(ControllerFixture f)
    {
        using var text = new MemoryStream();
        await f.Registry.CollectAndExportAsTextAsync(text);
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n').Single(l => l.StartsWith("modestano_kind_not_seen{", StringComparison.Ordinal));
    }

    private static HttpOperationException Answer(HttpStatusCode code, string message) => new("Operation returned an invalid status code")
    {
        Request = new HttpRequestMessageWrapper(new HttpRequestMessage(HttpMethod.Get, "https://kubernetes.default/apis/example.com/v1/widgets"), ""),
        Response = new HttpResponseMessageWrapper(new HttpResponseMessage(code), $$"""{"kind":"Status","message":"{{message}}"}"""),
    };

    private sealed class RunningInformer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public RunningInformer(ControllerFixture f) => _running = new CollectionInformer<Widget>(
            Feed, null, f.Cache, f.Sight.Of(EntityKind.Of<Widget>(), null), f.Options, TestMetrics.Create(), f.Time, NullLogger.Instance).RunAsync(_stop.Token);

        public ScriptedFeed Feed { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }
}
