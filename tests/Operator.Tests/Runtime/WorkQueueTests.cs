using CsCheck;
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

    [Test]
    public async Task What_somebody_asked_for_goes_before_looks_that_are_due()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), DelaySource.Result);
        _time.Advance(TimeSpan.FromSeconds(10));
        _queue.Add(B);

        Assert.That((await Take(), await Take(), _queue.Depth), Is.EqualTo((B, A, 0)));
    }

    [Test]
    public async Task A_look_that_is_asked_for_meanwhile_goes_before_the_others_and_runs_once()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(9), DelaySource.Result);
        _queue.AddAfter(B, TimeSpan.FromSeconds(10), DelaySource.Result);
        _time.Advance(TimeSpan.FromSeconds(10));
        _queue.Add(B);

        Assert.That((await Take(), await Take(), _queue.Depth), Is.EqualTo((B, A, 0)));
    }

    [Test]
    public async Task A_pass_that_was_due_soon_is_no_mere_look()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), DelaySource.Result);
        _time.Advance(TimeSpan.FromSeconds(9));
        _queue.AddAfter(B, TimeSpan.FromSeconds(1), DelaySource.Result);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await Take(), await Take()), Is.EqualTo((B, A)));
    }

    [Test]
    public async Task A_look_has_its_turn_however_much_is_asked_for()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10), DelaySource.Result);
        _time.Advance(TimeSpan.FromSeconds(10));
        var taken = new List<ObjectKey>();
        for (var i = 0; i < 20; i++)
        {
            _queue.Add(new ObjectKey("shop", $"{i}"));
            taken.Add(await Take());
        }

        Assert.That(taken, Does.Contain(A));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(int.MaxValue)]
    public void Whatever_is_added_and_taken_no_key_is_lost_worked_on_twice_at_once_or_left_behind(int mostOfANamespace) =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3]).Array[0, 200].Holds(operations =>
        {
            var time = new FakeTimeProvider();
            using var queue = new WorkQueue(time, TestMetrics.Create().Queue("widget"), mostOfANamespace);
            var (wanted, working) = (new HashSet<ObjectKey>(), new HashSet<ObjectKey>());
            foreach (var (number, what) in operations)
            {
                var key = new ObjectKey($"shop-{number % 2}", $"{number}");
                switch (what)
                {
                    case 0:
                        queue.Add(key);
                        wanted.Add(key);
                        break;
                    case 1:
                        queue.AddAfter(key, WorkQueue.LookDelay, DelaySource.Request);
                        time.Advance(WorkQueue.LookDelay);
                        wanted.Add(key);
                        break;
                    case 2 when wanted.Except(working).Any(k => working.Count(w => w.Namespace == k.Namespace) < mostOfANamespace):
                        TakeOne();
                        break;
                    case 3 when working.Remove(key):
                        queue.Done(key);
                        break;
                }

                Assert.That(queue.Depth, Is.EqualTo(wanted.Except(working).Count()));
                Assert.That(working.GroupBy(w => w.Namespace).Select(n => n.Count()), Has.All.LessThanOrEqualTo(mostOfANamespace));
            }

            while (working.Count > 0 || wanted.Count > 0)
            {
                foreach (var key in working.ToList())
                {
                    working.Remove(key);
                    queue.Done(key);
                }

                if (wanted.Count > 0)
                {
                    TakeOne();
                }
            }

            Assert.That(queue.Depth, Is.Zero);

            void TakeOne()
            {
                var taking = queue.TakeAsync(CancellationToken.None);
                Assert.That(taking.IsCompleted, Is.True, "a worker has something to do");
                var taken = taking.GetAwaiter().GetResult();
                Assert.That((wanted.Remove(taken), working.Add(taken)), Is.EqualTo((true, true)), taken.ToString());
            }
        });

    private async Task<ObjectKey> Take() => await _queue.TakeAsync(CancellationToken.None);
}
