using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning;

/// <summary>What the record sets of one name and type should be in the end.</summary>
public sealed record DesiredGroup
{
    /// <summary>Normalised.</summary>
    public required string Name { get; init; }

    /// <summary>As <c>A</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Seconds; the same for all that are no alias.</summary>
    public required long Ttl { get; init; }

    /// <summary>The sets, with the weights of the end.</summary>
    public required IReadOnlyList<RecordSet> Sets { get; init; }

    /// <summary>Seconds for which resolvers keep an answer of the group as it should be.</summary>
    public long AnswerTtl => Sets.Select(set => set.AnswerTtl).DefaultIfEmpty(Ttl).Max();

    /// <summary>At weight 0 a set is removed (D6).</summary>
    public bool Fence { get; init; }

    /// <summary>Whether sets that are not marked as ours are taken over.</summary>
    public bool Adopt { get; init; }

    /// <summary>Take over only while the group's fingerprint is this; null: not at all.</summary>
    public string? ExpectedFingerprint { get; init; }

    /// <summary>What may be called ours.</summary>
    public required RecordClaim Claim { get; init; }

    /// <summary>Whom the marks name.</summary>
    public RecordOwner Owner => Claim.Owner;

    /// <summary>What an object and the override in force ask for.</summary>
    /// <param name="record">The object.</param>
    /// <param name="latch">What a migration asks for (<see cref="SteeredEndpoints"/>); null: the spec alone counts.</param>
    /// <param name="served">Weights as Route 53 holds them.</param>
    /// <param name="claim">What may be called ours.</param>
    public static DesiredGroup Of(WeightedDnsRecord record, LatchedOverride? latch, IReadOnlyDictionary<string, int> served, RecordClaim claim)
    {
        ArgumentNullException.ThrowIfNull(record);
        var spec = record.Spec;
        var name = RecordNames.Normalize(spec.Name);
        return new()
        {
            Name = name,
            Type = spec.Type,
            Ttl = spec.Ttl,
            Sets = [.. SteeredEndpoints.Of(spec, latch, served).Select(endpoint => new RecordSet
            {
                Name = name,
                Type = spec.Type,
                SetIdentifier = endpoint.SetIdentifier,
                Weight = endpoint.Weight,
                Ttl = endpoint.Alias is null ? spec.Ttl : null,
                Values = endpoint.Alias is null ? endpoint.Values : null,
                Alias = endpoint.Alias is { } alias ? new AliasTo(alias.HostedZoneId, RecordNames.Normalize(alias.DnsName), alias.EvaluateTargetHealth) : null,
                HealthCheckId = endpoint.HealthCheckId,
            })],
            Fence = spec.Fence,
            Adopt = spec.Adoption.Mode == "Adopt",
            ExpectedFingerprint = spec.Adoption.ExpectedFingerprint,
            Claim = claim,
        };
    }
}
