namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// The newest operation that a majority of voters holds in its journal: computed by the primary for its own term, learnt by the others.
/// </summary>
internal sealed class CommitPoint(MemberProcess process)
{
    private OpTime learnt = OpTime.None;
    private OpTime termStart = OpTime.None;

    /// <summary>Raised when it moved.</summary>
    public event Action? Moved;

    public OpTime Value { get; private set; } = OpTime.None;

    /// <summary>What anybody told of, applied here yet or not.</summary>
    public OpTime Heard => OpTime.Max(learnt, Value);

    public DateTime Wall { get; private set; } = DateTime.UnixEpoch;

    public void LoadAfterStart() => Value = OpTime.None;

    /// <summary>From here on operations of the new term decide; older ones are committed with them only.</summary>
    public void StartTerm() => termStart = process.Applier.LastApplied;

    /// <summary>Takes what a sync source said; never beyond what is applied here.</summary>
    public void Learn(OpTime commitPoint)
    {
        learnt = OpTime.Max(learnt, commitPoint);
        Recompute();
    }

    public void Recompute()
    {
        var topology = process.Topology;
        if (topology.Config is null || topology.Self is null)
        {
            return;
        }

        if (topology.IsLeader)
        {
            Advance(Majority(topology.Config, topology.Self));
        }
        else if (topology.Self.ArbiterOnly)
        {
            Advance(learnt);
        }
        else
        {
            Advance(OpTime.Min(learnt, process.Applier.LastApplied));
        }
    }

    /// <summary>After a roll-back: what was learnt stays true for the other branch only.</summary>
    public void Forget() => learnt = Value;

    private OpTime Majority(ReplicaSetConfig config, MemberConfig self)
    {
        var positions = new List<OpTime>(8);
        foreach (var view in process.Views.All)
        {
            if (view.Config is { IsVoter: true, IsDataBearing: true })
            {
                positions.Add(config.WriteConcernMajorityJournalDefault ? view.Durable : view.Applied);
            }
        }

        if (self.IsVoter)
        {
            positions.Add(config.WriteConcernMajorityJournalDefault ? process.Applier.LastDurable : process.Applier.LastApplied);
        }

        if (config.WriteMajorityCount == 0 || positions.Count < config.WriteMajorityCount)
        {
            return OpTime.None;
        }

        positions.Sort((left, right) => right.CompareTo(left));
        var held = positions[config.WriteMajorityCount - 1];
        return held.Term == process.Topology.Term && held > termStart ? held : OpTime.None;
    }

    private void Advance(OpTime to)
    {
        if (to <= Value)
        {
            return;
        }

        Value = to;
        Wall = process.Disk.Oplog.Last == to ? process.Disk.Oplog.LastEntry!.Wall : process.Now;
        process.Disk.Data.Commit(to);
        if (process.Topology.IsLeader)
        {
            process.Network.Guarantees.NoteCommitted(process, to);
        }

        if (process.Topology.IsLeader && process.StepUp.Record is { MajorityAvailable: null, FirstEntry: { } first } record && to >= first)
        {
            record.MajorityAvailable = process.Now;
        }

        Moved?.Invoke();
        process.WriteConcerns.Check();
    }
}
