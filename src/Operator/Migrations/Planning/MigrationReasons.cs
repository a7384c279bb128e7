namespace Modestano.Operator.Migrations.Planning;

/// <summary>Reasons in a migration's conditions and events; the phases are reasons, too.</summary>
public static class MigrationReasons
{
    // Stalled
    public const string UnknownPhase = "UnknownPhase";
    public const string ReplicaSetNotFound = "ReplicaSetNotFound";
    public const string RecordNotFound = "RecordNotFound";
    public const string RegionNotInReplicaSet = "RegionNotInReplicaSet";
    public const string RegionNotInRecord = "RegionNotInRecord";
    public const string UnknownEndpoint = "UnknownEndpoint";
    public const string WrongTargetWeights = "WrongTargetWeights";
    public const string WrongGate = "WrongGate";
    public const string WrongWindow = "WrongWindow";
    public const string NoWindow = "NoWindow";
    public const string NobodyCouldBePrimary = "NobodyCouldBePrimary";
    public const string NobodyWouldServe = "NobodyWouldServe";
    public const string TargetClaimed = "TargetClaimed";
    public const string PrimaryElsewhere = "PrimaryElsewhere";
    public const string StatusIsOld = "StatusIsOld";
    public const string NoWayBack = "NoWayBack";
    public const string NotStalled = "NotStalled";

    // Held
    public const string HoldAsked = "HoldAsked";
    public const string NotHeld = "NotHeld";

    // AwaitingApproval, and the event
    public const string AwaitingPromotion = "AwaitingPromotion";
    public const string NotAsked = "NotAsked";
    public const string PromotionIgnored = "PromotionIgnored";

    // OverrideActive
    public const string Override = "Override";

    // GatesPassing, and the event
    public const string AllPassing = "AllPassing";
    public const string GateFailing = "GateFailing";
    public const string NoData = "NoData";
    public const string GateNotPassing = "GateNotPassing";
}
