using Microsoft.Extensions.Time.Testing;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>A member that claims another primary with each breath has its set looked at no more often than one that is silent.</summary>
[Category("Hostile")]
public sealed class MemberNewsTests
{
    private static readonly ObjectKey Set = new("mallory", "rs0");

    [Test]
    public void News_without_end_cause_no_passes_without_end()
    {
        var (time, queue) = (new FakeTimeProvider(), new CountingQueue());
        var news = new MemberNews(queue, time);
        for (var i = 0; i < 6_000; i++)
        {
            news.Tell(Set);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(queue.AtOnce, Is.InRange(120, 155), "in ten minutes: thirty, and one each five seconds");
        Assert.That(queue.Later, Is.All.EqualTo(TimeSpan.FromSeconds(5)), "and none is forgotten");
    }

    [Test]
    public void An_election_and_the_reconfigs_after_it_are_seen_at_once()
    {
        var queue = new CountingQueue();
        var news = new MemberNews(queue, new FakeTimeProvider());
        for (var i = 0; i < 30; i++)
        {
            news.Tell(Set);
        }

        Assert.That((queue.AtOnce, queue.Later.Count), Is.EqualTo((30, 0)));
    }

    private sealed class CountingQueue : IEntityQueue<MongoReplicaSet>
    {
        public int AtOnce { get; private set; }

        public List<TimeSpan> Later { get; } = [];

        public void Enqueue(ObjectKey key) => AtOnce++;

        public void EnqueueAfter(ObjectKey key, TimeSpan delay) => Later.Add(delay);
    }
}
