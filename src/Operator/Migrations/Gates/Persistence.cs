using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// A gate that does not hold counts as failing once that has lasted for a while; until then it is Unknown, which holds and never rolls
/// back. An election takes up to twelve seconds, an idle set's lag is that of its last no-op for a moment, a packet gets lost: none of them
/// is a reason to turn a migration back.
/// </summary>
public static class Persistence
{
    /// <summary>Longer than an election with the default settings.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The result with the moment since when it does not hold.</summary>
    /// <param name="result">As evaluated just now.</param>
    /// <param name="previous">The gate's last result; null: none.</param>
    /// <param name="now">The moment of the evaluation.</param>
    public static GateStatus Apply(GateStatus result, GateStatus? previous, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Result != GateVerdict.Failing)
        {
            return result;
        }

        var since = previous?.FailingSince ?? now.UtcDateTime;
        return now.UtcDateTime - since >= Patience
            ? result with { FailingSince = since }
            : result with { FailingSince = since, Result = GateVerdict.Unknown, Message = $"{result.Message} (counts as a failure when that lasts {Patience.TotalSeconds:0}s)" };
    }
}
