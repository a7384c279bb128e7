namespace Modestano.Testbed.Mongo.Model;

/// <summary>Applies entries to the data, in order, as fast as the disk and the member's delay let it.</summary>
internal sealed class OplogApplier(MemberProcess process)
{
    /// <summary>A delayed member with nothing due sleeps for a second at a time, so that a shutdown or a reconfig of its delay counts (oplog_batcher.cpp, SERVER-21118).</summary>
    private static readonly TimeSpan DelayedSleep = TimeSpan.FromSeconds(1);

    private readonly Queue<OplogEntry> buffer = [];
    private OpTime newestInBuffer;
    private ProcessTimer? applying;
    private ProcessTimer? journaling;

    /// <summary>Raised when entries were applied; those who follow this member's oplog wait for it.</summary>
    public event Action? Applied;

    public OpTime LastApplied => process.Disk.Oplog.Last;

    public OpTime LastDurable => process.Disk.Journaled;

    public DateTime LastDurableWall { get; private set; } = DateTime.UnixEpoch;

    /// <summary>Newest entry that was fetched, applied or not.</summary>
    public OpTime LastFetched => buffer.Count > 0 ? newestInBuffer : LastApplied;

    /// <summary>Takes fetched entries; they are applied later.</summary>
    public void Enqueue(IEnumerable<OplogEntry> entries)
    {
        foreach (var entry in entries)
        {
            buffer.Enqueue(entry);
            newestInBuffer = entry.Time;
        }

        Wake();
    }

    /// <summary>Goes on applying after its speed was changed.</summary>
    public void Wake()
    {
        if (buffer.Count == 0 || process.Member.Speed.ApplyStopped)
        {
            applying?.Cancel();
            applying = null;
            return;
        }

        if (applying is null)
        {
            var delay = process.Member.Speed.ApplyDelay;
            var wait = buffer.Peek().Wall + Delay() - process.Now;
            wait = wait < DelayedSleep ? wait : DelayedSleep;
            applying = process.After(wait > delay ? wait : delay, ApplyBatch);
        }
    }

    /// <summary>Applies all that was fetched at once: a new primary drains its buffer before it takes writes.</summary>
    public void Drain()
    {
        applying?.Cancel();
        applying = null;
        if (buffer.Count > 0)
        {
            while (buffer.TryDequeue(out var entry))
            {
                Take(entry);
            }

            NoteApplied();
        }
    }

    /// <summary>Drops what was fetched and not applied.</summary>
    public void Clear()
    {
        buffer.Clear();
        applying?.Cancel();
        applying = null;
    }

    /// <summary>Logs and applies one entry; <see cref="NoteApplied"/> follows after the last of a batch.</summary>
    public void Take(OplogEntry entry)
    {
        process.Disk.Oplog.Append(entry);
        process.Disk.Data.Apply(entry);
    }

    /// <summary>Tells everyone who waits that the oplog has grown.</summary>
    public void NoteApplied()
    {
        process.Disk.Data.TakeSnapshot(LastApplied);
        Journal();
        Applied?.Invoke();
        process.CommitPoint.Recompute();
        process.WriteConcerns.Check();
        process.Progress.Report();
        process.StepUp.CheckCaughtUp();
    }

    private TimeSpan Delay() => TimeSpan.FromSeconds(process.Topology.Self?.DelaySeconds ?? 0);

    private void ApplyBatch()
    {
        applying = null;
        var horizon = process.Now - Delay();
        var delayed = Delay() > TimeSpan.Zero;
        var any = false;
        while (buffer.Count > 0 && (!delayed || buffer.Peek().Wall <= horizon))
        {
            Take(buffer.Dequeue());
            any = true;
        }

        if (any)
        {
            NoteNewTerm();
            NoteApplied();
        }

        Wake();
    }

    /// <summary>Notes for the participant's metrics when the entry of the term that it voted in arrived.</summary>
    private void NoteNewTerm()
    {
        if (process.Votes.Last is { NewTermStart: null } vote && process.Disk.Oplog.LastEntry is { } entry && entry.Time.Term == vote.Term)
        {
            vote.NewTermStart = entry.Wall;
            vote.NewTermApplied = process.Now;
        }
    }

    private void Journal()
    {
        if (journaling is not null)
        {
            return;
        }

        journaling = process.After(process.Member.Speed.JournalDelay, () =>
        {
            journaling = null;
            if (process.Disk.Oplog.LastEntry is { } entry && entry.Time > process.Disk.Journaled)
            {
                process.Disk.Journaled = entry.Time;
                LastDurableWall = entry.Wall;
                process.CommitPoint.Recompute();
                process.WriteConcerns.Check();
                process.Progress.Report();
            }
        });
    }
}
