using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>The commands that a pass reads with. Roles: clusterMonitor, and read on <c>local</c>.</summary>
internal static class MemberCommands
{
    public const string Admin = "admin";

    public const string Local = "local";

    public static BsonDocument Hello { get; } = new("hello", 1);

    /// <summary>The older name, for 4.4.0 and 4.4.1, which do not know the newer one (manual: hello, "available in 4.4.2").</summary>
    public static BsonDocument IsMaster { get; } = new("isMaster", 1);

    public static BsonDocument Status { get; } = new() { { "replSetGetStatus", 1 }, { "initialSync", 1 } };

    public static BsonDocument Config { get; } = new("replSetGetConfig", 1);

    /// <summary>On a primary only: elsewhere the server answers 10107.</summary>
    public static BsonDocument ConfigWithCommitment { get; } = new() { { "replSetGetConfig", 1 }, { "commitmentStatus", true } };

    public static BsonDocument SystemReplset { get; } = new() { { "find", "system.replset" }, { "limit", 1 }, { "singleBatch", true } };

    public static BsonDocument OplogFirst { get; } = Oplog(1);

    public static BsonDocument OplogLast { get; } = Oplog(-1);

    public static BsonDocument OplogStats { get; } = new("collStats", "oplog.rs");

    /// <summary>How long entries are kept whatever the size (4.4 and later; manual: replSetResizeOplog), without the sections that cost something.</summary>
    public static BsonDocument OplogTruncation { get; } = new()
    {
        { "serverStatus", 1 }, { "oplogTruncation", 1 }, { "repl", 0 }, { "metrics", 0 }, { "locks", 0 }, { "wiredTiger", 0 }, { "tcmalloc", 0 },
    };

    public static BsonDocument ConnectionStatus { get; } = new("connectionStatus", 1);

    public static BsonDocument BuildInfo { get; } = new("buildInfo", 1);

    /// <summary>And, from 5.3 on, whether it takes a configuration with several arbiters; of a parameter that a server does not know it says nothing.</summary>
    public static BsonDocument FeatureCompatibility { get; } = new() { { "getParameter", 1 }, { "featureCompatibilityVersion", 1 }, { "allowMultipleArbiters", 1 } };

    public static BsonDocument DefaultConcerns { get; } = new("getDefaultRWConcern", 1);

    /// <summary>Whether the member is a shard; clusterMonitor may ask.</summary>
    public static BsonDocument ShardingState { get; } = new("shardingState", 1);

    /// <summary>
    /// Of one database; also how full the volume is. clusterMonitor may ask of every database. A member that is neither primary nor secondary
    /// answers it of <c>local</c> alone, which every member has; of a database that is not there the volume's figures are 0 (MongoDB's source).
    /// </summary>
    public static BsonDocument DatabaseStats { get; } = new("dbStats", 1);

    public static BsonDocument Databases { get; } = new("listDatabases", 1);

    /// <summary>Open transactions, the oldest first, and index builds; idle sessions may hold transactions too.</summary>
    public static BsonDocument CurrentOperations { get; } = new()
    {
        { "aggregate", 1 },
        {
            "pipeline",
            new BsonArray
            {
                new BsonDocument("$currentOp", new BsonDocument { { "allUsers", true }, { "idleSessions", true } }),
                new BsonDocument("$match", new BsonDocument("$or", new BsonArray
                {
                    new BsonDocument("transaction.timeOpenMicros", new BsonDocument("$exists", true)),
                    new BsonDocument("command.createIndexes", new BsonDocument("$exists", true)),
                })),
                new BsonDocument("$project", new BsonDocument { { "transaction.timeOpenMicros", 1 }, { "command.createIndexes", 1 } }),
                new BsonDocument("$sort", new BsonDocument("transaction.timeOpenMicros", -1)),
                new BsonDocument("$limit", 1000),
            }
        },
        { "cursor", new BsonDocument("batchSize", 1000) },
    };

    private static BsonDocument Oplog(int direction) => new()
    {
        { "find", "oplog.rs" },
        { "sort", new BsonDocument("$natural", direction) },
        { "limit", 1 },
        { "singleBatch", true },
        { "projection", new BsonDocument { { "ts", 1 }, { "wall", 1 } } },
    };
}
