using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Admission;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>What the planner's rules look at, as rows with figures: preflight of members that are to be added, health of those that are there.</summary>
internal static class CheckMapper
{
    /// <summary>Whether an application is connected to a member that a migration is about to retire.</summary>
    public const string ApplicationConnections = "ApplicationConnections";

    private const int Most = 200;

    public static IReadOnlyList<CheckStatus> Map(ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy, bool beforeAnything = false)
    {
        var config = observed.Config;
        var rest = RestPlan.For(desired, config);
        var waiting = config?.Members.Where(m => m is { Votes: 0, ArbiterOnly: false } && rest.Find(m.Host) is { Votes: 1 }).Select(m => m.Host).ToHashSet(StringComparer.Ordinal) ?? [];
        return
        [
            .. desired.Members.Where(m => config?.Find(m.Host) is null).SelectMany(m => Preflight.Of(observed, m, policy, h => desired.Find(h) is not null)).Select(Row)
                .Concat(config?.Members.Where(m => m.IsDataBearing).SelectMany(m => Health(m, observed, desired, policy, waiting.Contains(m.Host))) ?? [])
                .Concat(DefaultConcernReadiness.Of(observed, desired.RegionOf) is { } readiness ? [readiness.Row(observed)] : [])
                .Concat(config is null ? [] : OpenWork.Of(observed, policy).Where(f => f.Passed == false || f.Host == observed.Primary || waiting.Contains(f.Host)).Select(Row))
                .Concat(beforeAnything ? FirstLook.Of(observed, desired, policy) : [])
                .Take(Most),
        ];
    }

    private static IEnumerable<CheckStatus> Health(ConfigMember config, ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy, bool waitsForVote)
    {
        var member = observed.Member(config.Host);
        var limit = policy.MaxReplicationLag + TimeSpan.FromSeconds(config.SecondaryDelaySecs);
        yield return Row("ReplicationLag", config.Host, member.Lag is { } lag ? lag <= limit : null, Buckets.Lag(member.Lag), new Duration(limit).ToString(), "see what it waits for: disk, network, a long index build");
        var mayBePrimary = desired.Find(config.Host) is { CanBeElectable: true } wanted && wanted.Region == desired.PrimaryRegion;
        if (mayBePrimary)
        {
            yield return Row(
                "OplogWindow",
                config.Host,
                member.OplogWindow is { } window ? window >= policy.MinOplogWindow : null,
                Buckets.Window(member.OplogWindow),
                new Duration(policy.MinOplogWindow).ToString(),
                "it may not become primary yet, as change streams resume from its oplog: wait until it reaches back far enough; if it is full, enlarge it with replSetResizeOplog");
        }

        if (desired.HiddenByMigration.Contains(config.Host))
        {
            var applications = member.Applications;
            yield return Row(
                ApplicationConnections,
                config.Host,
                applications is null ? null : applications.Count == 0,
                applications?.Sum(a => a.Connections).ToString(CultureInfo.InvariantCulture),
                "0",
                applications is null ? null : $"{ConnectedApplications.Describe(applications)}: stop them or give them the new hosts; decommissioning waits for that");
        }

        // Of a member at rest one row is enough; of one that waits for its vote all that it waits for.
        foreach (var finding in BeforeVote.Of(observed, policy, config.Host, mayBePrimary).Where(f => waitsForVote || f.Check == "SeenByVoters"))
        {
            yield return Row(finding);
        }
    }

    private static CheckStatus Row(Finding finding) => finding.Warning is { } warning
        ? Row(finding.Check, finding.Host, finding.Passed, finding.Figure, finding.Limit, warning) with { Result = "Warning" }
        : Row(finding.Check, finding.Host, finding.Passed, finding.Figure, finding.Limit, finding.Blocker?.Message);

    private static CheckStatus Row(string name, string member, bool? passed, string? value, string? limit, string? advice) => new()
    {
        Name = name,
        Member = member,
        Result = passed switch { true => "Passed", false => "Failed", null => "Unknown" },
        Value = value,
        Limit = limit,
        Message = passed == false ? advice : null,
    };
}
