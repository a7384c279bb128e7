namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Waits until a voting majority is known to hold the config in force. The primary learns it from heartbeat answers, so it takes about one
/// heartbeat interval (seen).
/// </summary>
internal sealed class ConfigCommitment(MemberProcess process)
{
    private readonly List<Waiter> waiting = [];

    /// <summary>Whether a majority holds the config, and the operations committed under the one before.</summary>
    public bool IsCommitted
    {
        get
        {
            if (process.Topology is not { Config: { } config, Self: { } self })
            {
                return false;
            }

            var holders = process.Views.All.Count(view => view.Config.IsVoter && view.IsUp == true && view.ConfigVersion == config.VersionAndTerm);
            return holders + (self.IsVoter ? 1 : 0) >= config.MajorityVoteCount && process.CommitPoint.Value >= RequiredCommitPoint;
        }
    }

    /// <summary>What was majority-committed when the config was installed must be so under it too.</summary>
    public OpTime RequiredCommitPoint { get; set; } = OpTime.None;

    /// <param name="limit">Longest wait; null without end.</param>
    /// <param name="done">Called with null, or with why it is not committed.</param>
    public void Wait(TimeSpan? limit, Action<string?> done)
    {
        if (IsCommitted)
        {
            done(null);
            return;
        }

        var waiter = new Waiter(done);
        waiting.Add(waiter);
        if (limit is { } time)
        {
            waiter.Limit = process.After(time, () => End(waiter, $"{NotYet} :: caused by :: operation exceeded time limit"));
        }
    }

    public void Check()
    {
        if (waiting.Count > 0 && IsCommitted)
        {
            foreach (var waiter in waiting.ToArray())
            {
                End(waiter, null);
            }
        }
    }

    public void InterruptAll()
    {
        foreach (var waiter in waiting.ToArray())
        {
            End(waiter, $"{NotYet} :: caused by :: operation was interrupted");
        }
    }

    private string NotYet => $"Current config with {process.Topology.Config!.VersionAndTerm} has not yet propagated to a majority of nodes";

    private void End(Waiter waiter, string? error)
    {
        if (waiting.Remove(waiter))
        {
            waiter.Limit?.Cancel();
            waiter.Done(error);
        }
    }

    private sealed class Waiter(Action<string?> done)
    {
        public Action<string?> Done { get; } = done;

        public ProcessTimer? Limit { get; set; }
    }
}
