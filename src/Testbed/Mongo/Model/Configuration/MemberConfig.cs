using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>One entry of <c>members</c> of a replica-set config, normalised.</summary>
internal sealed record MemberConfig
{
    public required int Id { get; init; }

    public required string Host { get; init; }

    public bool ArbiterOnly { get; init; }

    public bool BuildIndexes { get; init; } = true;

    public bool Hidden { get; init; }

    /// <summary>Priority as written; see <see cref="EffectivePriority"/>.</summary>
    public double Priority { get; init; } = 1;

    /// <summary>Tags in the order in which they were written.</summary>
    public BsonDocument Tags { get; init; } = [];

    public BsonDocument? Horizons { get; init; }

    /// <summary>Delay in seconds (<c>secondaryDelaySecs</c>, <c>slaveDelay</c> before 5.0).</summary>
    public long DelaySeconds { get; init; }

    /// <summary>Votes as written, 0 or 1; see <see cref="IsVoter"/>.</summary>
    public int Votes { get; init; } = 1;

    /// <summary>
    /// Set by the server on a voting member that joins, until it reaches SECONDARY: it neither votes nor can it be elected.
    /// </summary>
    public bool NewlyAdded { get; init; }

    public bool IsVoter => Votes > 0 && !NewlyAdded;

    public double EffectivePriority => NewlyAdded ? 0 : Priority;

    public bool IsElectable => EffectivePriority > 0 && !ArbiterOnly;

    public bool IsDataBearing => !ArbiterOnly;
}
