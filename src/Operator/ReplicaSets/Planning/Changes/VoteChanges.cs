using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Admission;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>Who gains or yields a vote next (R2: one at a time). Gains come before losses, so that redundancy grows before it shrinks.</summary>
internal sealed class VoteChanges
{
    private readonly PlanContext _context;

    /// <summary>For one decision.</summary>
    public VoteChanges(PlanContext context)
    {
        _context = context;
        Gains = [.. context.Rest.Members
            .Where(r => r.Votes == 1 && (r.ArbiterOnly ? context.Config.Find(r.Host) is null : context.Config.Find(r.Host) is { Votes: 0 }))
            .OrderByDescending(r => r.Region == context.Rest.PrimaryRegion)];
        IsComplete = Gains.Count == 0 && context.Rest.Members.All(r => r.Votes == 0 || context.Config.Find(r.Host) is not null);
        Losses = [.. context.Config.Members
            .Where(m => m.Votes == 1 && m.Id != context.Primary.Id && context.Rest.Find(m.Host) is not { Votes: 1 })
            .Select((m, i) => (Member: m, Order: i))
            .OrderBy(x => context.IsClose(x.Member.Host))
            .ThenBy(x => context.Rest.Find(x.Member.Host) is not null)
            .ThenBy(x => context.RegionOf(x.Member) == context.Rest.PrimaryRegion)
            .ThenByDescending(x => x.Order)
            .Select(x => x.Member)];
    }

    /// <summary>Nobody who votes at rest is missing, not even from the configuration.</summary>
    public bool IsComplete { get; }

    /// <summary>Members that vote at rest and could be given their vote: they are in the configuration, or are arbiters.</summary>
    public IReadOnlyList<RestMember> Gains { get; }

    /// <summary>Members that vote now and not at rest, the primary left out; the one to go first comes first.</summary>
    public IReadOnlyList<ConfigMember> Losses { get; }

    /// <summary>Why a member cannot have its vote now (R3); null: it can.</summary>
    public Blocker? NotReady(RestMember gain) => gain.ArbiterOnly ? MemberAdmission.Check(_context, gain) : NewcomerReadiness.Check(_context, gain.Host);

    /// <summary>What stands against any change of votes; null: nothing.</summary>
    public Blocker? Standstill() => Newly() ?? FeatureVersions.Changing(_context.Observed) ?? OpenWork.Check(_context);

    /// <summary>
    /// What stands against taking the vote of a dead voter. An index build does not: by its default quorum it waits for that very voter (manual:
    /// createIndexes, commitQuorum). Nor does a change of the feature compatibility version, which such a voter may hold up.
    /// </summary>
    public Blocker? StandstillOfTheDead() => Newly() ?? OpenWork.OldTransaction(_context);

    /// <summary>Voters that lose their vote and that are dead in the primary's eyes; of whom it has not heard yet may be well.</summary>
    public IEnumerable<ConfigMember> Dead => Losses.Where(l => _context.Observed.Member(l.Host).Healthy == false);

    /// <summary>
    /// The arbiter that leaves, where a set may have one only and the one that comes is all that is missing, and fit: it cannot be there before.
    /// </summary>
    public IEnumerable<ConfigMember> MakingRoom => _context.Rest.Members.Where(r => r.Votes == 1 && _context.Config.Find(r.Host) is not { Votes: > 0 }).ToList() is { Count: > 0 } missing
        && missing.TrueForAll(r => r.ArbiterOnly && NotReady(r) is { Reason: PlanReasons.OneArbiter, NeedsPerson: false })
        ? Losses.Where(l => l.ArbiterOnly)
        : [];

    private Blocker? Newly() => _context.Config.Members.FirstOrDefault(m => m.NewlyAdded) is { } newly
        ? new Blocker(PlanReasons.AutomaticReconfig, $"the server gives {newly.Host} its vote by itself when its initial sync is done")
        : null;

    /// <summary>
    /// Who yields at seven votes for a newcomer. Where only the primary is to lose its vote, and must move first, a voter outside the wanted
    /// region lends its vote until the primary has moved.
    /// </summary>
    public IEnumerable<ConfigMember> Yielding(RestMember gain) => Losses.Count > 0 || !_context.PrimaryMustMove || gain.Region != _context.Rest.PrimaryRegion
        ? Losses
        : _context.Config.Voters.Where(_context.MayLend).OrderBy(m => _context.IsClose(m.Host));

    /// <summary>The configuration with a vote given.</summary>
    public static ReplicaSetConfig Give(ReplicaSetConfig config, RestMember gain)
    {
        if (config.Find(gain.Host) is null)
        {
            var arbiter = new ConfigMember { Id = MemberIds.Next(config, config), Host = gain.Host, ArbiterOnly = true, Priority = 0, Hidden = gain.Hidden, Horizons = gain.Horizons ?? new Dictionary<string, string>() };
            return config with { Members = [.. config.Members, arbiter] };
        }

        return config with { Members = [.. config.Members.Select(m => m.Host == gain.Host ? m with { Votes = 1, Hidden = gain.Hidden } : m)] };
    }

    /// <summary>The configuration with a vote taken. A member that stays, or whose data is still needed (R9), keeps its place without vote; another one leaves.</summary>
    public ReplicaSetConfig Take(ReplicaSetConfig config, ConfigMember loss)
    {
        var without = config with { Members = [.. config.Members.Where(m => m.Id != loss.Id)] };
        var stays = !loss.ArbiterOnly && (_context.Rest.Find(loss.Host) is not null || !Redundancy.Allows(_context, config, without));
        return stays ? config with { Members = [.. config.Members.Select(m => m.Id == loss.Id ? m with { Votes = 0, Priority = 0 } : m)] } : without;
    }
}

/// <summary><c>_id</c>s of new members.</summary>
internal static class MemberIds
{
    /// <summary>One above the highest, as a freed one may still be known to a member that was away; the lowest free one beyond 255.</summary>
    /// <param name="inForce">The configuration in force: the <c>_id</c> of a member that leaves in the same step is not free yet.</param>
    /// <param name="proposed">What the step makes so far.</param>
    public static int Next(ReplicaSetConfig inForce, ReplicaSetConfig proposed)
    {
        var taken = inForce.Members.Concat(proposed.Members).Select(m => m.Id).ToHashSet();
        var highest = taken.Max();
        return highest < 255 ? highest + 1 : Enumerable.Range(0, 256).First(id => !taken.Contains(id));
    }
}
