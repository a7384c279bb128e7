using System.Net;
using k8s;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;

namespace Modestano.Operator.Runtime.Leadership;

/// <summary>Terms by KubernetesClient's <see cref="LeaderElector"/>: tries for ever, also while the API server is away; releases the lease on a graceful stop.</summary>
internal sealed class LeaseElection(
    IKubernetes kubernetes, RuntimeOptions options, LeaseClock clock, RuntimeMetrics metrics, TimeProvider time, ILogger<LeaseElection> logger) : ITermSource
{
    private readonly LeaseOptions _lease = options.Lease ?? throw new InvalidOperationException("a lease election needs a lease");
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5), options.Seed);

    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        metrics.Leader(_lease.Name).Set(0);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var @lock = new FencedLock(new LeaseLock(kubernetes, _lease.Namespace, _lease.Name, options.Identity), clock, _lease, time, logger);
            try
            {
                await RunTermAsync(@lock, lead, stopping);
                failures = 0;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogWarning(
                    "The election for lease {Namespace}/{Lease} is interrupted and goes on: {Error}",
                    _lease.Namespace, _lease.Name, e.Message);
                await Task.Delay(_backoff.After(++failures), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Not by the elector's own lock: that writes what it read last.
    private async Task<bool> IsHolderAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await kubernetes.CoordinationV1.ReadNamespacedLeaseAsync(_lease.Name, _lease.Namespace, cancellationToken: cancellationToken)).Spec?.HolderIdentity == options.Identity;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // Whoever makes it anew leads: while it is not there nobody does.
            return false;
        }
    }

    /// <summary>From candidate to the end of one term.</summary>
    private async Task RunTermAsync(FencedLock @lock, Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        using var election = new CancellationTokenSource();
        using var term = new CancellationTokenSource();
        using var elector = new LeaderElector(new LeaderElectionConfig(@lock)
        {
            LeaseDuration = _lease.Duration,
            RenewDeadline = _lease.RenewDeadline,
            RetryPeriod = _lease.RetryPeriod,
        });
        // The clock may end the term before the elector notices: then the elector must start over, too.
        using var both = term.Token.Register(election.Cancel);
        Task leading = Task.CompletedTask;
        // A candidate leaves at once; a leader stays until its work has ended, renewing meanwhile.
        using var leave = stopping.Register(() => { if (leading.IsCompleted) { election.Cancel(); } });
        elector.OnNewLeader += leader => logger.LogInformation("Lease {Namespace}/{Lease} is held by {Leader}", _lease.Namespace, _lease.Name, leader);
        elector.OnError += e => logger.LogDebug("Lease {Namespace}/{Lease}: {Error}", _lease.Namespace, _lease.Name, e.Message);
        elector.OnStartedLeading += () =>
        {
            if (stopping.IsCancellationRequested)
            {
                election.Cancel();
                return;
            }

            clock.Begin(term, _lease.Duration, IsHolderAsync);
            metrics.Leader(_lease.Name).Set(1);
            leading = Task.Run(() => lead(term.Token), CancellationToken.None);
            leading.ContinueWith(_ => election.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        };
        elector.OnStoppedLeading += () =>
        {
            metrics.Leader(_lease.Name).Set(0);
            term.Cancel();
        };
        try
        {
            await elector.RunUntilLeadershipLostAsync(election.Token);
        }
        catch (OperationCanceledException) when (election.IsCancellationRequested)
        {
            // Stopped on purpose: by the end of the work, of the term or of the process.
        }
        finally
        {
            await term.CancelAsync();
            await leading;
            clock.End();
            if (stopping.IsCancellationRequested)
            {
                await ReleaseAsync(@lock);
            }
        }

        stopping.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Shortens the lease to a second, so that the next replica takes over at once. The identity stays: a candidate of this client library
    /// never acquires a lease without one. Only after all effects have ended.
    /// </summary>
    private async Task ReleaseAsync(FencedLock @lock)
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            var record = await @lock.GetAsync(deadline.Token);
            if (record?.HolderIdentity != options.Identity)
            {
                return;
            }

            record.LeaseDurationSeconds = 1;
            record.RenewTime = time.GetUtcNow().UtcDateTime;
            if (await @lock.UpdateAsync(record, deadline.Token))
            {
                logger.LogInformation("Lease {Namespace}/{Lease} is released", _lease.Namespace, _lease.Name);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.LogInformation(
                "Lease {Namespace}/{Lease} could not be released and will run out by itself: {Error}",
                _lease.Namespace, _lease.Name, e.Message);
        }
    }
}
