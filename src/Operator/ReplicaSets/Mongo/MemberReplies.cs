using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What one command got: a reply or a failure, never both.</summary>
/// <param name="Document">The server's reply; null where it failed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
public sealed record CommandReply(BsonDocument? Document, MongoFailure? Failure)
{
    /// <summary>The command was not sent.</summary>
    public static CommandReply NotAsked { get; } = new(null, null);

    /// <summary>The documents of a cursor's first batch; null where there is no reply.</summary>
    public IReadOnlyList<BsonDocument>? Batch => Document is null ? null : [.. Document.Doc("cursor").Docs("firstBatch")];

    /// <summary>The first document of a cursor's first batch; null where there is none.</summary>
    public BsonDocument? First =>
        Document is { } reply && reply.TryGetValue("cursor", out var cursor) && cursor is BsonDocument c
        && c.TryGetValue("firstBatch", out var batch) && batch is BsonArray { Count: > 0 } documents
            ? documents[0] as BsonDocument
            : null;
}

/// <summary>Everything that one member answered in a pass, raw.</summary>
public sealed record MemberReplies
{
    /// <summary>host:port as it was asked for.</summary>
    public required string Host { get; init; }

    /// <summary>When the last answer came, by the operator's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When the answer to <c>hello</c> came, by the operator's clock.</summary>
    public DateTimeOffset? HelloAt { get; init; }

    /// <summary>Round trip of the first answered command.</summary>
    public TimeSpan? Ping { get; init; }

    /// <summary><c>hello</c>.</summary>
    public CommandReply Hello { get; init; } = CommandReply.NotAsked;

    /// <summary><c>replSetGetStatus {initialSync: 1}</c>.</summary>
    public CommandReply Status { get; init; } = CommandReply.NotAsked;

    /// <summary><c>replSetGetConfig</c>; with <c>commitmentStatus</c> on a primary.</summary>
    public CommandReply Config { get; init; } = CommandReply.NotAsked;

    /// <summary><c>local.system.replset</c>: the only place that shows <c>newlyAdded</c>.</summary>
    public CommandReply SystemReplset { get; init; } = CommandReply.NotAsked;

    /// <summary>The oldest entry of the oplog.</summary>
    public CommandReply OplogFirst { get; init; } = CommandReply.NotAsked;

    /// <summary>The newest entry of the oplog.</summary>
    public CommandReply OplogLast { get; init; } = CommandReply.NotAsked;

    /// <summary><c>collStats</c> of the oplog: its size and what it may hold.</summary>
    public CommandReply OplogStats { get; init; } = CommandReply.NotAsked;

    /// <summary><c>serverStatus</c> with what it tells of the oplog's truncation.</summary>
    public CommandReply OplogTruncation { get; init; } = CommandReply.NotAsked;

    /// <summary><c>buildInfo</c>.</summary>
    public CommandReply BuildInfo { get; init; } = CommandReply.NotAsked;

    /// <summary><c>getParameter featureCompatibilityVersion</c>.</summary>
    public CommandReply FeatureCompatibility { get; init; } = CommandReply.NotAsked;

    /// <summary><c>$currentOp</c>: open transactions and index builds; on members that are in the set.</summary>
    public CommandReply CurrentOperations { get; init; } = CommandReply.NotAsked;

    /// <summary><c>getDefaultRWConcern</c>; on a primary, and on data-bearing members that see none.</summary>
    public CommandReply DefaultConcerns { get; init; } = CommandReply.NotAsked;

    /// <summary><c>dbStats</c>, for the volume; on members that are in no set.</summary>
    public CommandReply Volume { get; init; } = CommandReply.NotAsked;

    /// <summary><c>shardingState</c>; on a primary.</summary>
    public CommandReply ShardingState { get; init; } = CommandReply.NotAsked;

    /// <summary><c>listDatabases</c> with sizes; on a primary.</summary>
    public CommandReply Databases { get; init; } = CommandReply.NotAsked;

    /// <summary>Whether the answers were given to a login.</summary>
    public bool LoggedIn { get; init; } = true;

    /// <summary>Why the member could not be used at all, or only without login; null: it could.</summary>
    public MongoFailure? Connection { get; init; }
}
