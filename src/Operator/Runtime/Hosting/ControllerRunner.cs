using k8s;
using k8s.Models;
using Modestano.Operator.Runtime.Informers;
using Modestano.Operator.Runtime.Queues;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>Runs one kind's workers for a term.</summary>
internal interface IControllerRunner
{
    /// <summary>Starts to listen to the cache; before the informers start.</summary>
    void Connect();

    /// <summary>Runs the workers.</summary>
    /// <param name="taking">Cancelled: take no further key; returns when the passes under way have ended.</param>
    /// <param name="passes">Handed to the passes.</param>
    Task RunAsync(CancellationToken taking, CancellationToken passes);
}

/// <summary>The workers of one kind: take a key, run a pass, decide when the next one is due.</summary>
internal sealed class ControllerRunner<TEntity>(
    EntityCache<TEntity> cache, EntityQueue<TEntity> feed, Pass<TEntity> pass, Sight sight, RuntimeOptions options, RuntimeMetrics metrics, TimeProvider time,
    ILogger<ControllerRunner<TEntity>> logger)
    : IControllerRunner
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    private readonly Backoff _backoff = new(options.BackoffBase, options.BackoffLimit, options.Seed);
    private readonly ControllerMetrics _metrics = metrics.Controller(Kind.Kind.ToLowerInvariant());
    private readonly QueueMetrics _queueMetrics = metrics.Queue(Kind.Kind.ToLowerInvariant());

    private long _passes;

    public void Connect()
    {
        cache.Changed += change =>
        {
            // A pass that wrote its status has said by its result when the next one is due.
            if (!change.OwnStatusWrite)
            {
                feed.Enqueue(change.Key);
            }
        };
        sight.Changed += (kind, first) =>
        {
            // That edits are not seen is told on every object, and taken back on every one.
            if (first || kind == Kind)
            {
                foreach (var key in cache.Keys())
                {
                    feed.Enqueue(key);
                }
            }
        };
    }

    public async Task RunAsync(CancellationToken taking, CancellationToken passes)
    {
        var workers = options.WorkersFor(Kind);
        using var queue = new WorkQueue(time, _queueMetrics, NamespaceTurns.MostOf(workers));
        var failures = new FailureCounts();
        _metrics.Workers.Set(workers);
        feed.Feed(queue);
        try
        {
            foreach (var key in cache.Keys().Concat(pass.Remembered()))
            {
                queue.Add(key);
            }

            await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(queue, failures, taking, passes), CancellationToken.None)));
        }
        finally
        {
            feed.Feed(null);
        }
    }

    private async Task WorkAsync(WorkQueue queue, FailureCounts failures, CancellationToken taking, CancellationToken passes)
    {
        while (!taking.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await queue.TakeAsync(taking);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _metrics.ActiveWorkers.Inc();
            var started = time.GetTimestamp();
            using var scope = logger.BeginScope(new PassScope(Kind.Kind, key, Interlocked.Increment(ref _passes)));
            try
            {
                var outcome = await pass.RunAsync(key, passes);
                Schedule(queue, failures, key, outcome, time.GetElapsedTime(started));
            }
            finally
            {
                _metrics.ActiveWorkers.Dec();
                queue.Done(key);
            }
        }
    }

    private void Schedule(WorkQueue queue, FailureCounts failures, ObjectKey key, PassOutcome outcome, TimeSpan length)
    {
        if (outcome.Kind == PassOutcomeKind.Abandoned)
        {
            return;
        }

        var result = outcome.Result;
        switch (outcome.Kind)
        {
            case PassOutcomeKind.Conflict:
                // The newer object is on its way through the watch and queues the key by itself; this is for the case that it came already.
                queue.AddAfter(key, TimeSpan.FromMilliseconds(200), DelaySource.Result);
                _metrics.Ended("requeue", length);
                return;
            case PassOutcomeKind.Gone:
                failures.Forget(key);
                queue.Forget(key);
                _metrics.Ended("success", length);
                return;
        }

        if (result.Error is { } error)
        {
            _metrics.Ended("error", length);
            _metrics.Failed(result.IsTerminal);
            if (result.IsTerminal)
            {
                failures.Forget(key);
                logger.LogError("{Kind} {Key}: failed for good until the object changes: {Error}", Kind.Kind, key, error.Message);
                if (result.RequeueAfter is { } anyway)
                {
                    queue.AddAfter(key, anyway, DelaySource.Result);
                }

                return;
            }

            var delay = _backoff.After(failures.Add(key));
            logger.LogWarning(
                "{Kind} {Key}: the pass failed, next attempt in {Delay:0.0} s: {ErrorType}: {Error}",
                Kind.Kind, key, delay.TotalSeconds, error.GetType().Name, error.Message);
            logger.LogDebug(error, "{Kind} {Key}: the failed pass", Kind.Kind, key);
            _queueMetrics.Retries.Inc();
            queue.AddAfter(key, delay, DelaySource.Result);
            return;
        }

        failures.Forget(key);
        if (result.RequeueAfter is { } after)
        {
            queue.AddAfter(key, after, DelaySource.Result);
            _metrics.Ended("requeue_after", length);
        }
        else
        {
            _metrics.Ended("success", length);
        }
    }
}
