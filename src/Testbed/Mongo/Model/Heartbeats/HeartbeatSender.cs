namespace Modestano.Testbed.Mongo.Model;

/// <summary>Asks every other member of the config for its state, each on its own clock.</summary>
internal sealed class HeartbeatSender(MemberProcess process)
{
    /// <summary>How often a failed heartbeat is repeated at once before the member counts as down.</summary>
    private const int Retries = 2;

    private readonly Dictionary<int, Round> rounds = [];

    /// <summary>Starts a round to every member now; answers under way are given up.</summary>
    public void Restart()
    {
        Stop();
        foreach (var view in process.Views.All.ToArray())
        {
            Send(view);
        }
    }

    public void Stop()
    {
        foreach (var round in rounds.Values)
        {
            round.GiveUp();
        }

        rounds.Clear();
    }

    /// <summary>Asks one member now instead of at its next turn.</summary>
    public void SendNow(string host)
    {
        if (process.Views.FindByHost(host) is not { } view)
        {
            return;
        }

        // An answer that is under way will do.
        if (!rounds.TryGetValue(view.Config.Id, out var round) || !round.IsWaitingForAnswer)
        {
            Send(view);
        }
    }

    private void Send(MemberView view)
    {
        var settings = process.Topology.Config!.Settings;
        Send(view, process.Elapsed + settings.HeartbeatTimeout, Retries);
    }

    private void Send(MemberView view, TimeSpan deadline, int retries)
    {
        var id = view.Config.Id;
        if (rounds.Remove(id, out var previous))
        {
            previous.GiveUp();
        }

        var round = rounds[id] = new Round { IsWaitingForAnswer = true };
        var sentAt = process.Elapsed;
        var config = process.Topology.Config!;
        var request = new HeartbeatRequest(
            config.Name,
            process.Host,
            process.Topology.Self?.Id ?? -1,
            process.Topology.Term,
            config.VersionAndTerm,
            process.Topology.PrimaryId,
            process.Member.Options.KeyFile);
        round.GiveUpCall = process.Call<HeartbeatReply>(
            view.Config.Host,
            deadline - sentAt,
            (target, respond) => respond(target.HeartbeatResponder.Answer(request)),
            reply =>
            {
                round.IsWaitingForAnswer = false;
                ScheduleNext(view, round);
                Take(view, reply, process.Elapsed - sentAt);
            },
            failure =>
            {
                round.IsWaitingForAnswer = false;
                if (retries > 0 && !failure.IsTimeout && process.Elapsed < deadline)
                {
                    Send(view, deadline, retries - 1);
                    return;
                }

                ScheduleNext(view, round);
                NoteDown(view, failure.Message);
            });
    }

    private void ScheduleNext(MemberView view, Round round) =>
        round.Next = process.After(process.Topology.Config!.Settings.HeartbeatInterval, () => Send(view));

    private void Take(MemberView view, HeartbeatReply reply, TimeSpan roundTrip)
    {
        view.LastHeartbeat = process.Now;
        if (!reply.IsAuthenticated)
        {
            NoteDown(view, "", isAuthenticated: false);
            return;
        }

        if (Complaint(reply) is { } complaint)
        {
            NoteDown(view, complaint);
            return;
        }

        view.NoteUp(reply, process.Elapsed, roundTrip);
        process.Topology.NoteTerm(reply.Term);
        if (reply.Config is { } config && config.VersionAndTerm > process.Topology.Config!.VersionAndTerm)
        {
            process.Reconfig.InstallFromHeartbeat(config);
            return;
        }

        NotePrimary(view, reply);
        process.Liveness.Check();
        if (process.Topology.Self is { ArbiterOnly: true })
        {
            process.CommitPoint.Learn(reply.CommitPoint);
        }

        process.CommitPoint.Recompute();
        process.WriteConcerns.Check();
        process.Commitment.Check();
        process.StepUp.NoteHeartbeat();
        process.StepDown.Check();
        process.Takeover.Consider();
        process.Reconfig.RemoveNewlyAdded();
        process.Fetcher.NoteHeartbeat();
    }

    private string? Complaint(HeartbeatReply reply)
    {
        if (reply.Complaint is { } complaint)
        {
            return complaint.Message;
        }

        var ours = process.Topology.Config!.Settings.ReplicaSetId;
        return reply.ReplicaSetId is { } theirs && ours is not null && theirs != ours
            ? $"replica set IDs do not match, ours: {ours}; remote node's: {theirs}"
            : null;
    }

    private void NotePrimary(MemberView view, HeartbeatReply reply)
    {
        if (process.Topology.IsLeader)
        {
            return;
        }

        if (reply.State == MemberState.Primary && reply.Term == process.Topology.Term)
        {
            process.Topology.SetPrimary(view.Config.Id);
            process.ElectionTimer.Restart();
        }
        else if (process.Topology.PrimaryId == view.Config.Id && reply.State != MemberState.Primary)
        {
            process.Topology.SetPrimary(null);
        }
    }

    private void NoteDown(MemberView view, string message, bool isAuthenticated = true)
    {
        view.LastHeartbeat = process.Now;
        if (view.IsUp != false)
        {
            process.Trace($"sees {view.Config.Host} down: {message}");
        }

        view.NoteDown(message, isAuthenticated);
        if (process.Topology.PrimaryId == view.Config.Id)
        {
            process.Topology.SetPrimary(null);
        }

        process.Liveness.Check();
    }

    private sealed class Round
    {
        public bool IsWaitingForAnswer { get; set; }

        public Action? GiveUpCall { get; set; }

        public ProcessTimer? Next { get; set; }

        public void GiveUp()
        {
            GiveUpCall?.Invoke();
            Next?.Cancel();
        }
    }
}
