using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>The effective topology: the spec with a latched override laid over it. What the spec leaves open is derived.</summary>
public sealed record DesiredTopology
{
    /// <summary>The set's name.</summary>
    public required string SetName { get; init; }

    /// <summary>The region that the primary belongs to.</summary>
    public required string PrimaryRegion { get; init; }

    /// <summary>The members in the spec's order, retired ones left out.</summary>
    public required IReadOnlyList<DesiredMember> Members { get; init; }

    /// <summary>Hosts that a migration retires: they leave, whatever <see cref="RemoveOthers"/> says.</summary>
    public IReadOnlySet<string> Retired { get; init; } = new HashSet<string>();

    /// <summary>Hosts that a migration hides from applications; they stay in the set.</summary>
    public IReadOnlySet<string> HiddenByMigration { get; init; } = new HashSet<string>();

    /// <summary>Host to region for every member that the spec names, retired ones too.</summary>
    public IReadOnlyDictionary<string, string> Regions { get; init; } = new Dictionary<string, string>();

    /// <summary>True: <see cref="PrimaryRegion"/> is a migration's, so the spec's own priorities may speak for another region.</summary>
    public bool PrimaryRegionIsOverridden { get; init; }

    /// <summary>True: members of the configuration that are not in <see cref="Members"/> are removed; false: they stay as they are.</summary>
    public bool RemoveOthers { get; init; } = true;

    /// <summary>Settings to keep; null fields are not managed.</summary>
    public ConfigSettings Settings { get; init; } = new();

    /// <summary>The default write concern to make explicit where a plan needs it; null: none given.</summary>
    public DesiredWriteConcern? DefaultWriteConcern { get; init; }

    /// <summary>The value of the tag <see cref="TagNames.Owner"/>: <c>cluster uid/namespace/name</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>True: a set that nobody has initiated may be initiated.</summary>
    public bool MayInitiate { get; init; }

    /// <summary>The member with this host; null: not wanted.</summary>
    public DesiredMember? Find(string host) => Members.FirstOrDefault(m => m.Host == host);

    /// <summary>The region of a member of the set: the spec's word, else its tag, else empty.</summary>
    public string RegionOf(ConfigMember member) =>
        Regions.TryGetValue(member.Host, out var region) ? region
        : Find(member.Host)?.Region ?? (member.Tags.TryGetValue(TagNames.Region, out var tag) ? tag : "");

    /// <summary>The effective topology of a spec.</summary>
    /// <param name="spec">The spec, as the API server admitted it.</param>
    /// <param name="owner"><c>cluster uid/namespace/name</c>.</param>
    /// <param name="latched">The override that the status holds; null: none.</param>
    public static DesiredTopology From(MongoReplicaSetSpec spec, string owner, LatchedOverride? latched = null)
    {
        var retired = new HashSet<string>(latched?.RetiredMembers ?? [], HostNames.Comparer);
        var voteless = new HashSet<string>(latched?.VotelessMembers ?? [], HostNames.Comparer);
        var hidden = new HashSet<string>(latched?.HiddenMembers ?? [], HostNames.Comparer);
        return new DesiredTopology
        {
            SetName = spec.ReplicaSetName,
            PrimaryRegion = latched?.PrimaryRegion ?? spec.PrimaryRegion,
            Members = [.. from r in spec.Regions from m in r.Members where !retired.Contains(m.Host) select Member(r.Name, Overridden(m), owner)],
            Retired = retired,
            HiddenByMigration = hidden,
            Regions = spec.Regions.SelectMany(r => r.Members, (r, m) => (m.Host, r.Name)).DistinctBy(p => p.Host).ToDictionary(p => p.Host, p => p.Name, StringComparer.Ordinal),
            PrimaryRegionIsOverridden = latched?.PrimaryRegion is { } region && region != spec.PrimaryRegion,
            RemoveOthers = spec.Reconfiguration.Removal != "Retain",
            Settings = Of(spec.Settings),
            DefaultWriteConcern = spec.DefaultWriteConcern is { } w ? new DesiredWriteConcern(w.W, w.Wtimeout ?? 0) : null,
            Owner = owner,
            MayInitiate = spec.Bootstrap == "Initiate",
        };

        MemberSpec Overridden(MemberSpec member)
        {
            var seen = hidden.Contains(member.Host) ? member with { Hidden = true, Priority = null } : member;
            return voteless.Contains(member.Host) ? seen with { Votes = 0, Priority = null } : seen;
        }
    }

    /// <summary>The same with the hosts spelt as the configuration spells them: MongoDB takes two spellings for two members.</summary>
    public DesiredTopology SpelledAs(ReplicaSetConfig? config)
    {
        if (config is null || Regions.Keys.All(h => config.Find(h) is not null || !config.Members.Any(m => HostNames.Same(m.Host, h))))
        {
            return this;
        }

        var hosts = config.Members.Select(m => m.Host).ToList();
        return this with
        {
            Members = [.. Members.Select(m => m with { Host = m.Host.SpelledAs(hosts) })],
            Regions = Regions.Select(r => (Host: r.Key.SpelledAs(hosts), Region: r.Value)).DistinctBy(r => r.Host).ToDictionary(r => r.Host, r => r.Region, StringComparer.Ordinal),
        };
    }

    private static DesiredMember Member(string region, MemberSpec spec, string owner)
    {
        var arbiter = spec.ArbiterOnly ?? false;
        return new DesiredMember
        {
            Host = spec.Host,
            Region = region,
            Zone = spec.Zone,
            Votes = arbiter ? 1 : spec.Votes,
            Priority = spec.Priority is { } priority ? double.Parse(priority.ToString(), CultureInfo.InvariantCulture) : null,
            Hidden = spec.Hidden ?? false,
            ArbiterOnly = arbiter,
            SecondaryDelaySecs = spec.SecondaryDelaySecs ?? 0,
            BuildIndexes = spec.BuildIndexes ?? true,
            Tags = arbiter ? new Dictionary<string, string>() : TagNames.Of(region, spec.Zone, owner, spec.Tags),
            TagsOfSpec = (spec.Tags ?? new Dictionary<string, string>()).Keys.ToHashSet(StringComparer.Ordinal),
            Horizons = spec.Horizons,
            AttestedUninitialised = spec.Uninitialised ?? false,
        };
    }

    private static ConfigSettings Of(ReplicaSetSettings? settings) => settings is null
        ? new ConfigSettings()
        : new ConfigSettings
        {
            ElectionTimeoutMillis = settings.ElectionTimeoutMillis,
            HeartbeatIntervalMillis = settings.HeartbeatIntervalMillis,
            HeartbeatTimeoutSecs = settings.HeartbeatTimeoutSecs,
            CatchUpTimeoutMillis = settings.CatchUpTimeoutMillis,
            CatchUpTakeoverDelayMillis = settings.CatchUpTakeoverDelayMillis,
            ChainingAllowed = settings.ChainingAllowed,
            GetLastErrorModes = settings.GetLastErrorModes,
        };
}

/// <summary>One wanted member. Null votes or priority: derived.</summary>
public sealed record DesiredMember
{
    /// <summary>host:port.</summary>
    public required string Host { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary>Its zone; null: not told.</summary>
    public string? Zone { get; init; }

    /// <summary>0 or 1; an arbiter always votes.</summary>
    public int? Votes { get; init; }

    /// <summary>0 to 1000.</summary>
    public double? Priority { get; init; }

    /// <summary>Invisible to applications.</summary>
    public bool Hidden { get; init; }

    /// <summary>Votes, holds no data.</summary>
    public bool ArbiterOnly { get; init; }

    /// <summary>Seconds behind on purpose.</summary>
    public long SecondaryDelaySecs { get; init; }

    /// <summary>False: builds no indexes.</summary>
    public bool BuildIndexes { get; init; } = true;

    /// <summary>All tags that the operator manages on it: those of the spec, region, zone and owner. Other tags of the member stay.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of the tags that the spec itself gives. A place that it does not give is written only where the member has none.</summary>
    public IReadOnlySet<string> TagsOfSpec { get; init; } = new HashSet<string>();

    /// <summary>Split-horizon names; null: not managed.</summary>
    public IReadOnlyDictionary<string, string>? Horizons { get; init; }

    /// <summary>A person's word that it was never initialised (R8); counts only where the member itself cannot tell.</summary>
    public bool AttestedUninitialised { get; init; }

    /// <summary>Could be primary: it holds data, follows without delay, is visible and has all indexes.</summary>
    public bool CanBeElectable => !ArbiterOnly && !Hidden && SecondaryDelaySecs == 0 && BuildIndexes && Votes != 0 && Priority != 0;
}

/// <summary>The default write concern that the spec names.</summary>
/// <param name="W"><c>majority</c>, a number as text, or a custom mode.</param>
/// <param name="WtimeoutMillis">Milliseconds; 0: without limit.</param>
public sealed record DesiredWriteConcern(string W, int WtimeoutMillis);
