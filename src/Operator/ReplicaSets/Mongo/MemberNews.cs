using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Has a set looked at when one of its members tells something new: at once, as an election is worth it. Members that tell something new without
/// end have theirs looked at no more often than one that does not answer.
/// </summary>
internal sealed class MemberNews(IEntityQueue<MongoReplicaSet> queue, TimeProvider time)
{
    /// <summary>News of six members about an election and the reconfigs after it.</summary>
    private const double AtOnce = 30;

    private static readonly TimeSpan Then = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ObjectKey, TokenBucket> _of = new();

    /// <summary>A member has told something new.</summary>
    public void Tell(ObjectKey set)
    {
        if (MayTellNow(set))
        {
            queue.Enqueue(set);
        }
        else
        {
            queue.EnqueueAfter(set, Then);
        }
    }

    /// <summary>The object is gone, or somebody else's.</summary>
    public void Forget(ObjectKey set) => _of.TryRemove(set, out _);

    private bool MayTellNow(ObjectKey set)
    {
        var allowance = _of.GetOrAdd(set, _ => new TokenBucket(AtOnce, Then, time));
        lock (allowance)
        {
            return allowance.TryTake(1);
        }
    }
}
