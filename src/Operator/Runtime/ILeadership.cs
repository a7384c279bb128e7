namespace Modestano.Operator.Runtime;

/// <summary>The fence in front of every effect (invariant R10).</summary>
public interface ILeadership
{
    /// <summary>Whether this process leads now, by its own monotonic clock.</summary>
    bool IsLeader { get; }

    /// <summary>
    /// Opens the time in which one effect may happen: it ends after <paramref name="atMost"/>, and always before the last lease renewal
    /// plus the lease's duration. Dispose it when the effect has ended.
    /// </summary>
    /// <exception cref="LeadershipLostException">This process does not lead, or the lease has less than a useful rest (2 s) left.</exception>
    IEffectScope BeginEffect(TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Reads the lease live, before an effect that nothing else would stop: a step-down, a forced configuration.</summary>
    /// <exception cref="LeadershipLostException">Somebody else holds it.</exception>
    Task ConfirmAsync(CancellationToken cancellationToken);
}

/// <summary>The time in which one effect may happen.</summary>
public interface IEffectScope : IDisposable
{
    /// <summary>Cancelled when the deadline passes, leadership ends or the process stops. Hand it to the call.</summary>
    CancellationToken Token { get; }

    /// <summary>What is left until the deadline; for a server-side limit such as <c>maxTimeMS</c>.</summary>
    TimeSpan Remaining { get; }
}

/// <summary>An effect was asked for by a process that does not lead (any more).</summary>
public sealed class LeadershipLostException(string message) : Exception(message);
