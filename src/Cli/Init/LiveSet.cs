using Modestano.Operator.ReplicaSets.Observation;
using MongoDB.Bson;

namespace Modestano.Cli.Init;

/// <summary>A replica set as it runs.</summary>
/// <param name="Config">Its configuration.</param>
/// <param name="Raw">The same as the server gave it, with what the typed view leaves out.</param>
/// <param name="Primary">host:port; null: there is none now.</param>
/// <param name="Version">The server's release.</param>
/// <param name="Login">How it was reached.</param>
internal sealed record LiveSet(ReplicaSetConfig Config, BsonDocument Raw, string? Primary, string Version, LiveLogin Login);

/// <summary>How a set was reached, without anything secret.</summary>
/// <param name="Mechanism">As a spec has it; null: without a login.</param>
/// <param name="UsesTls">Whether it speaks TLS.</param>
/// <param name="HasOwnAuthority">Whether its certificates are of an authority that was named.</param>
/// <param name="HasClientCertificate">Whether a client certificate was shown.</param>
internal sealed record LiveLogin(string? Mechanism, bool UsesTls, bool HasOwnAuthority, bool HasClientCertificate);
