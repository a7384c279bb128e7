namespace Modestano.Testbed.Mongo.Model;

/// <summary>Runs for primary: a dry run in the present term, then a real election in the next one.</summary>
internal sealed class Elections(MemberProcess process)
{
    private Ballot? ballot;

    private readonly Dictionary<string, (long Called, long Successful)> counts = new(StringComparer.Ordinal);

    /// <summary>How often it ran, and won, for a reason in the words of <c>serverStatus.electionMetrics</c>.</summary>
    public (long Called, long Successful) Count(string reason) => counts.GetValueOrDefault(reason);

    /// <summary>Runs unless something forbids it.</summary>
    /// <param name="reason">One of <see cref="ElectionReason"/>.</param>
    /// <param name="ended">Told whether it won.</param>
    public void Run(string reason, Action<bool>? ended = null)
    {
        if (Refusal() is { } refusal)
        {
            process.Trace($"does not run ({reason}): {refusal}");
            ended?.Invoke(false);
            return;
        }

        Count(reason, won: false);
        process.Trace($"runs ({reason})");
        var run = new Ballot(reason, ended);
        ballot = run;
        if (reason == ElectionReason.StepUpRequestSkipDryRun)
        {
            RunForReal(run);
        }
        else
        {
            AskAll(run, dryRun: true, process.Topology.Term, () => RunForReal(run));
        }
    }

    /// <summary>Gives a running election up.</summary>
    public void Abandon()
    {
        if (ballot is { } running)
        {
            End(running, won: false);
        }
    }

    public bool IsRunning => ballot is not null;

    private string? Refusal()
    {
        var topology = process.Topology;
        return topology.Self is not { IsElectable: true } ? "not electable"
            : topology.IsLeader ? "already primary"
            : topology.State != MemberState.Secondary ? $"state {MemberStateText.Of(topology.State)}"
            : process.ElectionTimer.IsHeld ? "frozen or in its step-down period"
            : !process.Views.SeesMajority ? "sees no majority"
            : ballot is not null ? "an election is under way"
            : null;
    }

    private void RunForReal(Ballot run)
    {
        var term = process.Topology.Term + 1;
        process.Topology.NoteTerm(term);
        process.Disk.LastVote = (term, process.Topology.Self!.Id);
        process.After(process.Member.Speed.JournalDelay, () =>
        {
            if (ReferenceEquals(ballot, run))
            {
                if (process.Topology.Term != term || process.Topology.Self is null)
                {
                    End(run, won: false);
                    return;
                }

                AskAll(run, dryRun: false, term, () => Win(run, term));
            }
        });
    }

    private void AskAll(Ballot run, bool dryRun, long term, Action won)
    {
        var config = process.Topology.Config!;
        var self = process.Topology.Self!;
        var round = new VoteRound(config.MajorityVoteCount, self.IsVoter ? 1 : 0);
        var request = new VoteRequest(config.Name, dryRun, term, self.Id, config.VersionAndTerm, process.Applier.LastApplied);
        var voters = process.Views.All.Where(view => view.Config.IsVoter).ToArray();
        round.Outstanding = voters.Length;
        if (round.IsWon)
        {
            won();
            return;
        }

        foreach (var voter in voters)
        {
            process.Call<VoteReply>(
                voter.Config.Host,
                config.Settings.ElectionTimeout,
                (target, respond) => target.Votes.Answer(request, respond),
                reply =>
                {
                    voter.LastSign = process.Elapsed;
                    Count(run, round, reply, won);
                },
                _ => Count(run, round, null, won));
        }

        if (voters.Length == 0)
        {
            End(run, won: false);
        }
    }

    private void Count(Ballot run, VoteRound round, VoteReply? reply, Action won)
    {
        if (!ReferenceEquals(ballot, run) || round.IsOver)
        {
            return;
        }

        round.Outstanding--;
        if (reply is not null && reply.Term > process.Topology.Term)
        {
            round.IsOver = true;
            process.Topology.NoteTerm(reply.Term);
            End(run, won: false);
            return;
        }

        round.Votes += reply is { Granted: true } ? 1 : 0;
        if (round.IsWon)
        {
            round.IsOver = true;
            won();
        }
        else if (round.Outstanding == 0)
        {
            round.IsOver = true;
            process.Trace($"lost its election, {round.Votes} of {round.Needed} votes");
            End(run, won: false);
        }
    }

    private void Win(Ballot run, long term)
    {
        var topology = process.Topology;
        // Votes of a term that has passed meanwhile count for nothing.
        if (topology.State != MemberState.Secondary || topology.Term != term)
        {
            End(run, won: false);
            return;
        }

        Count(run.Reason, won: true);
        End(run, won: true, () => process.StepUp.Begin(run.Reason));
    }

    private void End(Ballot run, bool won, Action? before = null)
    {
        ballot = null;
        before?.Invoke();
        run.Ended?.Invoke(won);
    }

    private void Count(string reason, bool won)
    {
        var name = reason switch
        {
            ElectionReason.StepUpRequest or ElectionReason.StepUpRequestSkipDryRun => "stepUpCmd",
            ElectionReason.CatchUpTakeover => "catchUpTakeover",
            _ => reason,
        };
        var (called, successful) = counts.GetValueOrDefault(name);
        counts[name] = won ? (called, successful + 1) : (called + 1, successful);
    }

    private sealed record Ballot(string Reason, Action<bool>? Ended);

    private sealed class VoteRound(int needed, int own)
    {
        public int Needed { get; } = needed;

        public int Votes { get; set; } = own;

        public int Outstanding { get; set; }

        public bool IsOver { get; set; }

        public bool IsWon => Votes >= Needed;
    }
}
