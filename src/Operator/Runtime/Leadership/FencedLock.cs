using System.Net;
using k8s.Autorest;
using k8s.LeaderElection;

namespace Modestano.Operator.Runtime.Leadership;

/// <summary>
/// The lease as the elector sees it, with what the elector lacks: each call has a deadline, each successful renewal sets the fence's clock,
/// a lease that a Go operator released can be acquired, an unreachable server is an attempt that failed (the elector would give up the term at
/// the first exception instead of at its renew deadline), a live lease of somebody else is not taken because the wall's clock was set ahead (the
/// elector counts on that one), and times are written with six fraction digits, as an API server insists.
/// </summary>
internal sealed class FencedLock(ILock inner, LeaseClock clock, LeaseOptions lease, TimeProvider time, ILogger logger) : ILock
{
    /// <summary>Stands for the holder of a lease that names none: the elector never acquires a lease without a holder, and Go operators release like that.</summary>
    private const string ReleasedByItsHolder = "(released)";

    private bool _troubled;

    /// <summary>Somebody else's lease as it was read last, and since when (timestamp) it has been the same; null: it is nobody's, or this process's.</summary>
    private (string Holder, DateTime? Renewed, DateTime? Acquired, int Transitions, TimeSpan Duration, long Since)? _foreign;

    public string Identity => inner.Identity;

    public async Task<LeaderElectionRecord> GetAsync(CancellationToken cancellationToken = default)
    {
        using var call = Deadline(cancellationToken);
        LeaderElectionRecord? record;
        try
        {
            record = await inner.GetAsync(call.Token);
            Note(null);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // Whoever makes it anew leads: while it is not there nobody does.
            clock.Lost();
            throw;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Note(e);
            throw e as HttpOperationException ?? Unavailable(e);
        }

        if (record?.HolderIdentity != Identity)
        {
            clock.Lost();
        }

        Watch(record);
        if (record is not null && string.IsNullOrEmpty(record.HolderIdentity))
        {
            record = new LeaderElectionRecord
            {
                HolderIdentity = ReleasedByItsHolder,
                LeaseDurationSeconds = 1,
                AcquireTime = record.AcquireTime ?? DateTime.UnixEpoch,
                RenewTime = record.RenewTime ?? DateTime.UnixEpoch,
                LeaderTransitions = record.LeaderTransitions,
            };
        }

        return record!;
    }

    public Task<bool> CreateAsync(LeaderElectionRecord record, CancellationToken cancellationToken = default) =>
        WriteAsync(record, inner.CreateAsync, cancellationToken);

    public Task<bool> UpdateAsync(LeaderElectionRecord record, CancellationToken cancellationToken = default) =>
        _foreign is { } foreign && time.GetElapsedTime(foreign.Since) < foreign.Duration ? Task.FromResult(false) : WriteAsync(record, inner.UpdateAsync, cancellationToken);

    public string Describe() => inner.Describe();

    /// <summary>A lease lives for its duration from when it was last seen to change, on the monotonic clock: nobody sets that one.</summary>
    private void Watch(LeaderElectionRecord? record)
    {
        if (record is null || string.IsNullOrEmpty(record.HolderIdentity) || record.HolderIdentity == Identity)
        {
            _foreign = null;
            return;
        }

        // As long as its holder believes: longer than here, or the one second of a lease that was released.
        var duration = record.LeaseDurationSeconds > 0 ? TimeSpan.FromSeconds(record.LeaseDurationSeconds) : lease.Duration;
        var read = (record.HolderIdentity, record.RenewTime, record.AcquireTime, record.LeaderTransitions);
        if (_foreign is not { } seen || (seen.Holder, seen.Renewed, seen.Acquired, seen.Transitions) != read || seen.Duration != duration)
        {
            _foreign = (record.HolderIdentity, record.RenewTime, record.AcquireTime, record.LeaderTransitions, duration, time.GetTimestamp());
        }
    }

    private async Task<bool> WriteAsync(
        LeaderElectionRecord record, Func<LeaderElectionRecord, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        record.AcquireTime = MicroTime.Of(record.AcquireTime);
        record.RenewTime = MicroTime.Of(record.RenewTime);
        using var call = Deadline(cancellationToken);
        var (sent, wall) = (time.GetTimestamp(), time.GetUtcNow());
        try
        {
            if (!await write(record, call.Token))
            {
                return false;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // It may have been written: the next read tells. The fence stays where it was.
            Note(e);
            return false;
        }

        clock.Renewed(sent, wall);
        return true;
    }

    /// <summary>The form of an error that the elector answers with another attempt.</summary>
    private static HttpOperationException Unavailable(Exception e) => new(e.Message, e)
    {
        Response = new HttpResponseMessageWrapper(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), e.Message),
    };

    private void Note(Exception? error)
    {
        if (error is not null && !_troubled)
        {
            logger.LogWarning(
                "Lease {Namespace}/{Lease} cannot be read or written at the moment: {Error}",
                lease.Namespace, lease.Name, error is OperationCanceledException ? "no answer in time" : error.Message);
        }
        else if (error is null && _troubled)
        {
            logger.LogInformation("Lease {Namespace}/{Lease} can be read again", lease.Namespace, lease.Name);
        }

        _troubled = error is not null;
    }

    private CancellationTokenSource Deadline(CancellationToken cancellationToken)
    {
        var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Several attempts must fit before the renew deadline, a hanging one included.
        call.CancelAfter(lease.RenewDeadline / 3);
        return call;
    }
}
