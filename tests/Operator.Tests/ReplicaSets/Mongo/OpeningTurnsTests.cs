using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.ReplicaSets.Mongo;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>Members that never answer keep nobody else's from being connected to.</summary>
[Category("Hostile")]
public sealed class OpeningTurnsTests
{
    [Test]
    public async Task A_thousand_silent_members_of_one_namespace_leave_turns_to_others()
    {
        var time = new FakeTimeProvider();
        var turns = new OpeningTurns(time);
        var (begun, never) = (0, new TaskCompletionSource<int>());
        for (var i = 0; i < 1000; i++)
        {
            _ = turns.RunAsync("mallory", () => { begun++; return never.Task; }, CancellationToken.None);
        }

        Assert.That(begun, Is.EqualTo(6));
        Assert.That(await turns.RunAsync("shop", () => Task.FromResult(7), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1)), Is.EqualTo(7), "without a look at the clock");
    }

    [Test]
    public async Task A_turn_that_is_not_used_goes_to_the_next_one()
    {
        var time = new FakeTimeProvider();
        var turns = new OpeningTurns(time);
        var never = new TaskCompletionSource<int>();
        for (var i = 0; i < 6; i++)
        {
            _ = turns.RunAsync("shop", () => never.Task, CancellationToken.None);
        }

        var next = turns.RunAsync("shop", () => Task.FromResult(7), CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.That(await next.WaitAsync(TimeSpan.FromMinutes(1)), Is.EqualTo(7));
    }
}
