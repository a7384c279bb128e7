namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Gives the lead up: at once when it must (a newer term, no majority), or in order, with writes refused until an electable secondary has
/// caught up, and then handed to the best of them.
/// </summary>
internal sealed class StepDown(MemberProcess process)
{
    private static readonly TimeSpan ShutDownCatchUp = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ShutDownRest = TimeSpan.FromMilliseconds(190);

    private Attempt? attempt;

    /// <summary>Whether a step-down waits for a successor.</summary>
    public bool IsWaiting => attempt is not null;

    /// <summary>Starts an orderly step-down.</summary>
    /// <param name="period">How long it does not run afterwards.</param>
    /// <param name="catchUp">How long it waits for a successor.</param>
    /// <param name="force">Steps down at the end of the wait whatever happens.</param>
    /// <param name="done">Called with null, or with the error.</param>
    public void Begin(TimeSpan period, TimeSpan catchUp, bool force, Action<CommandException?> done)
    {
        process.Trace("tries to step down");
        attempt = new Attempt(period, force, done);
        process.Topology.SetWritable(false);
        attempt.Limit = process.After(catchUp, GiveUpWaiting);
        Check();
    }

    /// <summary>Looks whether a successor has caught up; called when positions of members are learnt.</summary>
    public void Check()
    {
        if (attempt is { } running && IsSafe())
        {
            Succeed(running, handOff: true);
        }
    }

    /// <summary>Stops leading at once.</summary>
    public void BecauseOf(string why, InterruptReason reason)
    {
        process.Trace($"steps down: {why}");
        var running = attempt;
        attempt = null;
        running?.Limit?.Cancel();
        StopLeading();
        if (reason == InterruptReason.NewerTerm)
        {
            StepDownsForNewerTerm++;
        }

        running?.Done(new CommandException(
            ErrorCode.PrimarySteppedDown,
            "While waiting for secondaries to catch up before stepping down, this node decided to step down for other reasons"));
    }

    public long StepDownsForNewerTerm { get; private set; }

    /// <summary>SIGTERM: tries to hand over first, and ends anyway.</summary>
    public void BeforeShutDown(Action end)
    {
        if (!process.Topology.IsWritablePrimary)
        {
            end();
            return;
        }

        // Without a successor it takes writes again for the moment that the rest of the shutdown needs (seen).
        Begin(TimeSpan.FromMinutes(1), ShutDownCatchUp, force: false, _ => process.After(ShutDownRest, end));
    }

    private bool IsSafe()
    {
        var config = process.Topology.Config!;
        var target = process.Applier.LastApplied;
        var caughtUp = process.Views.All.Where(view => view.Applied >= target).ToArray();
        var votes = caughtUp.Count(view => view.Config.IsVoter) + (process.Topology.Self is { IsVoter: true } ? 1 : 0);
        return votes >= config.WriteMajorityCount && caughtUp.Any(view => view.Config.IsElectable);
    }

    private void GiveUpWaiting()
    {
        if (attempt is not { } running)
        {
            return;
        }

        if (running.Force)
        {
            Succeed(running, handOff: true);
            return;
        }

        attempt = null;
        process.Topology.SetWritable(true);
        process.Trace("step-down failed");
        running.Done(new CommandException(
            ErrorCode.ExceededTimeLimit,
            FormattableString.Invariant($"No electable secondaries caught up as of {process.Now:yyyy-MM-ddTHH:mm:ss.fff}+00:00. ") +
            "Please use the replSetStepDown command with the argument {force: true} to force node to step down."));
    }

    private void Succeed(Attempt running, bool handOff)
    {
        attempt = null;
        running.Limit?.Cancel();
        var successor = handOff ? Successor() : null;
        StopLeading();
        process.ElectionTimer.HoldFor(running.Period);
        process.After(running.Period, process.ElectionTimer.RunIfAlone);
        if (successor is not null)
        {
            process.Trace($"hands over to {successor.Config.Host}");
            process.Call<bool>(
                successor.Config.Host,
                process.Topology.Config!.Settings.ElectionTimeout,
                (target, respond) => target.Elections.Run(ElectionReason.StepUpRequestSkipDryRun, respond),
                _ => { },
                _ => { });
        }

        running.Done(null);
    }

    /// <summary>Highest priority first, then the freshest, then the nearest; freezing or health is not looked at (seen).</summary>
    private MemberView? Successor()
    {
        var target = process.Applier.LastApplied;
        return process.Views.All
            .Where(view => view.Config.IsElectable && view.Applied >= target)
            .OrderByDescending(view => view.Config.EffectivePriority)
            .ThenBy(view => view.Ping ?? TimeSpan.MaxValue)
            .FirstOrDefault();
    }

    private void StopLeading()
    {
        process.StepUp.Abort();
        process.Writer.StopPeriodicNoOps();
        process.Topology.StopLeading();
        process.WriteConcerns.InterruptAll();
        process.IndexBuilds.InterruptAll();
        process.Commitment.InterruptAll();
        process.ElectionTimer.Restart();
        process.Replicate();
    }

    private sealed class Attempt(TimeSpan period, bool force, Action<CommandException?> done)
    {
        public TimeSpan Period { get; } = period;

        public bool Force { get; } = force;

        public Action<CommandException?> Done { get; } = done;

        public ProcessTimer? Limit { get; set; }
    }
}
