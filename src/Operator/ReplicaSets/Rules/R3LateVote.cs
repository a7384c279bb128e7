using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// A new data-bearing member joins hidden, with votes 0 and priority 0; it votes, or becomes visible, when it is SECONDARY, its lag has
/// stayed under the limit for the whole window, and it and every voter that is up see each other healthy (manual: Add Members to a Replica
/// Set: from 5.0 on a new member counts as a voter only once it is SECONDARY, before that at once; voteless visible members
/// are read by <c>nearest</c> and <c>secondaryPreferred</c>).
/// </summary>
internal sealed class R3LateVote : IReplicaSetRule
{
    public string Name => nameof(R3LateVote);

    public string? Check(ProposedStep proposed)
    {
        if (proposed.Step is not Reconfig reconfig)
        {
            return null;
        }

        if (reconfig.Additions.FirstOrDefault(a => !a.ArbiterOnly && (a.Votes != 0 || a.Priority != 0 || !a.Hidden)) is { } early)
        {
            return $"{early.Host} would join with votes {early.Votes}, priority {early.Priority}, hidden {early.Hidden}";
        }

        foreach (var before in proposed.Current.Members.Where(m => !m.ArbiterOnly && m.Votes == 0))
        {
            var after = proposed.Next.Members.FirstOrDefault(m => m.Id == before.Id);
            if (after is not null && (after.Votes > 0 || (before.Hidden && !after.Hidden)) && !proposed.HasProved(before))
            {
                return $"{before.Host} would {(after.Votes > 0 ? "vote" : "become visible")} before it has proved itself";
            }
        }

        return null;
    }
}
