using k8s.LeaderElection;

namespace Modestano.Operator.Runtime.Leadership;

/// <summary>
/// The lease as the elector sees it, with what the elector lacks: each call has a deadline, each successful renewal sets the fence's clock,
/// a lease that a Go operator released can be acquired, and times are written with six fraction digits, as an API server insists.
/// </summary>
internal sealed class FencedLock(ILock inner, LeaseClock clock, LeaseOptions lease, TimeProvider time) : ILock
{
    /// <summary>Stands for the holder of a lease that names none: the elector never acquires a lease without a holder, and Go operators release like that.</summary>
    private const string ReleasedByItsHolder = "(released)";

    public string Identity => inner.Identity;

    /// <summary>The record as last read or written.</summary>
    public LeaderElectionRecord? Last { get; private set; }

    public async Task<LeaderElectionRecord> GetAsync(CancellationToken cancellationToken = default)
    {
        using var call = Deadline(cancellationToken);
        var record = await inner.GetAsync(call.Token);
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

        Last = record;
        return record!;
    }

    public Task<bool> CreateAsync(LeaderElectionRecord record, CancellationToken cancellationToken = default) =>
        WriteAsync(record, inner.CreateAsync, cancellationToken);

    public Task<bool> UpdateAsync(LeaderElectionRecord record, CancellationToken cancellationToken = default) =>
        WriteAsync(record, inner.UpdateAsync, cancellationToken);

    public string Describe() => inner.Describe();

    private async Task<bool> WriteAsync(LeaderElectionRecord record, Func<LeaderElectionRecord, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        record.AcquireTime = MicroTime.Of(record.AcquireTime);
        record.RenewTime = MicroTime.Of(record.RenewTime);
        using var call = Deadline(cancellationToken);
        var sent = time.GetTimestamp();
        if (!await write(record, call.Token))
        {
            return false;
        }

        Last = record;
        clock.Renewed(sent);
        return true;
    }

    private CancellationTokenSource Deadline(CancellationToken cancellationToken)
    {
        var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Several attempts must fit before the renew deadline, a hanging one included.
        call.CancelAfter(lease.RenewDeadline / 3);
        return call;
    }
}
