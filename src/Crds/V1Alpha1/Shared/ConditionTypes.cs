namespace Modestano.Crds.V1Alpha1;

/// <summary>Types of the conditions that the three kinds report.</summary>
public static class ConditionTypes
{
    /// <summary>The wanted state is the real one (kstatus).</summary>
    public const string Ready = "Ready";

    /// <summary>Work goes on (kstatus; abnormal-true).</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>Nothing goes on until a person changes something (kstatus; abnormal-true).</summary>
    public const string Stalled = "Stalled";

    /// <summary>Passes over the object fail: what status tells of the world is from before that. Absent where they do not.</summary>
    public const string Stale = "Stale";

    /// <summary>A migration's override is in force.</summary>
    public const string OverrideActive = "OverrideActive";

    /// <summary>The latched override's migration is gone: its values hold until the overridden spec fields change.</summary>
    public const string OverrideOrphaned = "OverrideOrphaned";

    /// <summary>Every member is healthy and follows closely.</summary>
    public const string ReplicationHealthy = "ReplicationHealthy";

    /// <summary>Every initial sync that runs moves on; False with the server's own words where one fails or stands still.</summary>
    public const string InitialSyncHealthy = "InitialSyncHealthy";

    /// <summary>The primary is where spec or override want it.</summary>
    public const string PrimaryInPreferredRegion = "PrimaryInPreferredRegion";

    /// <summary>Both majorities survive the loss of any one zone.</summary>
    public const string SurvivesZoneLoss = "SurvivesZoneLoss";

    /// <summary>Both majorities survive the loss of any one region.</summary>
    public const string SurvivesRegionLoss = "SurvivesRegionLoss";

    /// <summary>
    /// No region's loss would have to be recovered from by a reconfig that changes the implicit default write concern, which MongoDB refuses; only
    /// on sets with an arbiter.
    /// </summary>
    public const string DefaultWriteConcernReady = "DefaultWriteConcernReady";

    /// <summary>Somebody asked for a stop.</summary>
    public const string Held = "Held";

    /// <summary>A plan, or the pause of a migration, waits for a person.</summary>
    public const string AwaitingApproval = "AwaitingApproval";

    /// <summary>Every authoritative DNS server answers with the last change.</summary>
    public const string InSync = "InSync";

    /// <summary>The gates of a migration hold.</summary>
    public const string GatesPassing = "GatesPassing";
}

/// <summary>Annotations that people set at night.</summary>
public static class Annotations
{
    /// <summary>Stops work on the object at once; the value says why.</summary>
    public const string Hold = "mongo.modestano.io/hold";

    /// <summary>
    /// On a record that a migration steers: takes the edits of <c>values</c>, <c>alias</c> and <c>healthCheckId</c> at once instead of with the next
    /// step. The value is the object's <c>metadata.generation</c>, so that it counts for what was looked at and for nothing later.
    /// </summary>
    public const string TakeEdits = "mongo.modestano.io/take-edits";

    /// <summary>On a migration: latches a roll-back in status; the value says why.</summary>
    public const string RollBack = "mongo.modestano.io/roll-back";

    /// <summary>
    /// On a migration: ends the pause, or the rest of the hold, that <c>status.pause</c> shows. The value is its <c>percent/token</c>, so that it
    /// counts for that one and for nothing later.
    /// </summary>
    public const string Promote = "mongo.modestano.io/promote";

    /// <summary>On a replica set or a record: the object, as <c>namespace/name</c>, that may take over what this one owns.</summary>
    public const string ReleaseTo = "mongo.modestano.io/release-to";
}

/// <summary>Group, version and names that the three kinds share.</summary>
public static class ApiGroup
{
    /// <summary>The API group.</summary>
    public const string Name = "mongo.modestano.io";

    /// <summary>The API version.</summary>
    public const string Version = "v1alpha1";

    /// <summary>Group and version, as in <c>apiVersion</c>.</summary>
    public const string GroupVersion = Name + "/" + Version;

    /// <summary>The category of all kinds.</summary>
    public const string Category = "modestano";

    /// <summary>The type of Secrets that hold MongoDB credentials (keys <c>username</c>, <c>password</c>).</summary>
    public const string CredentialsSecretType = Name + "/credentials";
}
