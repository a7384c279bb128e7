namespace Modestano.Operator.Dns.Planning;

/// <summary>What earlier passes left for the next decision.</summary>
public sealed record PastSteps
{
    /// <summary>Nothing is known.</summary>
    public static PastSteps None { get; } = new();

    /// <summary>How what is served differs from what the latest batch sent; null: it does not, or nothing is known of it.</summary>
    public string? NotAsSent { get; init; }

    /// <summary>Somebody undid us twice within ten minutes: nothing is written until the wish changes.</summary>
    public bool IsContested { get; init; }

    /// <summary>The batch that the service refused last, and that is not sent again yet; null: none.</summary>
    public RefusedBatch? Refused { get; init; }

    /// <summary>The service refuses to write once more what is there, so what is read has to be enough.</summary>
    public bool MayNotConfirm { get; init; }
}

/// <summary>A batch that the service refused.</summary>
/// <param name="Batch">Its changes (<see cref="NameOf"/>).</param>
/// <param name="Meaning">What the refusal means.</param>
/// <param name="At">When.</param>
public sealed record RefusedBatch(string Batch, DnsDecision Meaning, DateTimeOffset At)
{
    /// <summary>Names a batch by all that it changes.</summary>
    public static string NameOf(Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return string.Join('\n', step.Changes.Select(change => (change.IsCreate ? "+" : "-") + change.Set.Exact));
    }
}
