namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>
/// Who votes at rest. Of all ways to hand out up to seven votes it takes the first by: at least three votes; a candidate for fail-over beside
/// the primary; both majorities survive the loss of any one member; the primary's region alone holds a majority (R12); as many electable
/// voters as possible; an odd number, which only members that cannot be primary pay for; as many votes as possible; spread over regions. Within a
/// region votes go round the zones.
/// </summary>
internal static class VoteAllocation
{
    /// <summary>MongoDB's limit (manual: Replica Set Members).</summary>
    public const int MaxVotes = 7;

    /// <summary>The hosts that vote.</summary>
    /// <param name="candidates">All members that stay.</param>
    /// <param name="primaryRegion">The region that the primary belongs to.</param>
    public static IReadOnlySet<string> AtRest(IReadOnlyList<VoteCandidate> candidates, string primaryRegion)
    {
        var voters = candidates.Where(c => c.FixedVotes == 1).ToList();
        var open = candidates.Where(c => c.FixedVotes is null).ToList();
        var best = Best(voters, open, primaryRegion);
        if (best is null)
        {
            return voters.Select(v => v.Host).ToHashSet(StringComparer.Ordinal);
        }

        Pick(voters, open.Where(c => c.Region == primaryRegion), best.HomeOpen);
        Pick(voters, open.Where(c => c.Region != primaryRegion), best.Total - best.Home - voters.Count(v => v.Region != primaryRegion));
        return voters.Select(v => v.Host).ToHashSet(StringComparer.Ordinal);
    }

    private static VoteCount? Best(List<VoteCandidate> voters, List<VoteCandidate> open, string primaryRegion) => Counts(voters, open, primaryRegion).MinBy(c => c.Rank);

    private static IEnumerable<VoteCount> Counts(List<VoteCandidate> fixedVoters, List<VoteCandidate> open, string primaryRegion)
    {
        var arbiters = fixedVoters.Count(v => v.ArbiterOnly);
        var homeFixed = fixedVoters.Count(v => v.Region == primaryRegion);
        var homeOpen = open.Count(c => c.Region == primaryRegion);
        var awayOpen = open.Count - homeOpen;
        var electable = fixedVoters.Count(v => v.IsElectable);
        var homeElectable = open.Count(c => c.Region == primaryRegion && c.IsElectable);
        var awayElectable = open.Count(c => c.Region != primaryRegion && c.IsElectable);
        for (var h = 0; h <= homeOpen; h++)
        {
            for (var a = 0; a <= awayOpen; a++)
            {
                var total = fixedVoters.Count + h + a;
                if (total is > 0 and <= MaxVotes)
                {
                    // Who can be primary is picked first.
                    yield return new VoteCount(homeFixed + h, total, arbiters, electable + Math.Min(h, homeElectable) + Math.Min(a, awayElectable), h);
                }
            }
        }
    }

    /// <summary>Goes round regions and zones: the next vote goes where there are fewest, then to who can be primary, then to who votes now.</summary>
    private static void Pick(List<VoteCandidate> voters, IEnumerable<VoteCandidate> from, int count)
    {
        var left = from.ToList();
        for (; count > 0 && left.Count > 0; count--)
        {
            var next = left.MinBy(c => (
                !c.IsElectable,
                voters.Count(v => v.Region == c.Region && v.Zone == c.Zone),
                voters.Count(v => v.Region == c.Region),
                !c.HasExplicitPriority,
                !c.VotesNow,
                c.Order))!;
            left.Remove(next);
            voters.Add(next);
        }
    }

    private sealed record VoteCount(int Home, int Total, int Arbiters, int Electable, int HomeOpen)
    {
        /// <summary>The smallest is the best.</summary>
        public (int, int, bool, bool, int, bool, int, int) Rank =>
            (-Math.Min(3, Total), -Math.Min(2, Electable), !SurvivesOne, !HomeMajority, -Electable, Total % 2 == 0, -Total, HomeMajority ? Home : -Home);

        private bool HomeMajority => 2 * Home > Total;

        /// <summary>One member lost, a data-bearing one at worst, leaves an election majority and a write majority.</summary>
        private bool SurvivesOne
        {
            get
            {
                var majority = (Total / 2) + 1;
                var dataBearing = Total - Arbiters;
                return Total - 1 >= majority && dataBearing - 1 >= Math.Min(majority, dataBearing);
            }
        }
    }
}

/// <summary>A member that may vote.</summary>
/// <param name="Host">host:port.</param>
/// <param name="Region">Its region.</param>
/// <param name="Zone">Its zone; empty: not told.</param>
/// <param name="FixedVotes">Told by the spec, or by what the member is; null: open.</param>
/// <param name="ArbiterOnly">Holds no data.</param>
/// <param name="IsElectable">Could be primary.</param>
/// <param name="HasExplicitPriority">The spec gives it a priority above 0, which only a voter can have.</param>
/// <param name="VotesNow">Votes in the configuration in force: equals keep it.</param>
/// <param name="Order">Place in the spec.</param>
internal sealed record VoteCandidate(
    string Host, string Region, string Zone, int? FixedVotes, bool ArbiterOnly, bool IsElectable, bool HasExplicitPriority, bool VotesNow, int Order);
