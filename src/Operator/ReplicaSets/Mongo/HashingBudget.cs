using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// How much hashing the logins of all sets of one namespace may cost together: each set by itself within its bounds, hundreds of them would still
/// take every processor from the other namespaces.
/// </summary>
/// <param name="mostRounds">What one login may ask for.</param>
/// <param name="time">The clock.</param>
internal sealed class HashingBudget(int mostRounds, TimeProvider time)
{
    /// <summary>Of one processor an eighth, at two million rounds a second. A thousand sets that log in for the first time with MongoDB's 15,000 rounds take a minute.</summary>
    private const double RoundsInASecond = 250_000;

    /// <summary>So many at once: a second's work.</summary>
    private const double AtOnce = 2_000_000;

    private readonly Lock _lock = new();
    private readonly TokenBucket _rounds = new(Math.Max(AtOnce, 2.0 * mostRounds), TimeSpan.FromSeconds(1 / RoundsInASecond), time);

    /// <summary>Takes so many rounds.</summary>
    /// <returns>False: there are not so many left now.</returns>
    public bool TryTake(int rounds)
    {
        lock (_lock)
        {
            return _rounds.TryTake(rounds);
        }
    }
}
