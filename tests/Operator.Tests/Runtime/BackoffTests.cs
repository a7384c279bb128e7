using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Runtime;

public sealed class BackoffTests
{
    [TestCase(0, 0.0)]
    [TestCase(1, 1.0)]
    [TestCase(2, 2.0)]
    [TestCase(5, 16.0)]
    [TestCase(6, 20.0)]
    [TestCase(1_000_000, 20.0)]
    public void Delays_double_up_to_the_limit_and_are_up_to_half_longer(int failures, double seconds)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), seed: 7);
        for (var i = 0; i < 100; i++)
        {
            Assert.That(backoff.After(failures).TotalSeconds, Is.InRange(seconds, seconds * 1.5));
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_delays()
    {
        var one = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), seed: 7);
        var two = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), seed: 7);
        Assert.That(Enumerable.Range(1, 20).Select(one.After), Is.EqualTo(Enumerable.Range(1, 20).Select(two.After)));
    }
}
