using Modestano.Testbed.Mongo.Storage;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// The data of a member as of the end of its oplog, with snapshots back to the majority-commit point: what a crash, a roll-back and a
/// majority read go back to.
/// </summary>
internal sealed class MemberData(DocumentStore store)
{
    private const int MostSnapshots = 4096;

    private readonly List<Snapshot> snapshots = [new(OpTime.None, store.Snapshot(), SessionTable.Empty)];

    public DocumentStore Store { get; private set; } = store;

    public SessionTable Sessions { get; private set; } = SessionTable.Empty;

    /// <summary>Newest snapshot that is not newer than the commit point.</summary>
    public DocumentStore Committed => snapshots[0].Store;

    public void Apply(OplogEntry entry)
    {
        Store.Apply(entry.Operation);
        if (entry.Retryable is { } write)
        {
            Sessions = Sessions.With(write, entry.Time);
        }
    }

    /// <summary>Remembers the contents as of a position.</summary>
    public void TakeSnapshot(OpTime at)
    {
        if (snapshots.Count < MostSnapshots)
        {
            snapshots.Add(new Snapshot(at, Store.Snapshot(), Sessions));
        }
        else
        {
            // The commit point stands still: the newest snapshot is enough, the oplog replays the rest.
            snapshots[^1] = new Snapshot(at, Store.Snapshot(), Sessions);
        }
    }

    /// <summary>Forgets snapshots that nothing goes back to any more.</summary>
    public void Commit(OpTime commitPoint)
    {
        var last = snapshots.FindLastIndex(snapshot => snapshot.At <= commitPoint);
        if (last > 0)
        {
            snapshots.RemoveRange(0, last);
        }
    }

    /// <summary>Goes back to a position by an older snapshot and the oplog.</summary>
    public void GoBackTo(OpTime target, Oplog oplog)
    {
        var index = Math.Max(0, snapshots.FindLastIndex(snapshot => snapshot.At <= target));
        var from = snapshots[index];
        snapshots.RemoveRange(index + 1, snapshots.Count - index - 1);
        Store = from.Store.Snapshot();
        Sessions = from.Sessions;
        foreach (var entry in oplog.After(from.At, int.MaxValue))
        {
            if (entry.Time > target)
            {
                break;
            }

            Apply(entry);
        }
    }

    /// <summary>Replaces everything by another member's contents (the end of an initial sync).</summary>
    public void ReplaceBy(DocumentStore contents, SessionTable sessions, OpTime at)
    {
        Store = contents;
        Sessions = sessions;
        snapshots.Clear();
        snapshots.Add(new Snapshot(at, contents.Snapshot(), sessions));
    }

    private sealed record Snapshot(OpTime At, DocumentStore Store, SessionTable Sessions);
}
