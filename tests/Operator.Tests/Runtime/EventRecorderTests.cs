using System.Net;
using System.Threading.Channels;
using k8s.Autorest;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Events;

namespace Modestano.Operator.Tests.Runtime;

[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EventRecorderTests
{
    private readonly ArmedTime _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingSink _sink = new();
    private EventRecorder _recorder = null!;

    [SetUp]
    public Task Start()
    {
        _recorder = new EventRecorder(_sink, TestMetrics.Create(), _time, NullLogger<EventRecorder>.Instance);
        return _recorder.StartAsync(default);
    }

    [TearDown]
    public async Task Stop()
    {
        await _recorder.StopAsync(default);
        _recorder.Dispose();
    }

    [Test]
    public async Task Repeats_of_one_object_reason_and_message_are_counted_not_multiplied()
    {
        _recorder.Normal(Widget.Of("a"), "Settled", "all is well");
        _recorder.Normal(Widget.Of("a"), "Settled", "all is well");
        _recorder.Normal(Widget.Of("b"), "Settled", "all is well");

        var first = await _sink.Next();
        var second = await _sink.Next();
        var third = await _sink.Next();
        Assert.That(first.Count, Is.EqualTo(1));
        Assert.That(second, Is.EqualTo(first with { Count = 2, Event = second.Event }));
        Assert.That(third.Count, Is.EqualTo(1));
        Assert.That(third.Name, Is.Not.EqualTo(first.Name).And.StartsWith("b."));
    }

    [Test]
    public async Task A_series_is_not_continued_beyond_the_lifetime_of_its_event()
    {
        _recorder.Warning(Widget.Of("a"), "Lagging", "member 2 lags");
        var first = await _sink.Next();
        _time.Advance(TimeSpan.FromHours(1));
        _recorder.Warning(Widget.Of("a"), "Lagging", "member 2 lags");
        var later = await _sink.Next();
        Assert.That(later.Count, Is.EqualTo(1));
        Assert.That(later.Name, Is.Not.EqualTo(first.Name));
    }

    [Test]
    public async Task A_series_whose_event_the_server_has_dropped_begins_anew()
    {
        _recorder.Normal(Widget.Of("a"), "Settled", "all is well");
        await _sink.Next();
        _sink.Refuse = HttpStatusCode.NotFound;
        _recorder.Normal(Widget.Of("a"), "Settled", "all is well");
        Assert.That((await _sink.Next()).Count, Is.EqualTo(2));
        Assert.That((await _sink.Next()).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_refuses_costs_only_that_event()
    {
        _sink.Refuse = HttpStatusCode.Forbidden;
        _recorder.Normal(Widget.Of("a"), "One", "first");
        await _sink.Next();
        _recorder.Normal(Widget.Of("a"), "Two", "second");
        Assert.That((await _sink.Next()).Event.Reason, Is.EqualTo("Two"));
    }

    [Test]
    public async Task An_event_waits_for_a_server_that_is_away()
    {
        _sink.Refuse = HttpStatusCode.ServiceUnavailable;
        _recorder.Normal(Widget.Of("a"), "One", "first");
        var first = await _sink.Next();
        var again = await _time.PassUntil(_sink.Next(), TimeSpan.FromMinutes(1));
        Assert.That(again, Is.EqualTo(first));
    }

    [Test]
    public async Task An_object_that_floods_uses_up_its_own_budget_only()
    {
        for (var i = 0; i < 200; i++)
        {
            _recorder.Normal(Widget.Of("loud"), "Change", $"change {i}");
        }

        _recorder.Normal(Widget.Of("quiet"), "Change", "the one");
        var written = new List<EventWrite>();
        do
        {
            written.Add(await _sink.Next());
        }
        while (written[^1].Event.About.Name == "loud");
        Assert.That(written, Has.Count.EqualTo(51));
    }

    [Test]
    public async Task A_long_message_is_cut_to_what_the_server_takes()
    {
        _recorder.Normal(Widget.Of("a"), "Long", new string('x', 5000));
        Assert.That((await _sink.Next()).Event.Note, Has.Length.EqualTo(1024));
    }

    [Test]
    public async Task Recording_never_waits_even_where_nobody_writes()
    {
        using var stuck = new EventRecorder(_sink, TestMetrics.Create(), _time, NullLogger<EventRecorder>.Instance);
        for (var i = 0; i < 5000; i++)
        {
            stuck.Normal(Widget.Of("a"), "Change", $"change {i}");
        }

        await stuck.StartAsync(default);
        Assert.That((await _sink.Next()).Event.Note, Is.EqualTo("change 0"), "what had room is written later");
        await stuck.StopAsync(default);
    }

    private sealed class RecordingSink() : EventSink(null!, new RuntimeOptions())
    {
        private readonly Channel<EventWrite> _written = Channel.CreateUnbounded<EventWrite>();

        public HttpStatusCode? Refuse { get; set; }

        public Task<EventWrite> Next() => Patience.Of(_written.Reader.ReadAsync());

        public override Task WriteAsync(EventWrite write, CancellationToken cancellationToken)
        {
            _written.Writer.TryWrite(write);
            if (Refuse is { } status)
            {
                Refuse = null;
                throw new HttpOperationException("refused") { Response = new HttpResponseMessageWrapper(new HttpResponseMessage(status), "{}") };
            }

            return Task.CompletedTask;
        }
    }
}
