using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Watches from outside what no member can see alone: one primary a term, no majority-committed operation lost. Forced reconfigs and wiped
/// disks may break both, as in reality.
/// </summary>
internal sealed class ReplicationGuarantees
{
    private readonly Dictionary<(ObjectId Set, long Term), string> leaders = [];
    private readonly Dictionary<ObjectId, OpTime> committed = [];
    private readonly List<string> violations = [];

    public IReadOnlyList<string> Violations => violations;

    /// <summary>A member starts to take writes: alone in its term, and with everything that was committed before.</summary>
    public void NoteWritable(MemberProcess process)
    {
        if (process.Topology.Config?.Settings.ReplicaSetId is not { } set)
        {
            return;
        }

        var term = process.Topology.Term;
        if (!leaders.TryAdd((set, term), process.Host) && leaders[(set, term)] != process.Host)
        {
            Violate(process, $"both {leaders[(set, term)]} and {process.Host} were primary in term {term}");
        }

        // A leader that was paused on its way may be overtaken by a later term, whose operations it need not have.
        var newest = committed.GetValueOrDefault(set, OpTime.None);
        if (!newest.IsNone && newest.Term < term && newest >= process.Disk.Oplog.First && !process.Disk.Oplog.Contains(newest))
        {
            Violate(process, $"{process.Host} became primary in term {term} without the committed operation {newest}");
        }
    }

    /// <summary>A primary finds operations committed.</summary>
    public void NoteCommitted(MemberProcess process, OpTime commitPoint)
    {
        if (process.Topology.Config?.Settings.ReplicaSetId is { } set && commitPoint > committed.GetValueOrDefault(set, OpTime.None))
        {
            committed[set] = commitPoint;
        }
    }

    /// <summary>A member goes back to a position and undoes what follows.</summary>
    public void NoteRolledBack(MemberProcess process, OpTime to)
    {
        if (process.Topology.Config?.Settings.ReplicaSetId is { } set)
        {
            foreach (var entry in process.Disk.Oplog.After(to, 1))
            {
                var newest = committed.GetValueOrDefault(set, OpTime.None);
                // Positions of one term are one line of history: what lies before a committed one of its own term is committed too.
                if (entry.Time.Term == newest.Term && entry.Time <= newest)
                {
                    Violate(process, $"{process.Host} undid {entry.Time} although {newest} was committed");
                }
            }
        }
    }

    private void Violate(MemberProcess process, string what)
    {
        violations.Add(what);
        process.Trace($"VIOLATION: {what}");
    }
}
