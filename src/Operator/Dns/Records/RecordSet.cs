using System.Globalization;

namespace Modestano.Operator.Dns.Records;

/// <summary>A resource record set as read, or as it should be. Two sets mean the same where <see cref="Canonical"/> is the same.</summary>
public sealed record RecordSet
{
    /// <summary>Normalised (<see cref="RecordNames.Normalize"/>).</summary>
    public required string Name { get; init; }

    /// <summary>As <c>A</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Absent for a simple set.</summary>
    public string? SetIdentifier { get; init; }

    /// <summary>0 to 255; absent where weights do not decide.</summary>
    public int? Weight { get; init; }

    /// <summary>Seconds; absent for an alias.</summary>
    public long? Ttl { get; init; }

    /// <summary>Absent for an alias.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>Absent with values.</summary>
    public AliasTo? Alias { get; init; }

    /// <summary>The health check; absent: always healthy.</summary>
    public string? HealthCheckId { get; init; }

    /// <summary>Seconds for which resolvers keep an answer: the TTL, and for an alias its target's, which is 60 for load balancers.</summary>
    public long AnswerTtl => Alias is null ? Ttl ?? 0 : TargetTtl ?? 60;

    /// <summary>The TTL of an alias' target, as far as it was read; it is no part of the set.</summary>
    public long? TargetTtl { get; init; }

    /// <summary>What other than weights decides on this set (<c>latency</c>, <c>a traffic policy</c>); such a set is never changed.</summary>
    public string? OtherPolicy { get; init; }

    /// <summary>Everything that a set consists of, by meaning, in one text; values in order of their characters, as their own order does not count.</summary>
    public string Canonical => Text(value => RecordValues.Meaning(Type, value));

    /// <summary>The same as it is written: what DELETE compares.</summary>
    public string Exact => Text(value => value);

    /// <summary>Whether both mean the same, however their values are spelled.</summary>
    public bool IsSameAs(RecordSet? other) => other is not null && Canonical == other.Canonical;

    /// <summary>Whether both answer alike: everything but identifier and weight.</summary>
    public bool AnswersLike(RecordSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (this with { SetIdentifier = null, Weight = null }).IsSameAs(other with { SetIdentifier = null, Weight = null });
    }

    private string Text(Func<string, string> spell) => string.Join('\n',
        Name, Type, "id=" + SetIdentifier, "weight=" + Weight?.ToString(CultureInfo.InvariantCulture), "ttl=" + Ttl?.ToString(CultureInfo.InvariantCulture),
        "values=" + (Values is null ? "none" : string.Join('\t', Values.Select(spell).Order(StringComparer.Ordinal))),
        "alias=" + Alias, "check=" + HealthCheckId, "policy=" + OtherPolicy);
}

/// <summary>An alias target.</summary>
/// <param name="HostedZoneId">The zone that the target lives in.</param>
/// <param name="DnsName">Normalised.</param>
/// <param name="EvaluateTargetHealth">Whether the target's health counts.</param>
public sealed record AliasTo(string HostedZoneId, string DnsName, bool EvaluateTargetHealth);
