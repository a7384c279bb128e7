using Modestano.Operator.Dns.Route53;

namespace Modestano.Operator.Dns.Sending;

/// <summary>What became of a batch.</summary>
internal abstract record WriteOutcome
{
    /// <summary>Taken by the service.</summary>
    public sealed record Sent(string ChangeId, bool InSync) : WriteOutcome;

    /// <summary>It was no longer allowed.</summary>
    public sealed record NotSent(string Why) : WriteOutcome;

    /// <summary>The service refused; nothing was applied.</summary>
    public sealed record Refused(Route53Failure Failure, Exception Cause) : WriteOutcome;

    /// <summary>No answer: it may have been applied.</summary>
    public sealed record Unknown(Route53Failure Failure, Exception Cause) : WriteOutcome;

    /// <summary>It was not sent, because it could not be learned whether it may be, or this process no longer leads.</summary>
    public sealed record Failed(Exception Cause) : WriteOutcome;
}

/// <summary>Whether a batch may be sent now.</summary>
/// <param name="Refusal">Why not; null: it may.</param>
/// <param name="Until">Until when; null: no such limit.</param>
internal sealed record Permission(string? Refusal, DateTimeOffset? Until)
{
    public static Permission Given { get; } = new(null, null);
}
