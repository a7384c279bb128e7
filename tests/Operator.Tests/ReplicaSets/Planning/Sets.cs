using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>Builds sets and topologies in few words. Members are named by region and number: <c>a1</c> is host <c>a1:27017</c> in region <c>a</c>.</summary>
internal static class Sets
{
    public const string Owner = "cluster/shop/marketplace";
    public const string Id = "6b043562011e4f57301d0632";
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    public static readonly PlanningPolicy Policy = new() { AdoptionNeedsApproval = false, MaxConcurrentInitialSyncs = 10 };

    public static string Host(string name) => $"{name}:27017";

    public static string[] Names(char region, int count) => [.. Enumerable.Range(1, count).Select(i => $"{region}{i}")];

    public static DesiredMember Wanted(string name) => new()
    {
        Host = Host(name),
        Region = name[..1],
        Zone = $"{name[0]}-{(int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture) - 1) % 3}",
        Tags = TagNames.Of(name[..1], $"{name[0]}-{(int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture) - 1) % 3}", Owner, null),
    };

    public static DesiredTopology Topology(string primaryRegion, params string[] names) => Topology(primaryRegion, names.Select(Wanted));

    public static DesiredTopology Topology(string primaryRegion, IEnumerable<DesiredMember> members)
    {
        var all = members.ToList();
        return new DesiredTopology
        {
            SetName = "rs0",
            PrimaryRegion = primaryRegion,
            Members = all,
            Regions = all.ToDictionary(m => m.Host, m => m.Region),
            Owner = Owner,
        };
    }

    public static ConfigMember Member(int id, string name) => new() { Id = id, Host = Host(name), Tags = Wanted(name).Tags };

    public static ReplicaSetConfig Config(params string[] names) => new() { SetName = "rs0", Version = 5, Term = 3, Members = [.. names.Select((n, i) => Member(i, n))] };

    /// <summary>A configuration at rest: priority 2 in the primary's region, 1 elsewhere.</summary>
    public static ReplicaSetConfig Rested(char primaryRegion, params string[] names)
    {
        var config = Config(names);
        return config with { Members = [.. config.Members.Select(m => m with { Priority = m.Host[0] == primaryRegion ? 2 : 1 })] };
    }

    /// <summary>The configuration with one member changed.</summary>
    public static ReplicaSetConfig With(this ReplicaSetConfig config, string name, Func<ConfigMember, ConfigMember> change) =>
        config with { Members = [.. config.Members.Select(m => m.Host == Host(name) ? change(m) : m)] };

    /// <summary>As a newcomer joins: hidden, without vote.</summary>
    public static ConfigMember Joined(ConfigMember member) => member with { Votes = 0, Priority = 0, Hidden = true };

    /// <summary>Everybody in the configuration is well and has been for an hour; everybody else is fresh.</summary>
    public static ObservedReplicaSet Observed(ReplicaSetConfig config, string primary, params string[] fresh)
    {
        var hosts = config.Members.Select(m => m.Host).ToList();
        var members = config.Members.ToDictionary(m => m.Host, m => Well(m, Host(primary), hosts));
        foreach (var name in fresh.Where(n => !members.ContainsKey(Host(n))))
        {
            members[Host(name)] = new ObservedMember { Host = Host(name), Reachable = true, OwnStatus = OwnStatus.NotYetInitialized };
        }

        return new ObservedReplicaSet
        {
            At = Now,
            ReplicaSetId = Id,
            SetName = config.SetName,
            Primary = Host(primary),
            Term = config.Term,
            Config = config,
            DefaultWriteConcern = new ObservedWriteConcern("majority", 0, IsExplicit: true),
            Members = members,
            PrimaryViews = [.. hosts.Select(h => new PrimaryView(h, Host(primary), config.Term))],
        };
    }

    public static ObservedMember Well(ConfigMember m, string primary, IEnumerable<string> hosts) => new()
    {
        Host = m.Host,
        State = m.Host == primary ? MemberState.Primary : m.ArbiterOnly ? MemberState.Arbiter : MemberState.Secondary,
        Healthy = true,
        Reachable = true,
        OwnStatus = OwnStatus.Member,
        OwnReplicaSetId = Id,
        Lag = TimeSpan.Zero,
        SteadySince = Now - TimeSpan.FromHours(1),
        OplogWindow = TimeSpan.FromHours(72),
        Version = "7.0.14",
        FeatureCompatibilityVersion = "7.0",
        SeenHealthyBy = hosts.Where(h => h != m.Host).ToHashSet(),
        OldestTransactionAge = TimeSpan.Zero,
        IndexBuilds = 0,
    };

    public static ObservedReplicaSet With(this ObservedReplicaSet observed, string name, Func<ObservedMember, ObservedMember> change)
    {
        var members = observed.Members.ToDictionary();
        members[Host(name)] = change(observed.Member(Host(name)));
        return observed with { Members = members };
    }

    /// <summary>A decision that waits for something, as <c>reason: message</c>.</summary>
    public static string Words(PlanDecision decision) => decision switch
    {
        PlanDecision.Wait wait => $"{wait.Reason}: {wait.Message}",
        PlanDecision.Stalled stalled => $"{stalled.Reason}: {stalled.Message}",
        PlanDecision.AwaitingApproval approval => $"{approval.Reason}: {approval.Message}",
        _ => $"{decision}",
    };

    public static PlanIdentity Identity => new("uid", 1, null);
}
