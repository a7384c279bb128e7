namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// What is enough where a change whose answer was lost cannot be confirmed, because the service refuses to write once more what is there
/// (some emulators do): its sets have been read as wanted, and it was sent long enough ago to be everywhere.
/// </summary>
internal static class ConfirmationRule
{
    /// <summary>Route 53 brings a change to all its servers within 60 s as a rule ("How Amazon Route 53 works", Developer Guide); this is five times that.</summary>
    public static readonly TimeSpan Everywhere = TimeSpan.FromMinutes(5);

    /// <summary>The change as in sync from now on; null: it is not unconfirmed, or too young.</summary>
    public static ObservedChange? ByReading(ObservedChange? change, DateTimeOffset now) =>
        change is { State: ChangeState.Unconfirmed } && now - change.SubmittedAt >= Everywhere ? change with { State = ChangeState.InSync, InSyncAt = now } : null;
}
