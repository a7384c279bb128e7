using System.Text;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// How much hashing all members of a set may ask for together. Members of one set have the same salt, and the key is kept: a server that shows
/// another one each time would have a processor busy without end, a login at a time.
/// </summary>
/// <param name="mostRounds">What one login may ask for.</param>
/// <param name="time">The clock.</param>
/// <param name="all">What all sets of the namespace may ask for.</param>
internal sealed class ScramBudget(int mostRounds, TimeProvider time, HashingBudget all)
{
    /// <summary>In this time as much is allowed as one login may ask for.</summary>
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly TokenBucket _rounds = new(2.0 * mostRounds, Refill / mostRounds, time);
    private string? _kept;

    /// <summary>Looks at a message of the server, and takes what it asks for.</summary>
    /// <exception cref="ScramRoundsException">It asks for too few or too many rounds, or the members have asked for too many.</exception>
    public void Take(byte[]? serverMessage)
    {
        if (ScramRounds.Check(serverMessage, mostRounds) is not { } rounds)
        {
            return;
        }

        // Salt and rounds: everything behind the nonce.
        var text = Encoding.UTF8.GetString(serverMessage!);
        var key = text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..];
        lock (_lock)
        {
            if (key == _kept)
            {
                return;
            }

            if (!_rounds.Has(rounds))
            {
                throw new ScramRoundsException($"the members ask for more logins with other salts than are computed in {Refill.TotalSeconds:0} s: are they one set?");
            }

            if (!all.TryTake(rounds))
            {
                throw new ScramRoundsException("the sets of this namespace ask for more hashing than the operator does for one namespace: the next login is tried later");
            }

            _rounds.TryTake(rounds);
            _kept = key;
        }
    }
}
