namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Error codes of the MongoDB server that decisions depend on.</summary>
public static class MongoErrorCodes
{
    /// <summary>No user has the subject of the certificate (X.509; recorded on 5.0), also on a member that was never initialised.</summary>
    public const int UserNotFound = 11;

    /// <summary>The user may not do this.</summary>
    public const int Unauthorized = 13;

    /// <summary>Wrong user or password.</summary>
    public const int AuthenticationFailed = 18;

    /// <summary>replSetInitiate on a member that has a configuration.</summary>
    public const int AlreadyInitialized = 23;

    /// <summary>maxTimeMS passed; after a reconfig: the configuration is installed but not yet held by a majority.</summary>
    public const int MaxTimeMsExpired = 50;

    /// <summary>The command is not known to this version.</summary>
    public const int CommandNotFound = 59;

    /// <summary>Quorum check: not enough voting members of the new configuration answered.</summary>
    public const int NodeNotFound = 74;

    /// <summary>Not a replica-set member at all (started without a set name).</summary>
    public const int NoReplicationEnabled = 76;

    /// <summary>The member holds a configuration that it is not part of: it was removed.</summary>
    public const int InvalidReplicaSetConfig = 93;

    /// <summary>The member has never been initialised.</summary>
    public const int NotYetInitialized = 94;

    /// <summary>The new configuration is not compatible with the one in force.</summary>
    public const int NewReplicaSetConfigurationIncompatible = 103;

    /// <summary>Another reconfig is running.</summary>
    public const int ConfigurationInProgress = 109;

    /// <summary>The member that got the reconfig would not be electable in it.</summary>
    public const int NodeNotElectable = 104;

    /// <summary>A step-down found no electable secondary that is caught up.</summary>
    public const int ExceededTimeLimit = 262;

    /// <summary>The configuration in force is not yet held by a majority.</summary>
    public const int CurrentConfigNotCommittedYet = 308;

    /// <summary>Whether the code says that the member is not, or no longer, the primary.</summary>
    public static bool MeansNotPrimary(int code) => code is 10107 or 13435 or 11602 or 189;
}
