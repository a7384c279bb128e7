namespace Modestano.Testbed.Mongo.Model;

/// <summary>How one simulated <c>mongod</c> is started.</summary>
public sealed record MemberOptions
{
    /// <summary><see cref="ClusterRole"/> of a config server.</summary>
    public const string ConfigServer = "configsvr";

    /// <summary>host:port by which the other members and the clients reach it, for example <c>127.0.1.1:27017</c>.</summary>
    public required string Host { get; init; }

    /// <summary>Region that decides the latency to other members, for example <c>eu-west-1</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Release that it plays: texts, field names and rules follow it.</summary>
    public ServerVersion Version { get; init; } = ServerVersion.Mongo70;

    /// <summary>Value of <c>--replSet</c>; null plays a standalone.</summary>
    public string? ReplSetName { get; init; } = "rs0";

    /// <summary>Part of a sharded cluster that it plays: <c>configsvr</c> or <c>shardsvr</c>; null: none.</summary>
    public string? ClusterRole { get; init; }

    /// <summary>
    /// Identity of the <c>keyFile</c>; members with different values refuse each other. Null: no internal authentication.
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>Largest size of the oplog in bytes (<c>--oplogSize</c>); older entries are dropped beyond it.</summary>
    public long OplogSizeBytes { get; init; } = 990L * 1024 * 1024;

    /// <summary>How long an entry of the oplog is kept although it is full (<c>--oplogMinRetentionHours</c>); zero: not at all.</summary>
    public TimeSpan OplogMinRetention { get; init; }

    /// <summary><c>--setParameter allowMultipleArbiters</c>, from 5.3 on.</summary>
    public bool AllowMultipleArbiters { get; init; }

    /// <summary>The volume of its data, as <c>dbStats</c> tells of it; null plays a storage engine that keeps its data in memory.</summary>
    public DataVolume? Volume { get; init; } = new(1L << 40, 10L << 30);

    /// <summary>How long an initial sync takes per byte and how long disk writes take.</summary>
    public DiskOptions Disk { get; init; } = new();

    /// <summary>How far this member's wall clock is from true time.</summary>
    public TimeSpan ClockSkew { get; init; }
}
