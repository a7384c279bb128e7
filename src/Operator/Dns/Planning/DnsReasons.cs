namespace Modestano.Operator.Dns.Planning;

/// <summary>Reasons in conditions and events.</summary>
public static class DnsReasons
{
    public const string AsWanted = "AsWanted";
    public const string Observing = "Observing";
    public const string Held = "Held";
    public const string NotHeld = "NotHeld";
    public const string Shifting = "Shifting";
    public const string ChangePending = "ChangePending";
    public const string WaitingForTtl = "WaitingForTtl";
    public const string WaitingForInterval = "WaitingForInterval";
    public const string EndpointUnhealthy = "EndpointUnhealthy";
    public const string HealthUnknown = "HealthUnknown";
    public const string HealthCheckDeleted = "HealthCheckDeleted";
    public const string NotPermitted = "NotPermitted";
    public const string NobodyWouldServe = "NobodyWouldServe";
    public const string NotOurs = "NotOurs";
    public const string FingerprintDiffers = "FingerprintDiffers";
    public const string SimpleRecordInTheWay = "SimpleRecordInTheWay";
    public const string OtherPolicyInTheWay = "OtherPolicyInTheWay";
    public const string TtlOfOthersDiffers = "TtlOfOthersDiffers";
    public const string StepTooSmall = "StepTooSmall";
    public const string BatchTooLarge = "BatchTooLarge";
    public const string OwnedByAnotherObject = "OwnedByAnotherObject";
    public const string NotGranted = "NotGranted";
    public const string ZoneNotFound = "ZoneNotFound";
    public const string ZoneAmbiguous = "ZoneAmbiguous";
    public const string NameOutsideZone = "NameOutsideZone";
    public const string AccessDenied = "AccessDenied";
    public const string Throttled = "Throttled";
    public const string Unreachable = "Unreachable";
    public const string RefusedByRoute53 = "RefusedByRoute53";
    public const string ChangedByOthers = "ChangedByOthers";
    public const string Contested = "Contested";
    public const string NotAsSent = "NotAsSent";
    public const string UnreadableAnswer = "UnreadableAnswer";
    public const string ZoneKindDiffers = "ZoneKindDiffers";
    public const string NotStalled = "NotStalled";
    public const string NoOverride = "NoOverride";
    public const string Override = "Override";
    public const string MigrationGone = "MigrationGone";

    // Events only
    public const string OverrideTaken = "OverrideTaken";
    public const string OverrideOrphaned = "OverrideOrphaned";
    public const string OverrideEnded = "OverrideEnded";
    public const string Delegated = "Delegated";
    public const string MarkLost = "MarkLost";
    public const string MarksLeftBehind = "MarksLeftBehind";
    public const string DeletionBlocked = "DeletionBlocked";
}
