using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// At rest the primary's region alone holds a voting majority where seven votes allow, so that a majority write is not across regions and
/// losing the other region does not stop writes (manual: Write Concern, "majority"; Replica Sets Distributed Across Two or More Data
/// Centers). The primary moves only when the votes are there or cannot come.
/// </summary>
internal sealed class R12VotesFollowThePrimary : IReplicaSetRule
{
    public string Name => nameof(R12VotesFollowThePrimary);

    public string? Check(ProposedStep proposed) => proposed.Step switch
    {
        Reconfig { Force: false } when proposed.PrimaryIsHome && RestsIn(proposed) && proposed.Rest.PrimaryRegionHoldsMajority && 2 * Home(proposed) <= proposed.Next.Voters.Count() =>
            $"the set would rest with {Home(proposed)} of {proposed.Next.Voters.Count()} votes in {proposed.Rest.PrimaryRegion}",
        StepDown when 2 * Home(proposed) < proposed.Next.Voters.Count() && MoreCouldVote(proposed) =>
            $"the primary would move to {proposed.Rest.PrimaryRegion} with {Home(proposed)} of {proposed.Next.Voters.Count()} votes there and more to come",
        _ => null,
    };

    private static int Home(ProposedStep proposed) => proposed.Next.Voters.Count(m => proposed.Desired.RegionOf(m) == proposed.Rest.PrimaryRegion);

    private static bool RestsIn(ProposedStep proposed) =>
        proposed.Next.Voters.Select(v => v.Host).ToHashSet(StringComparer.Ordinal).SetEquals(proposed.Rest.Members.Where(r => r.Votes == 1).Select(r => r.Host));

    // At seven votes none can come while the primary is the only one that is to give up its own.
    private static bool MoreCouldVote(ProposedStep proposed) =>
        (proposed.Next.Voters.Count() < 7 || proposed.Next.Voters.Any(m => m.Id != proposed.Primary?.Id && proposed.Rest.Find(m.Host) is not { Votes: 1 }))
        && proposed.Rest.Members.Any(r => r.Votes == 1 && r.Region == proposed.Rest.PrimaryRegion && proposed.Next.Find(r.Host) is not { IsVoter: true });
}
