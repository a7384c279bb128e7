using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What a pass knows of one member: the primary's view of it, and its own answers.</summary>
internal static class MemberReader
{
    /// <summary>Optimes in the primary's view have whole seconds and come by heartbeat: up to this counts as no lag.</summary>
    private static readonly TimeSpan HeartbeatBlur = TimeSpan.FromSeconds(3);

    /// <summary>MongoDB's default time limit of a heartbeat.</summary>
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(10);

    /// <summary>MongoDB's default time between two heartbeats.</summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether an observer sees a member healthy: it says so, and has heard of it within the time that heartbeats may take. Every reconfig and
    /// every election begins them anew, and until a new one runs into its time limit a member that fell silent before stays healthy in the
    /// observer's eyes. Null: it has not heard of it at all, as after its own start; that is neither health nor failure (MongoDB's source: a
    /// health of -1 until the first heartbeat has ended).
    /// </summary>
    /// <param name="seen">The member in the observer's <c>replSetGetStatus</c>.</param>
    /// <param name="observer">The observer's answers.</param>
    public static bool? SeesHealthy(BsonDocument seen, MemberReplies observer)
    {
        if (seen.Flag("self"))
        {
            return true;
        }

        if (seen.Number("health") is not >= 0)
        {
            return null;
        }

        var settings = observer.Config.Document.Doc("config").Doc("settings");
        var limit = (settings.Time("heartbeatTimeoutSecs", TimeSpan.FromSeconds(1)) ?? HeartbeatTimeout)
            + (observer.Status.Document.Time("heartbeatIntervalMillis", TimeSpan.FromMilliseconds(1)) ?? HeartbeatInterval)
            + TimeSpan.FromSeconds(1);
        var isSilent = observer.Status.Document.Date("date") is { } now && seen.Date("lastHeartbeat") is { } heard && now - heard > limit;
        return seen.Number("health") == 1 && !isSilent;
    }

    /// <param name="host">The member.</param>
    /// <param name="own">What answered under its name.</param>
    /// <param name="primary">What the primary answered; null: there is none.</param>
    /// <param name="seenHealthyBy">Who sees it healthy.</param>
    /// <param name="stranger">What answered is not the member, but this (<see cref="Strangers"/>): it tells who it is itself, and nothing of the member.</param>
    public static ObservedMember Read(string host, MemberReplies? own, MemberReplies? primary, IReadOnlySet<string>? seenHealthyBy, string? stranger)
    {
        var identity = Identity(host, own);
        var answered = own;
        own = stranger is null ? own : null;
        var seen = primary?.Status.Document.Docs("members").FirstOrDefault(m => m.Text("name") == host);
        var status = own?.Status.Document;
        var ownState = (MemberState?)status.Whole("myState") ?? (IsArbiter(own) ? MemberState.Arbiter : null);
        var healthy = seen is null ? null : SeesHealthy(seen, primary!);
        return identity with
        {
            Stranger = stranger,
            State = (healthy is null ? null : (MemberState?)seen.Whole("state")) ?? ownState ?? MemberState.Unknown,
            Healthy = healthy,
            Ping = own?.Ping,
            HeartbeatPing = healthy is null ? null : seen.Time("pingMs", TimeSpan.FromMilliseconds(1)),
            OwnState = ownState,
            Lag = Lag(host, own, primary, seen),
            OplogWindow = Window(own),
            OplogCapacityBytes = own?.OplogStats.Document.Whole("maxSize"),
            OplogUsedBytes = own?.OplogStats.Document.Whole("size"),
            OplogRetention = own?.OplogTruncation.Document.Doc("oplogTruncation").Number("oplogMinRetentionHours") is > 0 and < 1_000_000 and var hours ? TimeSpan.FromHours(hours) : null,
            FreeDiskBytes = FreeDisk(own?.Volume.Document),
            SyncSource = seen.Text("syncSourceHost") ?? status.Text("syncSourceHost"),
            InitialSync = InitialSync(ownState, status.Doc("initialSyncStatus")),
            TooStale = status.Flag("tooStale"),
            Version = own?.BuildInfo.Document.Text("version"),
            MaxWireVersion = own?.Hello.Document.Small("maxWireVersion"),
            FeatureCompatibilityVersion = own?.FeatureCompatibility.Document.Doc("featureCompatibilityVersion").Text("version"),
            AllowsMultipleArbiters = own?.FeatureCompatibility.Document is { } parameters && parameters.Contains("allowMultipleArbiters") ? parameters.Flag("allowMultipleArbiters") : null,
            FeatureCompatibilityTarget = own?.FeatureCompatibility.Document.Doc("featureCompatibilityVersion").Text("targetVersion"),
            SeenHealthyBy = seenHealthyBy ?? new HashSet<string>(),
            OldestTransactionAge = Transactions(own),
            IndexBuilds = own?.CurrentOperations.Batch?.Count(o => o.Doc("command")?.Contains("createIndexes") == true),
            ClockSkew = Skew(own, primary),
            Unanswered = UnansweredQuestions.Of(answered, stranger),
            Message = (seen.Text("lastHeartbeatMessage") ?? status.Self().Text("infoMessage") ?? seen.Text("infoMessage")) is { } text ? Redaction.Steady(text) : null,
        };
    }

    /// <summary>Who answered, which a stranger tells as well.</summary>
    private static ObservedMember Identity(string host, MemberReplies? own)
    {
        var (hello, status, config) = (own?.Hello.Document, own?.Status.Document, own?.Config.Document.Doc("config"));
        var failure = Failure(own);
        return new ObservedMember
        {
            Host = host,
            Reachable = hello is not null,
            ConnectionError = failure?.ToString(),
            Fault = FaultOf(failure),
            OwnStatus = Of(own),
            OwnReplicaSetId = ConfigReader.ReplicaSetId(config),
            OwnSetName = hello.Text("setName") ?? status.Text("set") ?? config.Text("_id"),
            OwnName = status.Self().Text("name") ?? hello.Text("me"),
            ProcessId = hello.Doc("topologyVersion") is { } topology && topology.TryGetValue("processId", out var process) ? process.ToString() : null,
            NamesNoSet = hello.Flag("isreplicaset") && hello.Text("setName") is null,
            NotSupportedAs = ForeignKinds.Of(host, own),
        };
    }

    /// <summary>-1 says that the server could not look at its volume, 0 that the database is not there; in memory there is none.</summary>
    private static long? FreeDisk(BsonDocument? stats) => stats.Whole("fsTotalSize") is > 0 and var total && stats.Whole("fsUsedSize") is >= 0 and var used && used <= total ? total - used : null;

    /// <summary>Whether its <c>hello</c>, which needs no login, says that it is an arbiter of a set (recorded).</summary>
    public static bool IsArbiter(MemberReplies? own) => own?.Hello.Document is { } hello && hello.Flag("arbiterOnly") && hello.Text("setName") is not null;

    /// <summary>Why it cannot be looked into; that it is in no set is an answer like another.</summary>
    private static MongoFailure? Failure(MemberReplies? own) =>
        own?.Connection ?? (Of(own) is OwnStatus.NotAnswered or OwnStatus.Unauthorized ? own?.Status.Failure : null);

    private static ConnectionFault FaultOf(MongoFailure? failure) => failure?.Kind switch
    {
        null => ConnectionFault.None,
        MongoFailureKind.TlsFailed => ConnectionFault.Tls,
        MongoFailureKind.AuthenticationFailed => ConnectionFault.Login,
        MongoFailureKind.NotAuthorized => ConnectionFault.Roles,
        MongoFailureKind.NotGranted => ConnectionFault.NotGranted,
        _ => ConnectionFault.Network,
    };

    private static OwnStatus Of(MemberReplies? own) => own switch
    {
        { Status.Document: not null } => OwnStatus.Member,
        not null when IsArbiter(own) => OwnStatus.Arbiter,
        { Status.Failure.Code: MongoErrorCodes.NotYetInitialized } => OwnStatus.NotYetInitialized,
        { Status.Failure.Code: MongoErrorCodes.InvalidReplicaSetConfig } => OwnStatus.Removed,
        { Status.Failure.Code: MongoErrorCodes.NoReplicationEnabled } => OwnStatus.NoReplicationEnabled,
        { Status.Failure.Code: MongoErrorCodes.Unauthorized, LoggedIn: false, Connection: null or { Code: MongoErrorCodes.AuthenticationFailed or MongoErrorCodes.UserNotFound or MongoErrorCodes.Unauthorized } } => OwnStatus.LoginRequired,
        { Status.Failure.Code: MongoErrorCodes.Unauthorized } => OwnStatus.Unauthorized,
        _ => OwnStatus.NotAnswered,
    };

    private static TimeSpan? Lag(string host, MemberReplies? own, MemberReplies? primary, BsonDocument? seen)
    {
        if (primary is null || seen is null)
        {
            return null;
        }

        if (host == primary.Host)
        {
            return TimeSpan.Zero;
        }

        // Its own answer is of this moment and has milliseconds; the primary's view is of the last heartbeat.
        if (own?.Status.Document.Whole("myState") == (int)MemberState.Secondary
            && own.Status.Document.Doc("optimes").Date("lastAppliedWallTime") is { } applied
            && primary.Status.Document.Doc("optimes").Date("lastAppliedWallTime") is { } newest)
        {
            return Durations.Most(newest - applied, TimeSpan.Zero);
        }

        if (seen.Date("optimeDate") is { } optime && primary.Status.Document.Self().Date("optimeDate") is { } reference)
        {
            var lag = Durations.Most(reference - optime, TimeSpan.Zero);
            return lag <= HeartbeatBlur ? TimeSpan.Zero : lag;
        }

        return null;
    }

    private static TimeSpan? Window(MemberReplies? own) =>
        Seconds(own?.OplogFirst.First) is { } first && Seconds(own?.OplogLast.First) is { } last ? TimeSpan.FromSeconds(last - first) : null;

    private static long? Seconds(BsonDocument? entry) =>
        entry is not null && entry.TryGetValue("ts", out var ts) && ts is BsonTimestamp timestamp ? timestamp.Timestamp : null;

    private static InitialSyncProgress? InitialSync(MemberState? state, BsonDocument? sync)
    {
        if (state is not (MemberState.Startup2 or MemberState.Startup) || sync is null)
        {
            return null;
        }

        var (copied, total) = (sync.Whole("approxTotalBytesCopied"), sync.Whole("approxTotalDataSize"));
        return new InitialSyncProgress
        {
            CopiedBytes = copied,
            TotalBytes = total,
            Ratio = copied is { } c && total is > 0 and { } t ? Math.Clamp((double)c / t, 0, 1) : null,
            AppliedOperations = sync.Whole("appliedOps"),
            Remaining = sync.Time("remainingInitialSyncEstimatedMillis", TimeSpan.FromMilliseconds(1)),
            Started = sync.Date("initialSyncStart"),
            FailedAttempts = sync.Small("failedInitialSyncAttempts") ?? 0,
            LastFailure = sync.Docs("initialSyncAttempts").LastOrDefault().Text("status") is { } text ? Redaction.Apply(text) : null,
        };
    }

    private static TimeSpan? Transactions(MemberReplies? own) => own?.CurrentOperations.Batch is { } operations
        ? operations.Max(o => o.Doc("transaction").Time("timeOpenMicros", TimeSpan.FromMicroseconds(1))) ?? TimeSpan.Zero
        : null;

    /// <summary>Both clocks are compared to the operator's at the moment of the answer, so that slow probes are no skew.</summary>
    private static TimeSpan? Skew(MemberReplies? own, MemberReplies? primary) =>
        AheadOfOperator(own) is { } mine && AheadOfOperator(primary) is { } reference ? mine - reference : null;

    private static TimeSpan? AheadOfOperator(MemberReplies? replies) =>
        replies?.Hello.Document.Date("localTime") is { } local && replies.HelloAt is { } at ? local - at : null;
}
