using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Testbed.Mongo;

/// <summary>The members of an embedded MongoDB world and how they are started. None of them is in a set until it is initiated.</summary>
public sealed record EmbeddedMongoOptions
{
    /// <summary>The members; they may belong to one replica set or to several.</summary>
    public required IReadOnlyList<EmbeddedMongoMemberOptions> Members { get; init; }

    /// <summary>Seed of the world: elections, latency, ids.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock of the members.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The release that the members play.</summary>
    public ServerVersion Version { get; init; } = ServerVersion.Mongo70;

    /// <summary>Whether commands need a login and roles (<c>security.authorization</c>).</summary>
    public bool Authorization { get; init; }

    /// <summary>
    /// Users that every member has from the start, as if each had been prepared as a standalone before it was started with <c>--replSet</c>.
    /// A mongod that was not prepared like that has no users until it has synced from a set, and refuses every login.
    /// </summary>
    public IReadOnlyList<EmbeddedMongoUser> Users { get; init; } = [];

    /// <summary>TLS on every member's port; null: plain.</summary>
    public EmbeddedMongoTls? Tls { get; init; }

    /// <summary>Whether the SOCKS5 proxy that knows the members' names is started.</summary>
    public bool Proxy { get; init; } = true;

    /// <summary>Takes notes of unusual ends of connections.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>One member.</summary>
public sealed record EmbeddedMongoMemberOptions
{
    /// <summary>host:port as configs and <c>hello</c> name it, for example <c>mongo-a.eu-west-1.modestano.test:27017</c> or <c>127.0.1.1:27017</c>.</summary>
    public required string Host { get; init; }

    /// <summary>Region; decides the latency to the other members.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Availability zone, for faults of whole zones; null: none.</summary>
    public string? Zone { get; init; }

    /// <summary>
    /// Where it listens. Null: at <see cref="Host"/> if that is an address, else at an address of 127.0.0.0/8 of its own, at the host's port
    /// (where the system has only 127.0.0.1: there, at a free port).
    /// </summary>
    public IPEndPoint? Bind { get; init; }

    /// <summary>Value of <c>--replSet</c>.</summary>
    public string ReplSetName { get; init; } = "rs0";

    /// <summary>Identity of its <c>keyFile</c>; members with different ones refuse each other.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Speed of its disk.</summary>
    public DiskOptions Disk { get; init; } = new();

    /// <summary>
    /// False: it was not prepared with the world's users, so it has none until it has synced from a set, as a mongod on an empty data directory.
    /// </summary>
    public bool HasUsers { get; init; } = true;

    /// <summary>
    /// False plays a client on another machine, which everybody on loopback would otherwise not be: the localhost exception is off
    /// (<c>--setParameter enableLocalhostAuthBypass=0</c>).
    /// </summary>
    public bool LocalhostException { get; init; } = true;

    /// <summary>Size of its oplog in bytes.</summary>
    public long OplogSizeBytes { get; init; } = 990L * 1024 * 1024;
}

/// <summary>A user with a password; or, on database <c>$external</c>, the subject of a client certificate and no password.</summary>
public sealed record EmbeddedMongoUser(string Name, string? Password, IReadOnlyList<RoleName> Roles, string Database = "admin");

/// <summary>TLS by a private authority that the world makes.</summary>
/// <param name="AskForClientCertificates">Whether clients are asked for a certificate (needed for MONGODB-X509).</param>
/// <param name="RequireClientCertificates">Whether clients without one are turned away.</param>
public sealed record EmbeddedMongoTls(bool AskForClientCertificates = false, bool RequireClientCertificates = false)
{
    /// <summary>How long from the start on a member's certificate is valid, by host:port; absent: a year.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ValidFor { get; init; } = new Dictionary<string, TimeSpan>();
}
