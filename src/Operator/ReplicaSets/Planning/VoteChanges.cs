using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>Who gains or yields a vote next (R2: one at a time). Gains come before losses, so that redundancy grows before it shrinks.</summary>
internal sealed class VoteChanges
{
    private readonly PlanContext context;

    /// <summary>For one decision.</summary>
    public VoteChanges(PlanContext context)
    {
        this.context = context;
        Gains = [.. context.Rest.Members
            .Where(r => r.Votes == 1 && (r.ArbiterOnly ? context.Config.Find(r.Host) is null : context.Config.Find(r.Host) is { Votes: 0 }))
            .OrderByDescending(r => r.Region == context.Rest.PrimaryRegion)];
        Losses = [.. context.Config.Members
            .Where(m => m.Votes == 1 && m.Id != context.Primary.Id && context.Rest.Find(m.Host) is not { Votes: 1 })
            .Select((m, i) => (Member: m, Order: i))
            .OrderBy(x => context.IsClose(x.Member.Host))
            .ThenBy(x => context.Rest.Find(x.Member.Host) is not null)
            .ThenBy(x => context.RegionOf(x.Member) == context.Rest.PrimaryRegion)
            .ThenByDescending(x => x.Order)
            .Select(x => x.Member)];
    }

    /// <summary>Members that vote at rest and do not vote now.</summary>
    public IReadOnlyList<RestMember> Gains { get; }

    /// <summary>A member that votes at rest is still to be added.</summary>
    public bool AwaitsNewcomer => context.Rest.Members.Any(r => r is { Votes: 1, ArbiterOnly: false } && context.Config.Find(r.Host) is null);

    /// <summary>Members that vote now and not at rest, the primary left out; the one to go first comes first.</summary>
    public IReadOnlyList<ConfigMember> Losses { get; }

    /// <summary>Why a member cannot have its vote now (R3); null: it can.</summary>
    public Blocker? NotReady(RestMember gain) => gain.ArbiterOnly ? MemberAdmission.Check(context, gain) : NewcomerReadiness.Check(context, gain.Host);

    /// <summary>What stands against any change of votes; null: nothing.</summary>
    public Blocker? Standstill()
    {
        if (context.Config.Members.FirstOrDefault(m => m.NewlyAdded) is { } newly)
        {
            return new Blocker(PlanReasons.AutomaticReconfig, $"the server gives {newly.Host} its vote by itself when its initial sync is done");
        }

        return OpenWork.Check(context);
    }

    /// <summary>The configuration with a vote given.</summary>
    public static ReplicaSetConfig Give(ReplicaSetConfig config, RestMember gain)
    {
        if (config.Find(gain.Host) is null)
        {
            var arbiter = new ConfigMember { Id = MemberIds.Next(config), Host = gain.Host, ArbiterOnly = true, Priority = 0, Horizons = gain.Horizons ?? new Dictionary<string, string>() };
            return config with { Members = [.. config.Members, arbiter] };
        }

        return config with { Members = [.. config.Members.Select(m => m.Host == gain.Host ? m with { Votes = 1, Hidden = gain.Hidden } : m)] };
    }

    /// <summary>The configuration with a vote taken: a member that stays keeps its place without vote, another one leaves.</summary>
    public ReplicaSetConfig Take(ReplicaSetConfig config, ConfigMember loss) => context.Rest.Find(loss.Host) is { ArbiterOnly: false }
        ? config with { Members = [.. config.Members.Select(m => m.Id == loss.Id ? m with { Votes = 0, Priority = 0 } : m)] }
        : config with { Members = [.. config.Members.Where(m => m.Id != loss.Id)] };
}

/// <summary><c>_id</c>s of new members.</summary>
internal static class MemberIds
{
    /// <summary>One above the highest, as a freed one may still be known to a member that was away; the lowest free one beyond 255.</summary>
    public static int Next(ReplicaSetConfig config)
    {
        var highest = config.Members.Max(m => m.Id);
        return highest < 255 ? highest + 1 : Enumerable.Range(0, 256).First(id => config.Members.All(m => m.Id != id));
    }
}
