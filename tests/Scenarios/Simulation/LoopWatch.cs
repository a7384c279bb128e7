namespace Modestano.Scenarios.Simulation;

/// <summary>Counts what the operator does in any minute: it must not run hot, whatever happens.</summary>
internal sealed class LoopWatch
{
    /// <summary>Passes that a minute may have.</summary>
    public const int MostPasses = 200;

    /// <summary>Status writes that a minute may have.</summary>
    public const int MostWrites = 90;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Queue<(TimeSpan At, int Writes)> _passes = new();

    /// <summary>The worst minute so far.</summary>
    public (int Passes, int Writes) Worst { get; private set; }

    /// <summary>Notes the end of a pass; a text where the minute had too much.</summary>
    /// <param name="now">Time of the world.</param>
    /// <param name="writes">Status writes since the world began.</param>
    public string? Note(TimeSpan now, int writes)
    {
        _passes.Enqueue((now, writes));
        while (now - _passes.Peek().At > Minute)
        {
            _passes.Dequeue();
        }

        var (passes, written) = (_passes.Count, writes - _passes.Peek().Writes);
        Worst = (Math.Max(Worst.Passes, passes), Math.Max(Worst.Writes, written));
        return passes > MostPasses || written > MostWrites ? $"hot loop: {passes} passes and {written} status writes in a minute" : null;
    }
}
