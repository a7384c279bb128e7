using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Observability;
using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.Migrations.Status;

/// <summary>Where migrations are, from the leader only. Series of a migration go away with it, and all of them with the lead.</summary>
public sealed class MigrationMetrics : ILeadershipListener
{
    private readonly Gauge _phase;
    private readonly Gauge _phaseStart;
    private readonly Gauge _held;
    private readonly Gauge _awaiting;
    private readonly Gauge _gate;
    private readonly ObjectSeries _series = new();

    /// <summary>Registers the metrics.</summary>
    public MigrationMetrics(IMetricFactory metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        string[] byObject = ["namespace", "name"];
        _phase = metrics.CreateGauge("modestano_migration_phase", "1 for the phase that the migration is in.", [.. byObject, "phase"]);
        _phaseStart = metrics.CreateGauge("modestano_migration_phase_start_time_seconds", "When the phase was entered, as a Unix time.", byObject);
        _held = metrics.CreateGauge("modestano_migration_held", "1 where somebody asked for a stop.", byObject);
        _awaiting = metrics.CreateGauge("modestano_migration_awaiting_promotion", "1 where a step without a hold waits for a person to promote it.", byObject);
        _gate = metrics.CreateGauge("modestano_migration_gate_passing", "1 where the gate holds, 0 where it fails or has no data; only while it is evaluated.", [.. byObject, "gate"]);
    }

    /// <summary>Publishes a status and the gates that this pass evaluated; series of gates that are not evaluated vanish.</summary>
    public void Publish(ObjectKey key, RegionMigrationStatus status, IReadOnlyList<GateStatus> gates)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(gates);
        _series.Publish(key, set =>
        {
            set(_phase, 1, [key.Namespace, key.Name, status.Phase ?? MigrationPhases.Pending]);
            set(_held, status.Conditions?.Any(c => c is { Type: ConditionTypes.Held, Status: "True" }) == true ? 1 : 0, [key.Namespace, key.Name]);
            set(_awaiting, status.Conditions?.Any(c => c is { Type: ConditionTypes.AwaitingApproval, Status: "True" }) == true ? 1 : 0, [key.Namespace, key.Name]);
            if (status.PhaseStartTime is { } start)
            {
                set(_phaseStart, new DateTimeOffset(start.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0, [key.Namespace, key.Name]);
            }

            foreach (var gate in gates)
            {
                set(_gate, gate.Result == "Passing" ? 1 : 0, [key.Namespace, key.Name, gate.Name]);
            }
        });
    }

    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key) => _series.Forget(key);

    /// <inheritdoc/>
    public void StoppedLeading() => _series.ForgetAll();
}
