using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Takes one step: looks live whether it may still be taken, then sends it within the lease's time.</summary>
internal sealed class StepExecutor(
    IReplicaSetGateway gateway,
    OverrideReader overrides,
    IEntityClient<MongoReplicaSet> client,
    ILeadership leadership,
    ReplicaSetMetrics metrics,
    TimeProvider time,
    ILogger<StepExecutor> logger)
{
    /// <summary>How long a new primary is waited for after a step-down, to measure the gap.</summary>
    private static readonly TimeSpan NewPrimaryLimit = TimeSpan.FromSeconds(15);

    /// <summary>Takes the step.</summary>
    /// <param name="set">The object that the step was planned for.</param>
    /// <param name="target">Its members.</param>
    /// <param name="observed">What the step was planned from.</param>
    /// <param name="planned">The override that it was planned under.</param>
    /// <param name="step">The step.</param>
    /// <param name="beforeSending">What has to be written first, once nothing speaks against the step any more; null: nothing.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <returns>What was done; null: it may no longer be taken, and nothing was sent.</returns>
    public async Task<(LastAction Action, PastStep Step)?> ExecuteAsync(
        MongoReplicaSet set,
        ReplicaSetTarget target,
        ObservedReplicaSet observed,
        OverrideDecision planned,
        Step step,
        Func<CancellationToken, Task>? beforeSending,
        CancellationToken cancellationToken)
    {
        if (!await MayStillActAsync(set, planned, cancellationToken))
        {
            return null;
        }

        // Before it, too: a process that dies in between leaves a word.
        var start = time.GetTimestamp();
        logger.LogInformation("{Key}: {Step} begins: {Summary}", ObjectKey.Of(set), step.Kind, step.Summary);
        StepResult result;
        using (var effect = leadership.BeginEffect(LimitOf(step), cancellationToken))
        {
            if (step is StepDown or Reconfig { Force: true })
            {
                await leadership.ConfirmAsync(effect.Token);
            }

            await (beforeSending?.Invoke(effect.Token) ?? Task.CompletedTask);
            result = await gateway.ExecuteAsync(target, step, observed.Primary, effect.Remaining, effect.Token);
        }

        metrics.CountStep(step.Kind, result.Outcome.ToString());
        logger.LogInformation(
            "{Key}: {Step} {Outcome} after {Milliseconds} ms: {Summary}",
            ObjectKey.Of(set), step.Kind, result.Outcome, (long)time.GetElapsedTime(start).TotalMilliseconds, Summarize(step, result));
        var gap = step is StepDown && result.Outcome != StepOutcome.Refused ? await MeasureGapAsync(target, observed, start, cancellationToken) : null;
        var action = new LastAction
        {
            Kind = step.Kind,
            Summary = Summarize(step, result),
            Time = WholeSeconds.Of(time.GetUtcNow()),
            Outcome = result.Outcome.ToString(),
            WriteGapMillis = gap,
        };
        return (action, new PastStep(time.GetUtcNow(), step, result.Outcome, StepOutcomes.RefusalOf(result)) { AwaitedMajority = StepOutcomes.AwaitsMajority(result) });
    }

    private async Task<bool> MayStillActAsync(MongoReplicaSet set, OverrideDecision planned, CancellationToken cancellationToken)
    {
        var live = await client.GetAsync(ObjectKey.Of(set), cancellationToken);
        if (live is null
            || live.Metadata.Uid != set.Metadata.Uid
            || live.Metadata.Generation != set.Metadata.Generation
            || live.Metadata.DeletionTimestamp is not null
            || live.GetAnnotation(Annotations.Hold) is not null)
        {
            return false;
        }

        return (await overrides.ReadAsync(live, live.Status?.Override, cancellationToken)).StillAllows(planned);
    }

    private async Task<long?> MeasureGapAsync(ReplicaSetTarget target, ObservedReplicaSet observed, long start, CancellationToken cancellationToken)
    {
        var candidates = observed.Config?.Members.Where(m => m.IsDataBearing).Select(m => m.Host).ToList() ?? [];
        return await gateway.AwaitPrimaryAsync(target, candidates, NewPrimaryLimit, cancellationToken) is null
            ? null
            : (long)time.GetElapsedTime(start).TotalMilliseconds;
    }

    private static TimeSpan LimitOf(Step step) => step switch
    {
        StepDown stepDown => TimeSpan.FromSeconds(stepDown.CatchUpSecs + 6),
        Reconfig => TimeSpan.FromSeconds(12),
        _ => TimeSpan.FromSeconds(10),
    };

    private static string Summarize(Step step, StepResult result)
    {
        var text = result.Failure is { } failure ? $"{step.Summary}: {failure}" : step.Summary;
        return OneLine.Of(text, 1024);
    }
}
