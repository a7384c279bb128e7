using Modestano.Operator.Runtime.Informers;
using Modestano.Operator.Runtime.Leadership;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>
/// Starts the informers on every replica and, once all have listed their kind, the workers on the leader only. A cache that is not full yet
/// could make a controller believe that a migration or a rival object does not exist. Where a kind cannot be listed the workers start too, as
/// somebody has to tell so on the objects of the others: every pass then ends with <see cref="KindNotSeenException"/> before it begins.
/// </summary>
internal sealed class ControllerHost(
    IEnumerable<IInformer> informers, IEnumerable<IControllerRunner> controllers, IEnumerable<IWatchMapping> mappings, ITermSource terms,
    IEnumerable<ILeadershipListener> listeners, Sight sight, RuntimeOptions options, RuntimeState state, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<ControllerHost> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var informing = new CancellationTokenSource();
        try
        {
            foreach (var mapping in mappings)
            {
                mapping.Connect();
            }

            foreach (var controller in controllers)
            {
                controller.Connect();
            }

            // Not before the endpoints listen: a second process on the same ports must fail without having led.
            await StartedAsync(stoppingToken);
            var started = time.GetTimestamp();
            var running = informers.Select(i => i.RunAsync(informing.Token)).ToArray();
            var synced = ReadyAsync(started, stoppingToken);
            await Task.WhenAny(synced, sight.Told).Unwrap();
            if (sight.Lost is not { } lost)
            {
                await synced;
            }
            else
            {
                logger.LogWarning("{Kinds} cannot be listed: this replica leads only to tell so, until they can", lost);
            }

            await terms.RunAsync(term => LeadAsync(term, stoppingToken), stoppingToken);
            await informing.CancelAsync();
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before the first term.
        }
        catch (Exception e)
        {
            logger.LogCritical(e, "The runtime has failed; the process ends so that it is started anew");
            state.Break(e.Message);
            lifetime.StopApplication();
        }
        finally
        {
            await informing.CancelAsync();
        }
    }

    private async Task ReadyAsync(long started, CancellationToken stopping)
    {
        await Task.WhenAll(informers.Select(i => i.Synced)).WaitAsync(stopping);
        state.Ready();
        logger.LogInformation("All kinds are listed after {Seconds:0.00} s", time.GetElapsedTime(started).TotalSeconds);
    }

    private async Task StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }

    /// <summary>One term: until it is lost, or until the passes under way when the process was asked to stop have ended.</summary>
    private async Task LeadAsync(CancellationToken term, CancellationToken stopping)
    {
        logger.LogInformation("Leading as {Identity}", options.Identity);
        // A pass may finish after the process was asked to stop, but not for ever.
        using var passes = CancellationTokenSource.CreateLinkedTokenSource(term);
        using var grace = stopping.Register(() => passes.CancelAfter(options.StopGrace));
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(term, stopping);
        try
        {
            await Task.WhenAll(controllers.Select(c => c.RunAsync(taking.Token, passes.Token)));
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.StoppedLeading();
            }

            logger.LogInformation("No longer leading: {Reason}", stopping.IsCancellationRequested ? "the process stops" : "the lease is lost");
        }
    }
}
