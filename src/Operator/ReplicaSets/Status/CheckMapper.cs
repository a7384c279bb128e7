using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>What the planner's rules look at, as rows with figures: preflight of members that are to be added, health of those that are there.</summary>
internal static class CheckMapper
{
    /// <summary>Whether an application is connected to a member that a migration is about to retire.</summary>
    public const string ApplicationConnections = "ApplicationConnections";

    private const int Most = 200;

    public static IReadOnlyList<CheckStatus> Map(ObservedReplicaSet observed, DesiredTopology desired, ReconfigurationSpec limits)
    {
        var newcomers = desired.Members.Where(m => observed.Config?.Find(m.Host) is null).Select(m => observed.Member(m.Host));
        var members = observed.Config?.Members.Where(m => m.IsDataBearing) ?? [];
        return
        [
            .. newcomers.SelectMany(m => Preflight(m, observed))
                .Concat(members.SelectMany(m => Health(m, observed, desired, limits)))
                .Append(Transactions(observed, limits))
                .OfType<CheckStatus>()
                .Take(Most),
        ];
    }

    private static IEnumerable<CheckStatus?> Preflight(ObservedMember member, ObservedReplicaSet observed)
    {
        yield return Row("Reachable", member.Host, member.Reachable, Buckets.Ping(member.Ping), null, member.ConnectionError);
        if (!member.Reachable)
        {
            yield break;
        }

        var isFresh = member.OwnStatus == OwnStatus.NotYetInitialized || (member.OwnStatus == OwnStatus.Removed && member.OwnReplicaSetId == observed.ReplicaSetId);
        yield return Row("NoOtherSet", member.Host, isFresh, member.OwnStatus.ToString(), "NotYetInitialized, or Removed from this set", "give it an empty data directory, or correct the host");
    }

    private static IEnumerable<CheckStatus?> Health(ConfigMember config, ObservedReplicaSet observed, DesiredTopology desired, ReconfigurationSpec limits)
    {
        var member = observed.Member(config.Host);
        var limit = limits.MaxReplicationLag.Value + TimeSpan.FromSeconds(config.SecondaryDelaySecs);
        yield return Row("ReplicationLag", config.Host, member.Lag is { } lag ? lag <= limit : null, Buckets.Lag(member.Lag), new Duration(limit).ToString(), "see what it waits for: disk, network, a long index build");
        if (desired.Find(config.Host) is { CanBeElectable: true } wanted && wanted.Region == desired.PrimaryRegion)
        {
            yield return Row(
                "OplogWindow",
                config.Host,
                member.OplogWindow is { } window ? window >= limits.MinOplogWindow.Value : null,
                Buckets.Window(member.OplogWindow),
                limits.MinOplogWindow.ToString(),
                "enlarge its oplog with replSetResizeOplog: change streams resume from it");
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

        var blind = observed.Config!.Voters.Select(v => v.Host).Where(h => h != config.Host && !member.SeenHealthyBy.Contains(h)).Order(StringComparer.Ordinal).ToList();
        yield return Row("SeenByVoters", config.Host, blind.Count == 0, null, null, $"not seen healthy by {string.Join(", ", blind)}: check the network between them");
    }

    private static CheckStatus? Transactions(ObservedReplicaSet observed, ReconfigurationSpec limits) =>
        observed.Primary is { } primary && observed.Member(primary).OldestTransactionAge is { } age
            ? Row("OldestTransaction", primary, age <= limits.MaxTransactionAge.Value, Buckets.Lag(age), limits.MaxTransactionAge.ToString(), "changes of votes and of the primary wait until it ends")
            : null;

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
