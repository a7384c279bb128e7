using System.Net;
using System.Text.Json;
using k8s.Autorest;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Hosting;

namespace Modestano.Operator.Tests.Runtime;

[CancelAfter(20_000)]
public sealed class FailedPassesTests
{
    private static IEnumerable<TestCaseData> Stops()
    {
        TestCaseData Case(string name, Exception error, string reason, string words, bool person) => new TestCaseData(error, reason, words, person).SetArgDisplayNames(name);
        yield return Case("a right that was withdrawn", Answer(HttpStatusCode.Forbidden, "secrets is forbidden"), RuntimeReasons.ApiForbidden, "secrets is forbidden", true);
        yield return Case("a login that the API server refuses", Answer(HttpStatusCode.Unauthorized, "Unauthorized"), RuntimeReasons.ApiForbidden, "401", true);
        yield return Case("an object that is not there", Answer(HttpStatusCode.NotFound, "namespaces not found"), RuntimeReasons.ApiNotFound, "namespaces not found", true);
        yield return Case("an answer of 400", Answer(HttpStatusCode.BadRequest, "bad"), RuntimeReasons.ApiRefused, "400", true);
        yield return Case("a server in trouble", Answer(HttpStatusCode.InternalServerError, "etcd is away"), RuntimeReasons.ApiUnavailable, "etcd is away", false);
        yield return Case("a server under load", Answer(HttpStatusCode.TooManyRequests, "slow down"), RuntimeReasons.ApiUnavailable, "slow down", false);
        yield return Case("a cause inside of another", new InvalidOperationException("reading the Secret shop/x", Answer(HttpStatusCode.Forbidden, "no")), RuntimeReasons.ApiForbidden, "reading the Secret shop/x", true);
        yield return Case("a server that is away", new HttpRequestException("connection refused"), RuntimeReasons.NoAnswer, "connection refused", false);
        yield return Case("no answer in time", new TaskCanceledException("100 s", new TimeoutException()), RuntimeReasons.NoAnswer, "100 s", false);
        yield return Case("an answer that is no JSON", new JsonException("'<' is an invalid start of a value"), RuntimeReasons.BrokenAnswer, "'<' is an invalid start", false);
        yield return Case("a fault of the operator's own", new InvalidOperationException("Sequence contains no elements"), RuntimeReasons.PassFailed, "InvalidOperationException", false);
    }

    [TestCaseSource(nameof(Stops))]
    public async Task Whatever_stops_the_passes_is_told_within_a_minute_in_place_of_the_older_status(Exception error, string reason, string words, bool person)
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        await f.Client.UpdateStatusAsync(f.Cache.Find(Widget.Key("a"))!, Ready("a"), CancellationToken.None);
        f.Start();
        var begun = f.Time.GetUtcNow();

        await FailAsync(f, error, () => Condition(f, "Ready")?.Status == "Unknown");

        Assert.That(new DateTimeOffset(Condition(f, "Ready")!.LastTransitionTime, TimeSpan.Zero) - begun, Is.LessThan(TimeSpan.FromSeconds(45)), "and a pass at rest is ten seconds away at most");
        Assert.That(Condition(f, "Ready")!.Reason, Is.EqualTo(reason));
        Assert.That(Condition(f, "Ready")!.Message, Does.Contain(words));
        Assert.That((Condition(f, "Stalled")!.Status, Condition(f, "Reconciling")!.Status), Is.EqualTo(person ? ("True", "False") : ("False", "True")));
        Assert.That(Condition(f, ConditionTypes.Stale)!.Status, Is.EqualTo("True"));
        Assert.That(f.Events.All.Single(), Is.EqualTo(("Warning", "a", reason, Condition(f, "Ready")!.Message)));
        Assert.That(await Series(f), Does.Contain("modestano_passes_failing{kind=\"widgets\",namespace=\"shop\",name=\"a\"} 1"));
    }

    [Test]
    public async Task A_failure_that_goes_on_is_written_once_although_its_words_have_a_figure_that_changes()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        var n = 0;
        for (var i = 0; i < 12; i++)
        {
            await FailOnceAsync(f, new HttpRequestException($"request {n++} was lost"));
        }

        Assert.That(f.Client.Writes, Is.EqualTo(1));
        Assert.That(f.Events.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_cause_is_told_within_a_minute_too()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        for (var i = 0; i < 14; i++)
        {
            await FailOnceAsync(f, new HttpRequestException("lost"));
        }

        var begun = f.Time.GetUtcNow();
        await FailAsync(f, Answer(HttpStatusCode.Forbidden, "no"), () => Condition(f, "Ready")?.Reason == RuntimeReasons.ApiForbidden);
        Assert.That(f.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromMinutes(1)));
        Assert.That(f.Events.All, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task One_failure_between_passes_that_go_well_is_not_told()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        for (var i = 0; i < 5; i++)
        {
            await FailOnceAsync(f, new HttpRequestException("lost"));
            (await f.Controller.Next()).Answer(ReconciliationResult.After(TimeSpan.FromSeconds(7)));
            await f.NextPassAsync();
        }

        Assert.That((f.Client.Writes, f.Events.All.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task What_the_server_does_not_let_be_told_is_told_as_soon_as_it_does()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        f.Client.Refusal = Answer(HttpStatusCode.ServiceUnavailable, "away");
        for (var i = 0; i < 10; i++)
        {
            await FailOnceAsync(f, new HttpRequestException("lost"));
        }

        Assert.That(f.Client.Writes, Is.Zero);
        f.Client.Refusal = null;
        await FailAsync(f, new HttpRequestException("lost"), () => f.Client.Writes == 1);
    }

    [Test]
    public async Task Conflicts_that_do_not_end_are_told_as_a_watch_that_is_behind()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        var begun = f.Time.GetUtcNow();
        await FailAsync(f, new StatusConflictException("changed since version 7"), () => Condition(f, "Ready") is not null);

        Assert.That(Condition(f, "Ready")!.Reason, Is.EqualTo(RuntimeReasons.StatusNotWritten));
        Assert.That(f.Time.GetUtcNow() - begun, Is.InRange(FailedPasses<Widget>.ConflictGrace, TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task An_object_that_is_well_again_has_no_series_of_failing_passes()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        await FailAsync(f, new HttpRequestException("lost"), () => f.Client.Writes == 1);
        (await f.Controller.Next()).Answer(ReconciliationResult.After(TimeSpan.FromSeconds(7)));
        await f.NextPassAsync();
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);
        await f.Lose();
        await f.Ended;
        Assert.That(await Series(f), Does.Not.Contain("modestano_passes_failing{"));
    }

    private static async Task FailAsync(ControllerFixture f, Exception error, Func<bool> until)
    {
        while (!until())
        {
            await FailOnceAsync(f, error);
        }
    }

    /// <summary>A pass fails, and then the time passes that the runtime waits for: no more, no less.</summary>
    private static async Task FailOnceAsync(ControllerFixture f, Exception error)
    {
        (await f.Controller.Next()).Throw(error);
        await f.NextPassAsync();
    }

    private static Condition? Condition(ControllerFixture f, string type) => f.Client.Status("a")?.Conditions?.FirstOrDefault(c => c.Type == type);

    private static Widget Ready(string name)
    {
        var widget = Widget.Of(name);
        widget.Status = new WidgetStatus { Conditions = [new Condition { Type = "Ready", Status = "True", Reason = "Settled", Message = "all is well" }] };
        return widget;
    }

    private static async Task<string> Series(ControllerFixture f)
    {
        using var text = new MemoryStream();
        await f.Registry.CollectAndExportAsTextAsync(text);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private static HttpOperationException Answer(HttpStatusCode code, string message) => new("Operation returned an invalid status code")
    {
        Request = new HttpRequestMessageWrapper(new HttpRequestMessage(HttpMethod.Get, "https://kubernetes.default/api/v1/namespaces/shop/secrets/x"), ""),
        Response = new HttpResponseMessageWrapper(new HttpResponseMessage(code), $$"""{"kind":"Status","message":"{{message}}"}"""),
    };
}
