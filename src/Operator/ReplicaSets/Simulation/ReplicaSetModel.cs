using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Simulation;

/// <summary>
/// A set in which everything goes well, as a function from one observation to the next: what plans are made on. It knows only what the
/// planner's steps do, not how long anything takes.
/// </summary>
public static class ReplicaSetModel
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>The observation after a step that succeeded.</summary>
    public static ObservedReplicaSet After(ObservedReplicaSet observed, Step step)
    {
        var next = step switch
        {
            Reconfig reconfig => Reconfigured(observed, reconfig),
            StepDown down => Elected(observed, Successor(observed, down)),
            Initiate initiate => Initiated(observed, initiate),
            SetDefaultWriteConcern set => observed with { DefaultWriteConcern = new ObservedWriteConcern(set.W, set.WtimeoutMillis, IsExplicit: true) },
            _ => throw new ArgumentException($"the model does not know the step {step.Kind}", nameof(step)),
        };
        return next with { At = observed.At + Heartbeat };
    }

    /// <summary>The observation once everybody is up, has copied the data, follows closely and has done so for the whole window.</summary>
    public static ObservedReplicaSet Ideal(ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy, DateTimeOffset? until)
    {
        var at = observed.At + policy.StabilizationWindow + Heartbeat;
        at = until > at ? until.Value : at;
        var config = observed.Config;
        var hosts = config?.Members.Select(m => m.Host).ToHashSet(StringComparer.Ordinal) ?? [];
        var members = observed.Members.ToDictionary(StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            members[host] = Well(observed, host, hosts, policy, at);
        }

        foreach (var wanted in desired.Members.Where(m => !hosts.Contains(m.Host)))
        {
            var member = observed.Member(wanted.Host);
            members[wanted.Host] = member.Reachable && member.OwnStatus != OwnStatus.Member ? member : Fresh(wanted.Host);
        }

        var ideal = observed with { At = at, Members = members, Config = config is null ? null : config with { IsCommitted = true, Members = [.. config.Members.Select(m => m with { NewlyAdded = false })] } };
        if (config is null)
        {
            return ideal;
        }

        var primary = observed.Primary is { } p && hosts.Contains(p) ? p : config.Members.Where(m => m.IsElectable).OrderByDescending(m => m.Priority).FirstOrDefault()?.Host;
        return primary is null ? ideal : WithPrimary(ideal, primary);
    }

    private static ObservedMember Well(ObservedReplicaSet observed, string host, HashSet<string> hosts, PlanningPolicy policy, DateTimeOffset at)
    {
        var member = observed.Member(host);
        var config = observed.Config!.Find(host)!;
        return member with
        {
            State = member.State == MemberState.Primary ? MemberState.Primary : config.ArbiterOnly ? MemberState.Arbiter : MemberState.Secondary,
            OwnStatus = OwnStatus.Member,
            OwnReplicaSetId = observed.ReplicaSetId,
            Healthy = true,
            Reachable = true,
            TooStale = false,
            InitialSync = null,
            Lag = TimeSpan.Zero,
            SteadySince = DateTimeOffset.MinValue + TimeSpan.FromDays(1) < at ? at - policy.StabilizationWindow - Heartbeat : at,
            OplogWindow = member.OplogWindow > policy.MinOplogWindow ? member.OplogWindow : policy.MinOplogWindow,
            FeatureCompatibilityTarget = null,
            FeatureCompatibilityVersion = observed.Member(observed.Primary ?? host).FeatureCompatibilityVersion,
            SeenHealthyBy = hosts.Where(h => h != host).ToHashSet(StringComparer.Ordinal),
            OldestTransactionAge = TimeSpan.Zero,
            IndexBuilds = 0,
            Unanswered = new Dictionary<Question, string>(),
        };
    }

    private static ObservedMember Fresh(string host) => new() { Host = host, Reachable = true, OwnStatus = OwnStatus.NotYetInitialized };

    private static ObservedReplicaSet Reconfigured(ObservedReplicaSet observed, Reconfig step)
    {
        // A primary writes its own term into the configuration, whatever a forced one left there.
        var config = ConfigChanges.Apply(observed.Config!, step) with { Term = step.Force ? -1 : observed.Term ?? observed.Config!.Term };
        var members = observed.Members.ToDictionary(StringComparer.Ordinal);
        foreach (var added in step.Additions)
        {
            members[added.Host] = observed.Member(added.Host) with
            {
                State = added.ArbiterOnly ? MemberState.Arbiter : MemberState.Startup2,
                Healthy = true,
                OwnStatus = OwnStatus.Member,
                OwnReplicaSetId = observed.ReplicaSetId,
            };
        }

        foreach (var removed in step.Removals)
        {
            members[removed.Host] = observed.Member(removed.Host) with { State = MemberState.Removed, Healthy = null, OwnStatus = OwnStatus.Removed, SteadySince = null, Lag = null };
        }

        foreach (var renamed in step.Edits.Where(e => e.NewHost is not null))
        {
            members[renamed.NewHost!] = observed.Member(renamed.Host) with { Host = renamed.NewHost!, OwnName = renamed.NewHost };
            foreach (var (host, member) in members.Where(m => m.Value.SeenHealthyBy.Contains(renamed.Host)).ToList())
            {
                members[host] = member with { SeenHealthyBy = member.SeenHealthyBy.Select(h => h == renamed.Host ? renamed.NewHost! : h).ToHashSet(StringComparer.Ordinal) };
            }
        }

        var next = observed with { Config = config, Members = members };
        return step.Force
            ? Elected(next with { Config = config with { Version = config.Version + 10_000 } }, step.RunOn)
            : WithPrimary(next, observed.Primary!);
    }

    private static string Successor(ObservedReplicaSet observed, StepDown step) => observed.Config!.Voters
        .Where(m => m.IsElectable && m.Host != step.PrimaryHost && observed.Member(m.Host) is { Healthy: true, Reachable: true })
        .OrderByDescending(m => m.Priority)
        .ThenByDescending(m => step.Successors.Contains(m.Host))
        .FirstOrDefault()?.Host ?? step.PrimaryHost;

    private static ObservedReplicaSet Elected(ObservedReplicaSet observed, string primary)
    {
        var term = (observed.Term ?? 0) + 1;
        return WithPrimary(observed with { Term = term, Config = observed.Config! with { Term = term } }, primary);
    }

    private static ObservedReplicaSet WithPrimary(ObservedReplicaSet observed, string primary)
    {
        var members = observed.Members.ToDictionary(StringComparer.Ordinal);
        foreach (var (host, member) in observed.Members)
        {
            members[host] = host == primary ? member with { State = MemberState.Primary }
                : member.State == MemberState.Primary ? member with { State = MemberState.Secondary, Lag = TimeSpan.Zero }
                : member;
        }

        return observed with
        {
            Primary = primary,
            Members = members,
            PrimaryViews = [.. observed.Config!.Members.Where(m => observed.Member(m.Host).Reachable).Select(m => new PrimaryView(m.Host, primary, observed.Term))],
        };
    }

    private static ObservedReplicaSet Initiated(ObservedReplicaSet observed, Initiate step)
    {
        const string id = "000000000000000000000000";
        var config = new ReplicaSetConfig { SetName = step.SetName, Version = 1, Term = 1, Members = [step.Member] };
        var members = observed.Members.ToDictionary(StringComparer.Ordinal);
        members[step.Member.Host] = observed.Member(step.Member.Host) with
        {
            Reachable = true,
            Healthy = true,
            State = MemberState.Primary,
            OwnStatus = OwnStatus.Member,
            OwnReplicaSetId = id,
            SteadySince = observed.At,
        };
        return WithPrimary(observed with { ReplicaSetId = id, SetName = step.SetName, Term = 1, Config = config, Members = members }, step.Member.Host);
    }
}
