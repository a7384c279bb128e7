using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Queues;

namespace Modestano.Operator.Tests.Runtime;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WorkQueueTests
{
    private static readonly ObjectKey A = new("shop", "a");
    private static readonly ObjectKey B = new("shop", "b");

    private readonly FakeTimeProvider _time = new();
    private WorkQueue _queue = null!;

    [SetUp]
    public void Create() => _queue = new WorkQueue(_time, TestMetrics.Create().Queue("widget"));

    [TearDown]
    public void Dispose() => _queue.Dispose();

    [Test]
    public async Task A_key_that_waits_already_is_not_added_twice()
    {
        _queue.Add(A);
        _queue.Add(A);
        _queue.Add(B);

        Assert.That(await Take(), Is.EqualTo(A));
        Assert.That(await Take(), Is.EqualTo(B));
        Assert.That(_queue.Depth, Is.Zero);
    }

    [Test]
    public async Task A_key_added_during_its_pass_runs_again_afterwards_and_not_at_once()
    {
        _queue.Add(A);
        await Take();

        _queue.Add(A);
        _queue.Add(A);
        Assert.That(_queue.Depth, Is.Zero, "never worked on twice at once");

        _queue.Done(A);
        Assert.That(await Take(), Is.EqualTo(A));
        _queue.Done(A);
        Assert.That(_queue.Depth, Is.Zero);
    }

    [Test]
    public void A_delayed_key_comes_at_its_time_and_not_before()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), DelaySource.Result);
        _queue.AddAfter(B, TimeSpan.FromSeconds(5), DelaySource.Result);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(_queue.Depth, Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(_queue.Depth, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_queue.Depth, Is.EqualTo(2));
    }

    [Test]
    public void Of_two_requests_the_earlier_one_counts()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), DelaySource.Request);
        _queue.AddAfter(A, TimeSpan.FromSeconds(5), DelaySource.Request);
        _queue.AddAfter(A, TimeSpan.FromSeconds(20), DelaySource.Request);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_queue.Depth, Is.EqualTo(1));
    }

    [Test]
    public async Task A_pass_voids_the_delay_that_the_pass_before_asked_for()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), DelaySource.Result);
        _queue.Add(A);
        await Take();
        _queue.Done(A);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_queue.Depth, Is.Zero);
    }

    [Test]
    public async Task A_pass_does_not_void_a_request_from_outside()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), DelaySource.Request);
        _queue.Add(A);
        await Take();
        _queue.Done(A);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_queue.Depth, Is.EqualTo(1));
    }

    [Test]
    public void A_shorter_delay_rearms_the_one_timer()
    {
        _queue.AddAfter(A, TimeSpan.FromHours(1), DelaySource.Result);
        _queue.AddAfter(B, TimeSpan.FromSeconds(1), DelaySource.Result);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_queue.Depth, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_queue.Depth, Is.EqualTo(2));
    }

    [Test]
    public async Task Delays_replaced_ten_thousand_times_still_come_once()
    {
        for (var i = 1; i <= 10_000; i++)
        {
            _queue.AddAfter(A, TimeSpan.FromSeconds(10_001 - i), DelaySource.Result);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await Take(), Is.EqualTo(A));
        _queue.Done(A);
        _time.Advance(TimeSpan.FromHours(10));
        Assert.That(_queue.Depth, Is.Zero);
    }

    [Test]
    public void Taking_ends_with_its_token()
    {
        using var stop = new CancellationTokenSource();
        var taking = _queue.TakeAsync(stop.Token);
        stop.Cancel();
        Assert.That(async () => await taking, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_disposed_queue_takes_nothing_more()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(1), DelaySource.Request);
        _queue.Dispose();
        _queue.Add(B);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_queue.Depth, Is.Zero);
    }

    private async Task<ObjectKey> Take() => await _queue.TakeAsync(CancellationToken.None);
}
