using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>From a won election to taking writes: tell everyone, catch up, drain, write the first entry of the term.</summary>
internal sealed class StepUp(MemberProcess process)
{
    /// <summary>What a real member needs between draining and its first entry, at least; about as much again comes at random.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(5);

    private readonly HashSet<int> heardSinceElection = [];
    private bool catchingUp;
    private ProcessTimer? catchUpLimit;

    public OpTime? ElectionTime { get; private set; }

    public ElectionRecord? Record { get; private set; }

    /// <summary><c>electionId</c> of this term: the term in the last eight bytes, as clients compare it.</summary>
    public ObjectId ElectionId
    {
        get
        {
            var bytes = new byte[12];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, int.MaxValue);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(4), process.Topology.Term);
            return new ObjectId(bytes);
        }
    }

    public void Begin(string reason)
    {
        var topology = process.Topology;
        var prior = topology.PrimaryId ?? lastKnownPrimary;
        ElectionTime = process.Writer.NextTime();
        Record = new ElectionRecord(
            reason, process.Now, topology.Term, process.CommitPoint.Value, process.Applier.LastApplied,
            topology.Config!.MajorityVoteCount, topology.Self!.Priority, topology.Config.Settings.ElectionTimeoutMillis, prior);
        process.Trace($"elected in term {topology.Term}");
        topology.BecomeLeader();
        process.Fetcher.StopFetching();
        heardSinceElection.Clear();
        catchingUp = true;
        process.Liveness.Check();
        process.Heartbeats.Restart();
        if (topology.Config.Settings.CatchUpTimeoutMillis >= 0)
        {
            var limit = TimeSpan.FromMilliseconds(topology.Config.Settings.CatchUpTimeoutMillis);
            catchUpLimit = process.After(limit, () => EndCatchUp("timed out"));
        }

        CheckCaughtUp();
    }

    private int? lastKnownPrimary;

    /// <summary>Remembers who led before, for the election's record.</summary>
    public void NotePrimary(int id) => lastKnownPrimary = id;

    /// <summary>A heartbeat was answered.</summary>
    public void NoteHeartbeat()
    {
        if (!catchingUp)
        {
            return;
        }

        foreach (var view in process.Views.All.Where(view => view.IsUp == true && view.LastHeartbeat >= Record!.ElectedAt))
        {
            heardSinceElection.Add(view.Config.Id);
        }

        CheckCaughtUp();
    }

    /// <summary>New entries arrived while it catches up.</summary>
    public void CheckCaughtUp()
    {
        if (!catchingUp)
        {
            return;
        }

        var config = process.Topology.Config!;
        var heard = process.Views.All.Where(view => heardSinceElection.Contains(view.Config.Id)).ToArray();
        if (heard.Length + 1 < config.MajorityVoteCount)
        {
            return;
        }

        var target = heard.Select(view => view.Applied).Append(OpTime.None).Max();
        if (process.Applier.LastApplied >= target)
        {
            EndCatchUp("caught up");
        }
        else if (!process.Fetcher.IsRunning)
        {
            process.Trace($"catches up to {target}");
            process.Fetcher.StartCatchingUp();
        }
    }

    public void Abort()
    {
        catchingUp = false;
        catchUpLimit?.Cancel();
    }

    private void EndCatchUp(string how)
    {
        if (!catchingUp)
        {
            return;
        }

        process.Trace($"catch-up ended: {how}");
        Abort();
        process.Fetcher.StopFetching();
        process.Applier.Drain();
        var term = process.Topology.Term;
        process.After(DrainTime * (1 + process.Random.NextDouble()), () =>
        {
            if (process.Topology.IsLeader && process.Topology.Term == term && !process.Topology.IsWritablePrimary)
            {
                TakeWrites();
            }
        });
    }

    private void TakeWrites()
    {
        process.CommitPoint.StartTerm();
        process.Topology.BecomeWritable();
        Record!.NewTermStart = process.Now;
        Record.FirstEntry = process.Writer.WriteNoOp(new BsonDocument("msg", "new primary"));
        process.Trace($"primary in term {process.Topology.Term}");
        process.Writer.StartPeriodicNoOps();
        process.Reconfig.RaiseTerm();
    }
}

/// <summary>How this member's last won election went, for <c>electionCandidateMetrics</c>.</summary>
internal sealed record ElectionRecord(
    string Reason, DateTime ElectedAt, long Term, OpTime CommittedAtElection, OpTime AppliedAtElection, int VotesNeeded, double Priority,
    long ElectionTimeoutMillis, int? PriorPrimaryId)
{
    public DateTime? NewTermStart { get; set; }

    public OpTime? FirstEntry { get; set; }

    /// <summary>When a majority had the first entry of the term.</summary>
    public DateTime? MajorityAvailable { get; set; }
}
