using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Tells the world: status, events and metrics.</summary>
internal sealed class StatusReporter(
    IEntityClient<MongoReplicaSet> client,
    IEventRecorder events,
    ReplicaSetMetrics metrics,
    ILogger<MongoReplicaSetController> logger)
{
    /// <summary>Reports a pass.</summary>
    public async Task ReportAsync(PassReport report, ReplicaSetMemory memory, CancellationToken cancellationToken)
    {
        if (report.Observed is { } observed)
        {
            Measure(report.Entity, observed, report.Desired?.PrimaryRegion);
        }

        var isAtRest = report is { Decision: PlanDecision.Settled, Latch: null };
        var choice = FigureThrottle.Choose(report.Entity.Status, StatusMapper.Map(report), new ToldFigures(memory.LastStatusWrite, memory.FiguresDifferSince), isAtRest, report.At);
        await WriteAsync(report.Entity, choice.Status, memory, report.At, cancellationToken);
        memory.FiguresDifferSince = choice.DifferSince;
        memory.LastStatusWrite ??= report.At;
    }

    /// <summary>Publishes exact figures.</summary>
    /// <param name="entity">The object.</param>
    /// <param name="observed">What was seen of its set.</param>
    /// <param name="wantedRegion">Where the primary should be; null: not known.</param>
    public void Measure(MongoReplicaSet entity, ObservedReplicaSet observed, string? wantedRegion) =>
        metrics.Publish(ObjectKey.Of(entity), observed, new Places(entity.Spec, observed.Config), wantedRegion);

    /// <summary>One Event for each configuration that somebody else made.</summary>
    public void TellOfForeignChanges(MongoReplicaSet entity, ReplicaSetMemory memory)
    {
        foreach (var change in memory.History.ForeignChanges.Where(c => memory.ToldOfChangesUntil is null || c.At > memory.ToldOfChangesUntil))
        {
            events.Warning(entity, Reasons.ForeignReconfig, $"somebody else changed the configuration ({change.Kind}, now version {change.Version}): {change.Summary}");
            memory.ToldOfChangesUntil = change.At;
        }
    }

    /// <summary>Writes a status and the events of what changed.</summary>
    /// <returns>The object as stored.</returns>
    public async Task<MongoReplicaSet> WriteAsync(MongoReplicaSet entity, MongoReplicaSetStatus next, ReplicaSetMemory memory, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (ReferenceEquals(next, entity.Status))
        {
            return entity;
        }

        var after = new MongoReplicaSet { Metadata = entity.Metadata, Spec = entity.Spec, Status = next };
        var stored = await client.UpdateStatusAsync(entity, after, cancellationToken);
        memory.LastStatusWrite = at;
        foreach (var transition in Transitions.Between(entity.Status, next))
        {
            if (transition.IsWarning)
            {
                logger.LogWarning("{Set}: {Reason}: {Message}", ObjectKey.Of(entity), transition.Reason, transition.Message);
                events.Warning(entity, transition.Reason, transition.Message);
            }
            else
            {
                logger.LogInformation("{Set}: {Reason}: {Message}", ObjectKey.Of(entity), transition.Reason, transition.Message);
                events.Normal(entity, transition.Reason, transition.Message);
            }
        }

        return stored;
    }
}
