using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>What one member asks another every heartbeat interval.</summary>
internal sealed record HeartbeatRequest(
    string SetName, string FromHost, int FromId, long Term, ConfigVersion ConfigVersion, int? PrimaryId, string? KeyFile);

/// <summary>The answer to a heartbeat; <see cref="Complaint"/> when it is a refusal.</summary>
internal sealed record HeartbeatReply
{
    public CommandException? Complaint { get; init; }

    /// <summary>False when the two members have different keyFiles.</summary>
    public bool IsAuthenticated { get; init; } = true;

    public MemberState State { get; init; }

    public ConfigVersion ConfigVersion { get; init; } = ConfigVersion.None;

    /// <summary>The config, when the one who asked has an older one.</summary>
    public ReplicaSetConfig? Config { get; init; }

    public ObjectId? ReplicaSetId { get; init; }

    public long Term { get; init; } = -1;

    public int? PrimaryId { get; init; }

    public OpTime Applied { get; init; } = OpTime.None;

    public DateTime AppliedWall { get; init; } = DateTime.UnixEpoch;

    public OpTime Durable { get; init; } = OpTime.None;

    public DateTime DurableWall { get; init; } = DateTime.UnixEpoch;

    /// <summary>What it knows to be majority-committed; arbiters learn it from here, having no sync source.</summary>
    public OpTime CommitPoint { get; init; } = OpTime.None;

    public string SyncSource { get; init; } = "";

    public BsonTimestamp? ElectionTime { get; init; }

    /// <summary>It holds data of a set already (asked before an initiate).</summary>
    public bool HasData { get; init; }
}
