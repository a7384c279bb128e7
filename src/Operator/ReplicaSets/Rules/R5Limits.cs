using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Admission;
using Modestano.Operator.ReplicaSets.Planning.Changes;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// MongoDB's limits (manual: Replica Set Configuration): at most 50 members and 7 votes, an electable member, priority 0 for members that
/// cannot be primary. A healthy voter yields for a newcomer only at seven votes, and only to one that has met R3.
/// </summary>
internal sealed class R5Limits : IReplicaSetRule
{
    public string Name => nameof(R5Limits);

    public string? Check(ProposedStep proposed) => proposed.Step is Reconfig or Initiate ? Limits(proposed.Current, proposed.Next) ?? Arbiter(proposed) ?? Yield(proposed) : null;

    private static string? Limits(ReplicaSetConfig before, ReplicaSetConfig config)
    {
        if (config.Members.Count > 50)
        {
            return $"{config.Members.Count} members, at most 50 are allowed";
        }

        // An eighth vote that somebody gave by hand is held back by the server as newlyAdded (seen): no step of ours adds to it.
        var votes = config.Members.Sum(m => m.Votes);
        if (votes > 7 && votes > before.Members.Sum(m => m.Votes))
        {
            return $"{votes} votes, at most 7 are allowed";
        }

        if (!config.Members.Any(m => m.IsElectable))
        {
            return "no member could be primary";
        }

        if (config.Members.Select(m => m.Host).Distinct(StringComparer.Ordinal).Count() < config.Members.Count || config.Members.Select(m => m.Id).Distinct().Count() < config.Members.Count)
        {
            return "two members with one host or one _id";
        }

        return config.Members.FirstOrDefault(m => m.Priority != 0 && (m.ArbiterOnly || m.Hidden || m.SecondaryDelaySecs > 0 || m.Votes == 0 || !m.BuildIndexes)) is { } wrong
            ? $"{wrong.Host} has priority {wrong.Priority} and cannot be primary"
            : null;
    }

    private static string? Arbiter(ProposedStep proposed) => proposed.Step is Reconfig { Force: false } && PrimarySecondaryArbiter.IsRefused(proposed.Current, proposed.Next)
        ? "vote and priority of the secondary of a set of primary, secondary and arbiter would change at once"
        : null;

    private static string? Yield(ProposedStep proposed)
    {
        if (proposed.Step is Reconfig { Force: true } || proposed.Votes() is not { Lost: [{ NewlyAdded: false } lost] } || !proposed.MayBeWell(lost))
        {
            return null;
        }

        var waiting = proposed.Rest.Members.Where(r => r.Votes == 1 && proposed.Current.Find(r.Host) is not { Votes: > 0 }).ToList();
        // Where a set may have one arbiter only, the one that leaves goes before the one that comes.
        if (waiting.Count == 0 || (lost.ArbiterOnly && waiting.TrueForAll(r => r.ArbiterOnly) && OneArbiter.Applies(proposed.Observed)))
        {
            return null;
        }

        return proposed.Current.Voters.Count() >= 7 && waiting.Any(r => proposed.Current.Find(r.Host) is { } m ? proposed.HasProved(m) : r.ArbiterOnly)
            ? null
            : $"{lost.Host}, which may well be healthy, would lose its vote while {waiting[0].Host} is not ready for one";
    }
}
