using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>
/// Whether the set keeps a primary and majority writes when one place is lost: the voters elsewhere must be an election majority, the
/// data-bearing voters elsewhere a write majority (manual: Replica Set Deployment Architectures).
/// </summary>
/// <param name="Survives">Null: a voter's place is not known.</param>
/// <param name="Message">What is lost, and what to add.</param>
public sealed record Survival(bool? Survives, string Message)
{
    /// <summary>For each value of a place.</summary>
    /// <param name="config">The configuration in force.</param>
    /// <param name="placeOf">The place of a host: its region, or its zone.</param>
    /// <param name="word">region or zone.</param>
    public static Survival Of(ReplicaSetConfig config, Func<string, string?> placeOf, string word)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(placeOf);
        var voters = config.Voters.ToList();
        if (voters.FirstOrDefault(v => placeOf(v.Host) is null) is { } stray)
        {
            return new(null, $"the {word} of {stray.Host} is not known: name it in the spec");
        }

        foreach (var place in voters.Select(v => placeOf(v.Host)).Distinct().Order(StringComparer.Ordinal))
        {
            var left = voters.Where(v => placeOf(v.Host) != place).ToList();
            if (left.Count < config.ElectionMajority)
            {
                return new(false, $"without {word} {place} there is no primary: add a data-bearing voter in another {word}");
            }

            if (left.Count(v => !v.ArbiterOnly) < config.WriteMajority)
            {
                return new(false, $"without {word} {place} majority writes wait: an arbiter keeps a primary, but writes need a data-bearing voter in another {word}");
            }
        }

        return new(true, $"a primary and majority writes stay when any one {word} is lost");
    }
}
