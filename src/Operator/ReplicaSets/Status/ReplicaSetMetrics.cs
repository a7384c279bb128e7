using Modestano.Operator.Observability;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>Exact figures, from the leader only. Labels are bounded by specs and configurations; series go with their objects and members.</summary>
public sealed class ReplicaSetMetrics : ILeadershipListener
{
    private static readonly string[] MemberLabels = ["namespace", "name", "member", "region"];

    private readonly Gauge _lag;
    private readonly Gauge _state;
    private readonly Gauge _healthy;
    private readonly Gauge _ping;
    private readonly Gauge _regionPing;
    private readonly Gauge _window;
    private readonly Gauge _sync;
    private readonly Gauge _primary;
    private readonly Gauge _version;
    private readonly Counter _steps;
    private readonly Gauge _votes;
    private readonly Gauge _delay;
    private readonly Gauge _wanted;
    private readonly ObjectSeries _series = new();

    /// <summary>Registers the metrics.</summary>
    public ReplicaSetMetrics(IMetricFactory metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _lag = metrics.CreateGauge("modestano_replicaset_member_lag_seconds", "Seconds that a member is behind the primary.", MemberLabels);
        _state = metrics.CreateGauge("modestano_replicaset_member_state", "State of a member as replSetGetStatus numbers it: 1 PRIMARY, 2 SECONDARY.", MemberLabels);
        _healthy = metrics.CreateGauge("modestano_replicaset_member_healthy", "1 where the primary sees the member healthy.", MemberLabels);
        _ping = metrics.CreateGauge("modestano_replicaset_member_ping_seconds", "Round trip from the operator to the member.", MemberLabels);
        _regionPing = metrics.CreateGauge("modestano_replicaset_region_ping_seconds", "Slowest heartbeat from the primary's region to a region.", ["namespace", "name", "from", "to"]);
        _window = metrics.CreateGauge("modestano_replicaset_oplog_window_seconds", "Time between the first and the last entry of a member's oplog.", MemberLabels);
        _sync = metrics.CreateGauge("modestano_replicaset_initial_sync_progress_ratio", "Part of the data that a member has copied.", MemberLabels);
        _primary = metrics.CreateGauge("modestano_replicaset_primary", "1 for the region of the primary.", ["namespace", "name", "region"]);
        _version = metrics.CreateGauge("modestano_replicaset_config_version", "Version of the configuration in force.", ["namespace", "name"]);
        _steps = metrics.CreateCounter("modestano_steps_total", "Steps taken, by kind and outcome.", ["kind", "outcome"]);
        _votes = metrics.CreateGauge("modestano_replicaset_member_votes", "Votes of a member that count in elections.", MemberLabels);
        _delay = metrics.CreateGauge("modestano_replicaset_member_delay_seconds", "Seconds that a member is configured to stay behind.", MemberLabels);
        _wanted = metrics.CreateGauge("modestano_replicaset_primary_wanted", "1 for the region that the primary should be in, by spec or migration.", ["namespace", "name", "region"]);
    }

    /// <summary>A step was taken.</summary>
    public void CountStep(string kind, string outcome) => _steps.WithLabels(kind, outcome).Inc();

    /// <summary>Publishes an observation; series of members that are gone vanish.</summary>
    public void Publish(ObjectKey key, ObservedReplicaSet observed, Places places, string? wantedRegion = null)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(places);
        _series.Publish(key, set =>
        {
            set(_wanted, wantedRegion is null ? null : 1, [key.Namespace, key.Name, wantedRegion ?? ""]);
            foreach (var member in observed.Members.Values.Where(m => observed.Config?.Find(m.Host) is not null))
            {
                string[] labels = [key.Namespace, key.Name, member.Host, places.Region(member.Host) ?? ""];
                set(_lag, member.Lag?.TotalSeconds, labels);
                set(_state, (int)member.State, labels);
                set(_healthy, member.Healthy is { } healthy ? healthy ? 1 : 0 : null, labels);
                set(_ping, member.Ping?.TotalSeconds, labels);
                set(_window, member.OplogWindow?.TotalSeconds, labels);
                set(_sync, member.InitialSync?.Ratio, labels);
                var configured = observed.Config?.Find(member.Host);
                set(_votes, configured is { IsVoter: true } ? 1 : 0, labels);
                set(_delay, configured?.SecondaryDelaySecs, labels);
            }

            set(_version, observed.Config?.Version, [key.Namespace, key.Name]);
            if (observed.Primary is { } primary)
            {
                var from = places.Region(primary) ?? "";
                set(_primary, 1, [key.Namespace, key.Name, from]);
                foreach (var to in observed.Members.Values.Where(m => m.HeartbeatPing is not null).GroupBy(m => places.Region(m.Host) ?? ""))
                {
                    set(_regionPing, to.Max(m => m.HeartbeatPing!.Value.TotalSeconds), [key.Namespace, key.Name, from, to.Key]);
                }
            }
        });
    }

    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key) => _series.Forget(key);

    /// <inheritdoc/>
    public void StoppedLeading() => _series.ForgetAll();
}
