using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Queues;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>One namespace never has all the workers.</summary>
[Category("Hostile")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WorkQueueNamespaceTests
{
    private static readonly ObjectKey A = new("shop", "a");
    private static readonly ObjectKey B = new("shop", "b");

    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task However_many_objects_of_one_namespace_wait_the_workers_that_they_may_not_have_are_there_for_others()
    {
        using var queue = new WorkQueue(_time, TestMetrics.Create().Queue("widget"), NamespaceTurns.MostOf(workers: 4));
        for (var i = 0; i < 1000; i++)
        {
            queue.Add(new ObjectKey("mallory", $"{i}"));
        }

        var taken = new[] { await queue.TakeAsync(default), await queue.TakeAsync(default), await queue.TakeAsync(default) };
        var fourth = queue.TakeAsync(default);
        Assert.That(fourth.IsCompleted, Is.False, "three of four workers is what one namespace may have");

        queue.Add(A);
        Assert.That((await fourth, queue.Depth), Is.EqualTo((A, 997)));
        queue.Done(taken[1]);
        Assert.That(await queue.TakeAsync(default), Is.EqualTo(new ObjectKey("mallory", "3")));
    }

    [Test]
    public async Task What_somebody_asked_for_goes_before_looks_that_wait_for_a_turn_of_their_namespace()
    {
        using var queue = new WorkQueue(_time, TestMetrics.Create().Queue("widget"), mostOfANamespace: 1);
        queue.Add(A);
        var first = await queue.TakeAsync(default);
        foreach (var name in "cde")
        {
            queue.AddAfter(new ObjectKey("shop", $"{name}"), WorkQueue.LookDelay, DelaySource.Result);
        }

        _time.Advance(WorkQueue.LookDelay);
        queue.Add(B);
        queue.Add(new ObjectKey("shop", "e"));
        var order = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            queue.Done(first);
            order.Add((first = await queue.TakeAsync(default)).Name);
        }

        Assert.That(order, Is.EqualTo(new[] { "b", "e", "c", "d" }));
        Assert.That(queue.Depth, Is.Zero);
    }
}
