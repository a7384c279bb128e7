namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>What one pass saw of one member. Null: not known, which never counts as good.</summary>
public sealed record ObservedMember
{
    /// <summary>host:port, as the configuration or the spec spells it.</summary>
    public required string Host { get; init; }

    /// <summary>Its state as the primary sees it; without a primary, its own answer.</summary>
    public MemberState State { get; init; } = MemberState.Unknown;

    /// <summary>Whether the primary sees it healthy (<c>health: 1</c>; the primary itself is healthy). Null: no primary, or not in the configuration.</summary>
    public bool? Healthy { get; init; }

    /// <summary>Whether it answered the operator directly in this pass.</summary>
    public bool Reachable { get; init; }

    /// <summary>Round trip of that answer.</summary>
    public TimeSpan? Ping { get; init; }

    /// <summary>Round trip of the primary's heartbeats to it (<c>pingMs</c>); null for the primary itself.</summary>
    public TimeSpan? HeartbeatPing { get; init; }

    /// <summary>Why it did not answer, or not as wanted: connection, TLS or login error in words, without secrets.</summary>
    public string? ConnectionError { get; init; }

    /// <summary>What kind of error that was.</summary>
    public ConnectionFault Fault { get; init; }

    /// <summary>What its own <c>replSetGetStatus</c> answered (R8).</summary>
    public OwnStatus OwnStatus { get; init; }

    /// <summary>
    /// What answers under its name, where that is not the member, as <c>a standalone</c>. Of its own answers only those are told then that say
    /// who it is. Null: the member itself, or nobody.
    /// </summary>
    public string? Stranger { get; init; }

    /// <summary>Its own state in that answer.</summary>
    public MemberState? OwnState { get; init; }

    /// <summary>The <c>replicaSetId</c> of its own configuration, 24 hex digits; null: it has none or cannot tell.</summary>
    public string? OwnReplicaSetId { get; init; }

    /// <summary>The set name that it says it belongs to, or was started for.</summary>
    public string? OwnSetName { get; init; }

    /// <summary>
    /// The name that the configuration knows it by, as it says itself (<c>replSetGetStatus</c>, <c>self</c>; else <c>hello</c>, <c>me</c>): another one
    /// than <see cref="Host"/> where a name leads to another member. Null: it is in no configuration, or does not tell.
    /// </summary>
    public string? OwnName { get; init; }

    /// <summary>Tells its process from every other one, a restarted one included (<c>hello</c>, <c>topologyVersion.processId</c>). Null: not told.</summary>
    public string? ProcessId { get; init; }

    /// <summary>
    /// Its <c>hello</c> says that it was started for a replica set and has no valid configuration (<c>isreplicaset</c>, no <c>setName</c>). One
    /// that was removed from a set says the same (seen).
    /// </summary>
    public bool NamesNoSet { get; init; }

    /// <summary>What it is, where it is nothing that this operator manages, and what that was seen by, as <c>a mongos (hello: isdbgrid)</c>; null: nothing speaks against it.</summary>
    public string? NotSupportedAs { get; init; }

    /// <summary>Behind the primary; up to three seconds count as zero (<c>optimeDate</c> has whole seconds and comes by heartbeat). Null: not known, as for a member that is down.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Since when it has been healthy and close without a break; null: it is not now. Kept by <see cref="StabilityTracker"/>.</summary>
    public DateTimeOffset? SteadySince { get; init; }

    /// <summary>Time between the first and the last entry of its oplog.</summary>
    public TimeSpan? OplogWindow { get; init; }

    /// <summary>Bytes that its oplog may hold (<c>maxSize</c>).</summary>
    public long? OplogCapacityBytes { get; init; }

    /// <summary>Bytes in its oplog.</summary>
    public long? OplogUsedBytes { get; init; }

    /// <summary>How long its oplog keeps entries although it is full (<c>oplogMinRetentionHours</c>); null: no longer, or not known.</summary>
    public TimeSpan? OplogRetention { get; init; }

    /// <summary>Free bytes on the volume of its data (<c>dbStats</c>); asked of members that are in no set. Null: it does not tell without a login.</summary>
    public long? FreeDiskBytes { get; init; }

    /// <summary>The member that it copies from.</summary>
    public string? SyncSource { get; init; }

    /// <summary>Its initial sync, while one runs.</summary>
    public InitialSyncProgress? InitialSync { get; init; }

    /// <summary>Fell off the oplog of every other member: it needs a new initial sync.</summary>
    public bool TooStale { get; init; }

    /// <summary>Server version, as <c>7.0.14</c>; null where <c>buildInfo</c> needs a login that it does not know.</summary>
    public string? Version { get; init; }

    /// <summary><c>maxWireVersion</c> of its <c>hello</c>, which needs no login: grows with each release.</summary>
    public int? MaxWireVersion { get; init; }

    /// <summary>Feature compatibility version, as <c>7.0</c>.</summary>
    public string? FeatureCompatibilityVersion { get; init; }

    /// <summary>Whether it was started with <c>allowMultipleArbiters</c>. Null: it does not tell, as an arbiter under authorization, or is older than 5.3, where nobody asks.</summary>
    public bool? AllowsMultipleArbiters { get; init; }

    /// <summary>The version that a <c>setFeatureCompatibilityVersion</c> under way leads to (<c>targetVersion</c>); null: none is.</summary>
    public string? FeatureCompatibilityTarget { get; init; }

    /// <summary>Hosts of the members that see it healthy, by their own <c>replSetGetStatus</c>; itself not among them.</summary>
    public IReadOnlySet<string> SeenHealthyBy { get; init; } = new HashSet<string>();

    /// <summary>Age of the oldest open transaction; zero: none.</summary>
    public TimeSpan? OldestTransactionAge { get; init; }

    /// <summary>Index builds that run on it.</summary>
    public int? IndexBuilds { get; init; }

    /// <summary>Who is connected to it, by name; null: not asked, or it did not tell. Asked of members that a migration hides.</summary>
    public IReadOnlyList<ConnectedApplication>? Applications { get; init; }

    /// <summary>What it was asked and did not answer, with why: a step that relies on the answer waits. See <see cref="Question"/>.</summary>
    public IReadOnlyDictionary<Question, string> Unanswered { get; init; } = new Dictionary<Question, string>();

    /// <summary>Its clock less the primary's.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>When the certificate that it showed ends; null: no TLS, or none was seen yet.</summary>
    public DateTimeOffset? CertificateEnd { get; init; }

    /// <summary>The server's own words about it: <c>lastHeartbeatMessage</c>, <c>infoMessage</c>, an initial sync's failure.</summary>
    public string? Message { get; init; }
}

/// <summary>What a member's own <c>replSetGetStatus</c> answered.</summary>
public enum OwnStatus
{
    /// <summary>It did not answer, or its answer was another error.</summary>
    NotAnswered,

    /// <summary>It answered with a status: it is in a set.</summary>
    Member,

    /// <summary>
    /// Its <c>hello</c> says that it is an arbiter of a set, and nothing else of it can be read: an arbiter has no users. Whom it takes for the
    /// primary is known from there; whom it sees healthy is not.
    /// </summary>
    Arbiter,

    /// <summary>94 NotYetInitialized: it never was in a set.</summary>
    NotYetInitialized,

    /// <summary>93 InvalidReplicaSetConfig: it was removed from a set.</summary>
    Removed,

    /// <summary>76 NoReplicationEnabled: it was started without <c>--replSet</c>.</summary>
    NoReplicationEnabled,

    /// <summary>13 Unauthorized to the operator's login: it has the operator's user, without the roles.</summary>
    Unauthorized,

    /// <summary>
    /// It refused the login (18, or 11 for a certificate), or none is configured, and without one it answers 13: it has other users, or none at all as a mongod that was
    /// never initialised.
    /// </summary>
    LoginRequired,
}

/// <summary>How far an initial sync is.</summary>
public sealed record InitialSyncProgress
{
    /// <summary>Part of the data that is copied, 0 to 1; null: not known.</summary>
    public double? Ratio { get; init; }

    /// <summary>Bytes copied.</summary>
    public long? CopiedBytes { get; init; }

    /// <summary>Bytes to copy.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Oplog entries applied after the copy.</summary>
    public long? AppliedOperations { get; init; }

    /// <summary>What is left by the server's own estimate.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Bytes copied a second, as the operator measured it. Kept by <see cref="InitialSyncTracker"/>; null: not yet.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>Since when nothing has moved in it. Kept by <see cref="InitialSyncTracker"/>.</summary>
    public DateTimeOffset? UnchangedSince { get; init; }

    /// <summary>Failed attempts so far.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>The last failure in the server's words.</summary>
    public string? LastFailure { get; init; }
}
