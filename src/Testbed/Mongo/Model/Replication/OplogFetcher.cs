namespace Modestano.Testbed.Mongo.Model;

/// <summary>Pulls the oplog from a sync source, batch after batch, and finds another source when that one will not do.</summary>
internal sealed class OplogFetcher(MemberProcess process)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DenyAfterFailure = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DenyAfterTooStale = TimeSpan.FromMinutes(1);

    private Action? giveUpCall;
    private ProcessTimer? retry;
    private bool isTooStaleInMaintenance;

    public SyncSourceChooser Sources { get; } = new(process);

    /// <summary>Host of the sync source; null while it has none.</summary>
    public string? Source { get; private set; }

    public bool IsRunning { get; private set; }

    public bool IsTooStale => isTooStaleInMaintenance;

    /// <summary>"Could not find member to sync from" while it has no source, as status shows it.</summary>
    public string InfoMessage { get; private set; } = "";

    public void Start()
    {
        if (!IsRunning)
        {
            IsRunning = true;
            ChooseSource();
        }
    }

    /// <summary>A new leader pulls what others have and it has not.</summary>
    public void StartCatchingUp() => Start();

    /// <summary>Stops and drops what was fetched and not applied.</summary>
    public void Stop()
    {
        StopFetching();
        process.Applier.Clear();
    }

    /// <summary>Stops and keeps what was fetched: a new leader drains it.</summary>
    public void StopFetching()
    {
        IsRunning = false;
        giveUpCall?.Invoke();
        retry?.Cancel();
        Source = null;
        InfoMessage = "";
    }

    /// <summary>Looks for a source again, for example after <c>replSetSyncFrom</c>.</summary>
    public void ChooseAgain()
    {
        if (IsRunning)
        {
            giveUpCall?.Invoke();
            retry?.Cancel();
            ChooseSource();
        }
    }

    /// <summary>A source that is seen down is left before its call times out.</summary>
    public void NoteHeartbeat()
    {
        if (IsRunning && Source is { } source && process.Views.FindByHost(source) is { IsUp: false })
        {
            ChooseAgain();
        }
    }

    private void ChooseSource()
    {
        var source = Sources.Choose(process.Applier.LastFetched);
        if (source is null)
        {
            Source = null;
            InfoMessage = "Could not find member to sync from";
            retry = process.After(Retry, ChooseSource);
            return;
        }

        if (source != Source)
        {
            process.Trace($"syncs from {source}");
            Source = source;
            process.Progress.Restart();
        }

        InfoMessage = "";
        Fetch();
    }

    private void Fetch()
    {
        var source = Source!;
        var after = process.Applier.LastFetched;

        // Not its own: a member that applies late cannot follow yet, and would be answered at once again and again.
        var commitPoint = process.CommitPoint.Heard;
        var config = process.Topology.Config!;
        var term = process.Topology.Term;
        var longestWait = config.Settings.ElectionTimeout / 2;
        giveUpCall = process.Call<FetchReply>(
            source,
            longestWait + config.Settings.ElectionTimeout,
            (target, respond) =>
            {
                target.Topology.NoteTerm(term);
                OplogTail.Answer(target, after, commitPoint, longestWait, respond);
            },
            reply => Take(source, reply),
            failure =>
            {
                process.Trace($"cannot read the oplog of {source}: {failure.Message}");
                Leave(source, DenyAfterFailure);
            });
    }

    private void Take(string source, FetchReply reply)
    {
        process.Topology.NoteTerm(reply.Term);
        switch (reply.Outcome)
        {
            case FetchOutcome.NotReadable:
                Leave(source, DenyAfterFailure);
                return;
            case FetchOutcome.TooStale:
                NoteTooStale(source);
                return;
            case FetchOutcome.Behind:
                Leave(source, TimeSpan.Zero);
                return;
            case FetchOutcome.Diverged when process.Topology.IsLeader:
                Stop();
                return;
            case FetchOutcome.Diverged:
                process.Rollback.Begin(source);
                return;
        }

        LeaveTooStale();
        NotePrimary(reply);
        if (reply.Entries.Count > 0)
        {
            process.Applier.Enqueue(reply.Entries);
        }

        process.CommitPoint.Learn(reply.CommitPoint);
        if (!IsRunning)
        {
            return;
        }

        if (Sources.ShouldLeave(source, reply, process.Applier.LastFetched))
        {
            Source = null;
            ChooseSource();
        }
        else
        {
            Fetch();
        }
    }

    private void NotePrimary(FetchReply reply)
    {
        if (process.Topology.IsLeader || reply.Term != process.Topology.Term)
        {
            return;
        }

        if (reply.PrimaryId is { } id && id != process.Topology.Self!.Id)
        {
            process.Topology.SetPrimary(id);
        }

        if (reply.IsPrimary)
        {
            process.ElectionTimer.Restart();
        }
    }

    private void Leave(string source, TimeSpan deny)
    {
        if (deny > TimeSpan.Zero)
        {
            Sources.Deny(source, deny);
        }

        Source = null;
        retry = process.After(Retry, ChooseSource);
    }

    private void NoteTooStale(string source)
    {
        Sources.Deny(source, DenyAfterTooStale);
        process.Trace($"too stale to sync from {source}");
        Source = null;
        if (Sources.Choose(process.Applier.LastFetched) is null)
        {
            InfoMessage = "Could not find member to sync from";
            if (!isTooStaleInMaintenance)
            {
                isTooStaleInMaintenance = true;
                process.Topology.EnterMaintenance();
            }
        }

        retry = process.After(Retry, ChooseSource);
    }

    private void LeaveTooStale()
    {
        if (isTooStaleInMaintenance)
        {
            isTooStaleInMaintenance = false;
            process.Topology.LeaveMaintenance();
        }
    }
}
