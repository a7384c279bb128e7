using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

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

        var all = voters.Select(v => new Voter(placeOf(v.Host)!, v.ArbiterOnly)).ToList();
        if (Loss(all) is not { } loss)
        {
            return new(true, $"a primary and majority writes stay when any one {word} is lost");
        }

        return new(false, loss.KeepsPrimary
            ? $"without {word} {loss.Place} majority writes wait: an arbiter keeps a primary, but acknowledges nothing. {Cure(all, word)}"
            : $"without {word} {loss.Place} there is no primary: it holds {all.Count(v => v.Place == loss.Place)} of {all.Count} votes, and what is left must be a majority. {Cure(all, word)}");
    }

    /// <summary>The first place whose loss is not survived; null: there is none.</summary>
    private static (string Place, bool KeepsPrimary)? Loss(List<Voter> voters)
    {
        var majority = (voters.Count / 2) + 1;
        var write = Math.Min(majority, voters.Count(v => !v.IsArbiter));
        foreach (var place in voters.Select(v => v.Place).Distinct().Order(StringComparer.Ordinal))
        {
            var left = voters.Where(v => v.Place != place).ToList();
            if (left.Count < majority || left.Count(v => !v.IsArbiter) < write)
            {
                return (place, left.Count >= majority);
            }
        }

        return null;
    }

    /// <summary>The least that would do: data instead of arbiters, or voters in one place more, within seven votes.</summary>
    private static string Cure(List<Voter> voters, string word)
    {
        if (voters.Exists(v => v.IsArbiter) && Loss([.. voters.Select(v => v with { IsArbiter = false })]) is null)
        {
            return "Make the arbiter a data-bearing member";
        }

        var places = voters.Select(v => v.Place).Distinct().Count();
        for (var more = 1; voters.Count + more <= VoteAllocation.MaxVotes; more++)
        {
            if (Loss([.. voters, .. Enumerable.Repeat(new Voter("", false), more)]) is null)
            {
                return $"Add {(more == 1 ? "a data-bearing voter" : $"{more} data-bearing voters")} in {(places == 2 ? $"a third {word}" : $"another {word}")}";
            }
        }

        return places == 1 ? $"Add data-bearing voters in two more {word}s" : $"Spread the votes over at least three {word}s so that none holds half of them (votes on the members; derived votes follow the primary)";
    }

    private sealed record Voter(string Place, bool IsArbiter);
}
