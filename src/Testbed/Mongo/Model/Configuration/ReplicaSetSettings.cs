using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>settings</c> of a replica-set config with the server's defaults.</summary>
internal sealed record ReplicaSetSettings
{
    public bool ChainingAllowed { get; init; } = true;

    public int HeartbeatIntervalMillis { get; init; } = 2000;

    public int HeartbeatTimeoutSecs { get; init; } = 10;

    public int ElectionTimeoutMillis { get; init; } = 10000;

    public int CatchUpTimeoutMillis { get; init; } = -1;

    public int CatchUpTakeoverDelayMillis { get; init; } = 30000;

    /// <summary>Custom write concerns: name to tag to number of different values.</summary>
    public BsonDocument GetLastErrorModes { get; init; } = [];

    public BsonDocument GetLastErrorDefaults { get; init; } = NoLastErrorDefaults;

    /// <summary><see cref="GetLastErrorDefaults"/> as nobody changed it.</summary>
    public static BsonDocument NoLastErrorDefaults => new() { { "w", 1 }, { "wtimeout", 0 } };

    public ObjectId? ReplicaSetId { get; init; }

    public TimeSpan HeartbeatInterval => TimeSpan.FromMilliseconds(HeartbeatIntervalMillis);

    public TimeSpan HeartbeatTimeout => TimeSpan.FromSeconds(HeartbeatTimeoutSecs);

    public TimeSpan ElectionTimeout => TimeSpan.FromMilliseconds(ElectionTimeoutMillis);
}
