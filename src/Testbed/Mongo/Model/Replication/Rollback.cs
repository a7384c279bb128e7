namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Undoes what this member has and its set has not: back to the newest operation that both have, then forward on the other branch.
/// </summary>
internal sealed class Rollback(MemberProcess process)
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(100);

    /// <summary>Operations that were undone so far, oldest first, for checks in simulations.</summary>
    public List<OpTime> Undone { get; } = [];

    public void Begin(string source)
    {
        process.Fetcher.Stop();
        process.Trace($"rolls back against {source}");
        process.Topology.SetFollowerMode(MemberState.Rollback);
        var ours = process.Disk.Oplog.Backwards().Select(entry => entry.Time).ToArray();
        process.Call<OpTime?>(
            source,
            process.Topology.Config!.Settings.HeartbeatTimeout,
            (target, respond) => respond(CommonPoint(target, ours)),
            common => process.After(Duration, () => GoBack(common)),
            _ => Follow());
    }

    private static OpTime? CommonPoint(MemberProcess target, OpTime[] theirs)
    {
        foreach (var time in theirs)
        {
            if (target.Disk.Oplog.Contains(time))
            {
                return time;
            }
        }

        return null;
    }

    private void GoBack(OpTime? common)
    {
        if (common is not { } point || point < process.CommitPoint.Value)
        {
            // The real server ends its process here rather than undo what a majority had.
            process.Trace($"cannot roll back behind its commit point {process.CommitPoint.Value}");
            process.Member.Crash();
            return;
        }

        process.Network.Guarantees.NoteRolledBack(process, point);
        Undone.AddRange(process.Disk.Oplog.After(point, int.MaxValue).Select(entry => entry.Time));
        process.Disk.Oplog.TruncateAfter(point);
        process.Disk.Data.GoBackTo(point, process.Disk.Oplog);
        process.Disk.Journaled = OpTime.Min(process.Disk.Journaled, point);
        process.Disk.RollbackId++;
        process.CommitPoint.Forget();
        process.Trace($"rolled back {Undone.Count} operations to {point}");
        process.Member.CloseConnections(ConnectionsClosedReason.RolledBack);
        Follow();
    }

    private void Follow()
    {
        process.Topology.SetFollowerMode(MemberState.Secondary);
        process.Replicate();
    }
}
