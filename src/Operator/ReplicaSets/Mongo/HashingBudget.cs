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
    private readonly double _most = Math.Max(AtOnce, 2.0 * mostRounds);
    private double _left = Math.Max(AtOnce, 2.0 * mostRounds);
    private long _at = time.GetTimestamp();

    /// <summary>Takes so many rounds.</summary>
    /// <returns>False: there are not so many left now.</returns>
    public bool TryTake(int rounds)
    {
        lock (_lock)
        {
            _left = Math.Min(_most, _left + (time.GetElapsedTime(_at).TotalSeconds * RoundsInASecond));
            _at = time.GetTimestamp();
            if (_left < rounds)
            {
                return false;
            }

            _left -= rounds;
            return true;
        }
    }
}
