namespace Modestano.Operator.Runtime.Leadership;

/// <summary>Decides when this process leads.</summary>
internal interface ITermSource
{
    /// <summary>Calls <paramref name="lead"/> for each term and waits for it to end before the next one may begin.</summary>
    /// <param name="lead">The work of a leader; its token ends with the term. It also has to end, in its own time, once <paramref name="stopping"/> is cancelled.</param>
    /// <param name="stopping">The process was asked to stop.</param>
    Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stopping);
}

/// <summary>Leads from start to end: one replica without leader election.</summary>
internal sealed class SoleLeader(LeaseClock clock, RuntimeMetrics metrics) : ITermSource
{
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        using var term = new CancellationTokenSource();
        clock.Begin(term, lease: null, isHolder: null);
        metrics.Leader("none").Set(1);
        try
        {
            await lead(term.Token);
        }
        finally
        {
            clock.End();
            metrics.Leader("none").Set(0);
        }
    }
}
