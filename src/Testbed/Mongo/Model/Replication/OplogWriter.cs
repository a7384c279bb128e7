using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Writes to the primary's own oplog and data.</summary>
internal sealed class OplogWriter(MemberProcess process)
{
    /// <summary>A primary without writes writes a no-op, so that lag and windows stay measurable (<c>periodicNoopIntervalSecs</c>).</summary>
    private static readonly TimeSpan NoOpInterval = TimeSpan.FromSeconds(10);

    private ProcessTimer? noOps;
    private TimeSpan lastWrite;
    private OpTime lastGiven = OpTime.None;

    /// <summary>The next position: the wall clock's second, or the next increment when it has not moved on.</summary>
    public OpTime NextTime()
    {
        var last = OpTime.Max(lastGiven with { Term = 0 }, process.Disk.Oplog.Last with { Term = 0 });
        var seconds = (uint)new DateTimeOffset(process.Now).ToUnixTimeSeconds();
        lastGiven = seconds > last.Seconds
            ? new OpTime(process.Topology.Term, seconds, 1)
            : new OpTime(process.Topology.Term, last.Seconds, last.Increment + 1);
        return lastGiven;
    }

    public OpTime WriteNoOp(BsonDocument message) => Write([new OplogOperation("n", "", message)], null);

    /// <summary>Logs and applies operations as one unit; returns the position of the last.</summary>
    public OpTime Write(IReadOnlyList<OplogOperation> operations, RetryableWrite? retryable)
    {
        lastWrite = process.Elapsed;
        for (var i = 0; i < operations.Count; i++)
        {
            process.Applier.Take(new OplogEntry
            {
                Time = NextTime(),
                Wall = process.Now,
                Operation = operations[i],
                Retryable = retryable,
                IsContinued = i < operations.Count - 1,
            });
        }

        process.Applier.NoteApplied();
        return process.Disk.Oplog.Last;
    }

    public void StartPeriodicNoOps()
    {
        noOps?.Cancel();
        noOps = process.After(NoOpInterval, () =>
        {
            if (process.Elapsed - lastWrite >= NoOpInterval && process.Topology.IsWritablePrimary)
            {
                WriteNoOp(new BsonDocument("msg", "periodic noop"));
            }

            StartPeriodicNoOps();
        });
    }

    public void StopPeriodicNoOps() => noOps?.Cancel();
}
