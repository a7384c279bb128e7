using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>The configuration that the set rests in when everything wanted is there: the desired topology with votes and priorities derived.</summary>
public sealed record RestPlan
{
    private readonly Dictionary<string, RestMember> _byHost = [];

    /// <summary>The members that stay: the wanted ones in the spec's order, then retained ones.</summary>
    public required IReadOnlyList<RestMember> Members
    {
        get;
        init
        {
            field = value;
            _byHost = value.DistinctBy(m => m.Host).ToDictionary(m => m.Host, StringComparer.Ordinal);
        }
    }

    /// <summary>The region that the primary belongs to.</summary>
    public required string PrimaryRegion { get; init; }

    /// <summary>The priority of a member that votes and leaves: below every member of the primary's region.</summary>
    public double LowPriority { get; init; } = 1;

    /// <summary>Why nobody can build this topology, and what to change; null: it can be built.</summary>
    public string? Problem { get; init; }

    /// <summary>The member with this host; null: it does not stay.</summary>
    public RestMember? Find(string host) => _byHost.GetValueOrDefault(host);

    /// <summary>Whether the primary's region holds a majority of its own at rest (R12).</summary>
    public bool PrimaryRegionHoldsMajority => 2 * Members.Count(m => m.Votes == 1 && m.Region == PrimaryRegion) > Members.Count(m => m.Votes == 1);

    /// <summary>Derives votes and priorities.</summary>
    /// <param name="desired">The effective topology.</param>
    /// <param name="config">The configuration in force: retained members come from it, and between equals the one that votes already keeps its vote. Null: none yet.</param>
    public static RestPlan For(DesiredTopology desired, ReplicaSetConfig? config)
    {
        var retained = config is null || desired.RemoveOthers
            ? []
            : config.Members.Where(m => desired.Find(m.Host) is null && !desired.Retired.Contains(m.Host)).ToList();
        var spec = desired;
        desired = desired with { Members = [.. desired.Members.Select(m => AsFarAsPossible(m, config, desired.Owner))] };
        var candidates = desired.Members.Select((m, i) => Candidate(m, config, i)).Concat(retained.Select((m, i) => Candidate(m, desired.RegionOf(m), i))).ToList();
        var voters = VoteAllocation.AtRest(candidates, desired.PrimaryRegion);
        var unchangeable = config is null ? null : spec.Members.FirstOrDefault(m => config.Find(m.Host) is { } now && DiffersForGood(m, now));
        var classes = PriorityClasses.For(desired, retained.Where(m => desired.RegionOf(m) != desired.PrimaryRegion).Select(m => m.Priority));
        var members = desired.Members.Select(m => Rest(m, voters.Contains(m.Host), classes)).Concat(retained.Select(m => Rest(m, desired.RegionOf(m)))).ToList();
        return new RestPlan
        {
            Members = members,
            PrimaryRegion = desired.PrimaryRegion,
            LowPriority = classes.Low,
            Problem = TopologyProblems.Find(desired, members, classes) is { } problem
                ? unchangeable is null ? problem : $"{ImmutableWords(unchangeable.Host)}; until then, {problem}"
                : null,
        };
    }

    /// <summary>What MongoDB cannot change on a member stays as it is; the planner asks a person to replace it.</summary>
    private static DesiredMember AsFarAsPossible(DesiredMember wanted, ReplicaSetConfig? config, string owner) => config?.Find(wanted.Host) is { } now && DiffersForGood(wanted, now)
        ? wanted with
        {
            ArbiterOnly = now.ArbiterOnly,
            BuildIndexes = now.BuildIndexes,
            Votes = now.ArbiterOnly ? 1 : wanted.ArbiterOnly ? now.Votes : wanted.Votes,
            Tags = now.ArbiterOnly ? new Dictionary<string, string>() : wanted.ArbiterOnly ? TagNames.Of(wanted.Region, wanted.Zone, owner, null) : wanted.Tags,
        }
        : wanted;

    /// <summary>What to do about such a field.</summary>
    internal static string ImmutableWords(string host) => $"MongoDB cannot change arbiterOnly or buildIndexes of {host}: take the member out of the spec, and add it again when it has left the set";

    /// <summary>Whether the member differs from what is wanted in a field that MongoDB cannot change.</summary>
    internal static bool DiffersForGood(DesiredMember wanted, ConfigMember now) => wanted.ArbiterOnly != now.ArbiterOnly || wanted.BuildIndexes != now.BuildIndexes;

    private static VoteCandidate Candidate(DesiredMember m, ReplicaSetConfig? config, int order) => new(
        m.Host,
        m.Region,
        m.Zone ?? "",
        // A delayed member is never caught up, so its vote would only raise the majorities. One that builds no indexes never votes for an index
        // build's commit, and the default commit quorum asks every voter (manual: createIndexes, commitQuorum).
        m.ArbiterOnly ? 1 : m.Votes ?? (m.SecondaryDelaySecs > 0 || !m.BuildIndexes ? 0 : null),
        m.ArbiterOnly,
        m.CanBeElectable,
        m.Priority > 0,
        config?.Find(m.Host)?.IsVoter ?? false,
        order);

    private static VoteCandidate Candidate(ConfigMember m, string region, int order) => new(
        m.Host, region, m.Tags.TryGetValue(TagNames.Zone, out var zone) ? zone : "", m.Votes, m.ArbiterOnly, m.IsElectable, m.Priority > 0, m.IsVoter, 1000 + order);

    private static RestMember Rest(DesiredMember m, bool votes, PriorityClasses classes) => new()
    {
        Host = m.Host,
        Region = m.Region,
        Zone = m.Zone,
        Votes = votes ? 1 : 0,
        VotingPriority = m.CanBeElectable ? classes.Of(m) : 0,
        Hidden = m.Hidden,
        ArbiterOnly = m.ArbiterOnly,
        BuildIndexes = m.BuildIndexes,
        SecondaryDelaySecs = m.SecondaryDelaySecs,
        Tags = m.Tags,
        Horizons = m.Horizons,
    };

    private static RestMember Rest(ConfigMember m, string region) => new()
    {
        Host = m.Host,
        Region = region,
        Zone = m.Tags.TryGetValue(TagNames.Zone, out var zone) ? zone : null,
        Votes = m.Votes,
        VotingPriority = m.Priority,
        Hidden = m.Hidden,
        ArbiterOnly = m.ArbiterOnly,
        BuildIndexes = m.BuildIndexes,
        SecondaryDelaySecs = m.SecondaryDelaySecs,
        Tags = m.Tags,
        Horizons = null,
        IsRetained = true,
    };
}

/// <summary>One member as it rests.</summary>
public sealed record RestMember
{
    /// <summary>host:port.</summary>
    public required string Host { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary>Its zone; null: not told.</summary>
    public string? Zone { get; init; }

    /// <summary>0 or 1.</summary>
    public required int Votes { get; init; }

    /// <summary>The priority that it has while it votes; 0: it cannot be primary.</summary>
    public required double VotingPriority { get; init; }

    /// <summary>The priority at rest: a member without vote has 0.</summary>
    public double Priority => Votes == 1 ? VotingPriority : 0;

    /// <summary>Invisible to applications.</summary>
    public bool Hidden { get; init; }

    /// <summary>Votes, holds no data.</summary>
    public bool ArbiterOnly { get; init; }

    /// <summary>False: builds no indexes.</summary>
    public bool BuildIndexes { get; init; } = true;

    /// <summary>Seconds behind on purpose.</summary>
    public long SecondaryDelaySecs { get; init; }

    /// <summary>The tags that are managed; others of the member stay.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Split-horizon names; null: not managed.</summary>
    public IReadOnlyDictionary<string, string>? Horizons { get; init; }

    /// <summary>Not in the spec; it stays as it is.</summary>
    public bool IsRetained { get; init; }

    /// <summary>Could be primary at rest.</summary>
    public bool IsElectable => Priority > 0;
}
