using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Copies all data from a member: the oplog from the start of the copy on, the data at the disk's speed, then what happened meanwhile.
/// </summary>
internal sealed class InitialSync(MemberProcess process)
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>How often the copy looks after its source.</summary>
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(250);

    private ProcessTimer? timer;
    private Action? giveUpCall;

    /// <summary>The attempt under way or the finished one; null before the first.</summary>
    public InitialSyncAttempt? Attempt { get; private set; }

    public List<InitialSyncAttempt> Failed { get; } = [];

    public bool IsRunning { get; private set; }

    public void Start()
    {
        if (!IsRunning)
        {
            IsRunning = true;
            Attempt = new InitialSyncAttempt(process.Now, process.Elapsed);
            process.Trace("initial sync starts");
            ChooseSource();
        }
    }

    public void Stop()
    {
        IsRunning = false;
        timer?.Cancel();
        giveUpCall?.Invoke();
    }

    private void ChooseSource()
    {
        if (process.Fetcher.Sources.Choose(null) is not { } source)
        {
            timer = process.After(Retry, ChooseSource);
            return;
        }

        var attempt = Attempt!;
        attempt.Source = source;
        process.Trace($"initial sync from {source}");
        Ask(attempt, OpTime.None, (target, respond) => respond(Survey(target)), reply =>
        {
            if (FeatureCompatibility.WhyNotToCopy(reply.FeatureCompatibility, process.Version) is { } refused)
            {
                Fail(attempt, refused);
                return;
            }

            attempt.Begin = reply.Last;
            BeginCopy(attempt, reply);
        });
    }

    private static CloneReply Survey(MemberProcess target) => new(
        true, target.Disk.Oplog.Last, target.Store.SizeBytes, target.Store.Namespaces.Select(DatabaseOf).Distinct().Count())
    {
        FeatureCompatibility = FeatureCompatibility.In(target.Store),
    };

    private static string DatabaseOf(string ns) => ns[..ns.IndexOf('.', StringComparison.Ordinal)];

    private void BeginCopy(InitialSyncAttempt attempt, CloneReply source)
    {
        if (process.Member.Speed.InitialSyncHeld)
        {
            timer = process.After(Chunk, () => BeginCopy(attempt, source));
            return;
        }

        attempt.TotalBytes = source.Bytes;
        attempt.Databases = source.Databases;
        CopyChunk(attempt);
    }

    private void CopyChunk(InitialSyncAttempt attempt)
    {
        var left = attempt.TotalBytes - attempt.CopiedBytes;
        var rate = Math.Max(1, process.Member.Speed.InitialSyncBytesPerSecond);
        if (left <= 0)
        {
            timer = process.After(process.Member.Speed.ApplyDelay, () => Finish(attempt));
            return;
        }

        var needed = TimeSpan.FromSeconds(left / (double)rate);
        var time = needed < Chunk ? needed : Chunk;
        timer = process.After(time, () =>
        {
            // The last chunk is all that is left: a time rounds to ticks, and a rest of a few bytes takes less than one.
            attempt.CopiedBytes = needed < Chunk ? attempt.TotalBytes : Math.Min(attempt.TotalBytes, attempt.CopiedBytes + (long)Math.Ceiling(time.TotalSeconds * rate));
            // The source must still be there, and its oplog must still reach back to the start of the copy.
            Ask(attempt, attempt.Begin, (target, respond) => respond(new CloneReply(
                target.Disk.Oplog.First <= attempt.Begin, target.Disk.Oplog.Last, target.Store.SizeBytes, 0)), _ => CopyChunk(attempt));
        });
    }

    private void Finish(InitialSyncAttempt attempt) => Ask(
        attempt,
        attempt.Begin,
        (target, respond) => respond(new CloneReply(true, target.Disk.Oplog.Last, 0, 0)
        {
            Contents = target.Store.Snapshot(),
            Sessions = target.Disk.Data.Sessions,
            Entries = [.. target.Disk.Oplog.Forwards().Where(entry => entry.Time >= attempt.Begin)],
        }),
        reply =>
        {
            var disk = process.Disk;
            disk.Oplog.Clear();
            foreach (var entry in reply.Entries)
            {
                disk.Oplog.Append(entry);
            }

            disk.Data.ReplaceBy(reply.Contents!, reply.Sessions!, disk.Oplog.Last);
            disk.Journaled = disk.Oplog.Last;
            disk.NeedsInitialSync = false;
            attempt.EndedAt = process.Now;
            attempt.AppliedOperations = reply.Entries.Count - 1;
            IsRunning = false;
            process.Trace("initial sync done");
            process.Topology.SetFollowerMode(MemberState.Secondary);
            process.ElectionTimer.Restart();
            process.Fetcher.Start();
            process.Progress.Report();
        });

    private void Ask(InitialSyncAttempt attempt, OpTime begin, Action<MemberProcess, Action<CloneReply>> handle, Action<CloneReply> answered) =>
        giveUpCall = process.Call<CloneReply>(
            attempt.Source!,
            process.Topology.Config!.Settings.HeartbeatTimeout,
            (target, respond) =>
            {
                if (!target.Topology.State.IsReadable() || (!begin.IsNone && !target.Disk.Oplog.Contains(begin)))
                {
                    respond(new CloneReply(false, OpTime.None, 0, 0));
                }
                else
                {
                    handle(target, respond);
                }
            },
            reply =>
            {
                if (reply.IsUsable)
                {
                    answered(reply);
                }
                else
                {
                    Fail(attempt, $"error cloning databases from {attempt.Source} :: the sync source cannot be read any more");
                }
            },
            failure => Fail(attempt, $"error cloning databases from {attempt.Source} :: caused by :: {failure.Message}"));

    private void Fail(InitialSyncAttempt attempt, string status)
    {
        attempt.Status = status;
        attempt.EndedAt = process.Now;
        Failed.Add(attempt);
        process.Trace($"initial sync attempt failed: {status}");
        if (Failed.Count >= MostAttempts)
        {
            // The real server gives up and ends its process.
            process.Member.Crash();
            return;
        }

        Attempt = new InitialSyncAttempt(process.Now, process.Elapsed);
        timer = process.After(Retry, ChooseSource);
    }

    private sealed record CloneReply(bool IsUsable, OpTime Last, long Bytes, int Databases)
    {
        public DocumentStore? Contents { get; init; }

        public SessionTable? Sessions { get; init; }

        public IReadOnlyList<OplogEntry> Entries { get; init; } = [];

        public BsonDocument? FeatureCompatibility { get; init; }
    }
}

/// <summary>One attempt of an initial sync, as <c>initialSyncStatus</c> shows it.</summary>
internal sealed class InitialSyncAttempt(DateTime startedAt, TimeSpan startedElapsed)
{
    public DateTime StartedAt { get; } = startedAt;

    public TimeSpan StartedElapsed { get; } = startedElapsed;

    public DateTime? EndedAt { get; set; }

    public string? Source { get; set; }

    public string Status { get; set; } = "OK";

    public OpTime Begin { get; set; } = OpTime.None;

    public long TotalBytes { get; set; }

    public long CopiedBytes { get; set; }

    public int Databases { get; set; }

    public long AppliedOperations { get; set; }
}
