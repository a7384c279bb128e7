namespace Modestano.Operator.Runtime;

/// <summary>How a pass ended and when the next one is due.</summary>
/// <param name="RequeueAfter">Time until the next pass, whatever else happens; null: when something changes.</param>
/// <param name="Error">What went wrong; backs off, unless <paramref name="IsTerminal"/>.</param>
/// <param name="IsTerminal">Retrying cannot help: only a change of the object can.</param>
public sealed record ReconciliationResult(TimeSpan? RequeueAfter, Exception? Error, bool IsTerminal)
{
    /// <summary>Nothing more to do until something changes.</summary>
    public static ReconciliationResult Success { get; } = new(null, null, false);

    /// <summary>Come back after a while.</summary>
    public static ReconciliationResult After(TimeSpan delay) => new(delay, null, false);

    /// <summary>Failed; try again with backoff.</summary>
    public static ReconciliationResult Failure(Exception error) => new(null, error, false);

    /// <summary>Failed for good until the object changes.</summary>
    public static ReconciliationResult Terminal(Exception error) => new(null, error, true);
}
