using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Golden;

/// <summary>What was seen, in few words: everybody is well unless <see cref="Otherwise"/> says something else.</summary>
internal sealed class GoldenObservation
{
    /// <summary>The primary's host; null: nobody has a configuration.</summary>
    public string? Primary { get; set; }

    /// <summary>The members in the configuration.</summary>
    public List<GoldenMember> Members { get; set; } = [];

    /// <summary>Hosts that are not in it and were never initialised.</summary>
    public List<string> Fresh { get; set; } = [];

    /// <summary>Milliseconds; null: not in the document.</summary>
    public int? ElectionTimeoutMillis { get; set; }

    /// <summary>Server version of all.</summary>
    public string Version { get; set; } = "7.0.14";

    /// <summary>Hosts of which something else is to be said.</summary>
    public Dictionary<string, GoldenException> Otherwise { get; set; } = [];

    public ObservedReplicaSet ToObservation(MongoReplicaSetSpec spec)
    {
        var config = Primary is null ? null : new ReplicaSetConfig
        {
            SetName = spec.ReplicaSetName,
            Version = 5,
            Term = 3,
            Members = [.. Members.Select((m, id) => m.ToConfig(id))],
            Settings = new ConfigSettings { ElectionTimeoutMillis = ElectionTimeoutMillis },
        };
        var hosts = Members.Select(m => m.Host).ToList();
        var members = config?.Members.ToDictionary(m => m.Host, m => Sets.Well(m, Primary!, hosts) with { Version = Version }) ?? [];
        foreach (var host in Fresh)
        {
            members[host] = new ObservedMember { Host = host, Reachable = true, OwnStatus = OwnStatus.NotYetInitialized, Version = Version };
        }

        foreach (var (host, exception) in Otherwise)
        {
            members[host] = exception.Apply(members.GetValueOrDefault(host) ?? new ObservedMember { Host = host });
        }

        return new ObservedReplicaSet
        {
            At = Sets.Now,
            ReplicaSetId = config is null ? null : Sets.Id,
            SetName = config?.SetName,
            Primary = Primary,
            Term = config?.Term,
            Config = config,
            DefaultWriteConcern = config is null ? null : new ObservedWriteConcern("majority", 0, IsExplicit: false),
            Members = members,
            PrimaryViews = [.. hosts.Select(h => new PrimaryView(h, Primary, 3))],
        };
    }
}

/// <summary>One member of the configuration; its tags are region, zone and owner.</summary>
internal sealed class GoldenMember
{
    public string Host { get; set; } = "";

    public string Region { get; set; } = "";

    public string? Zone { get; set; }

    public int Votes { get; set; } = 1;

    public double Priority { get; set; } = 1;

    public bool Hidden { get; set; }

    public bool ArbiterOnly { get; set; }

    public long SecondaryDelaySecs { get; set; }

    public ConfigMember ToConfig(int id) => new()
    {
        Id = id,
        Host = Host,
        Votes = Votes,
        Priority = Priority,
        Hidden = Hidden,
        ArbiterOnly = ArbiterOnly,
        SecondaryDelaySecs = SecondaryDelaySecs,
        Tags = ArbiterOnly ? new Dictionary<string, string>() : TagNames.Of(Region, Zone, Sets.Owner, null),
    };
}

/// <summary>What is not well with a member.</summary>
internal sealed class GoldenException
{
    public bool? Reachable { get; set; }

    public bool? Healthy { get; set; }

    public MemberState? State { get; set; }

    public OwnStatus? OwnStatus { get; set; }

    public bool NamesNoSet { get; set; }

    public double? LagSeconds { get; set; }

    public double? OplogWindowHours { get; set; }

    public ObservedMember Apply(ObservedMember member) => member with
    {
        Reachable = Reachable ?? member.Reachable,
        Healthy = Healthy ?? member.Healthy,
        State = State ?? member.State,
        OwnStatus = OwnStatus ?? member.OwnStatus,
        NamesNoSet = NamesNoSet,
        Lag = LagSeconds is { } lag ? TimeSpan.FromSeconds(lag) : member.Lag,
        OplogWindow = OplogWindowHours is { } hours ? TimeSpan.FromHours(hours) : member.OplogWindow,
    };
}
