namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>Reasons of conditions and events, beside the planner's own.</summary>
public static class Reasons
{
    public const string Settled = "Settled";
    public const string TakingStep = "TakingStep";
    public const string PlanOnly = "PlanOnly";
    public const string ObserveOnly = "ObserveOnly";
    public const string Held = "Held";
    public const string NotHeld = "NotHeld";
    public const string NotAsked = "NotAsked";
    public const string NotStalled = "NotStalled";
    public const string NotObserved = "NotObserved";
    public const string AllHealthy = "AllHealthy";
    public const string MemberUnhealthy = "MemberUnhealthy";
    public const string MemberLags = "MemberLags";
    public const string NoInitialSync = "NoInitialSync";
    public const string InitialSyncRuns = "InitialSyncRuns";
    public const string InitialSyncFailed = "InitialSyncFailed";
    public const string InitialSyncStuck = "InitialSyncStuck";
    public const string PrimaryThere = "PrimaryThere";
    public const string PrimaryElsewhere = "PrimaryElsewhere";
    public const string NoPrimary = "NoPrimary";
    public const string Enough = "MajoritiesRemain";
    public const string NotEnough = "MajorityWouldBeLost";
    public const string DefaultWriteConcernExplicit = "DefaultWriteConcernExplicit";
    public const string ImplicitWriteConcernStays = "ImplicitWriteConcernStays";
    public const string PlaceUnknown = "PlaceUnknown";
    public const string MigrationSteers = "MigrationSteers";
    public const string NoOverride = "NoOverride";
    public const string MigrationGone = "MigrationGone";
    public const string MigrationSilent = "MigrationSilent";
    public const string MigrationRefused = "MigrationRefused";
    public const string DuplicateOwner = "DuplicateOwner";
    public const string PrimaryChanged = "PrimaryChanged";
    public const string WriteGapMeasured = "WriteGapMeasured";
    public const string MemberRecovered = "MemberRecovered";
    public const string ForeignReconfig = "ForeignReconfig";
    public const string OverrideLatched = "OverrideLatched";
    public const string OverrideReleased = "OverrideReleased";
}
