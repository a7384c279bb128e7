using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning;

/// <summary>What Route 53 holds for one name and type.</summary>
/// <param name="Sets">The sets of the name and type, ours and others'.</param>
/// <param name="Marks">The TXT sets at the name of the marks.</param>
/// <param name="Health">Health by set identifier, for endpoints with a health check.</param>
/// <param name="Change">Our latest change; null: none that anybody remembers, so long ago.</param>
public sealed record ObservedGroup(
    IReadOnlyList<RecordSet> Sets,
    IReadOnlyList<RecordSet> Marks,
    IReadOnlyDictionary<string, EndpointHealth> Health,
    ObservedChange? Change)
{
    /// <summary>TTL of alias targets in the same zone, by their normalised names: Route 53 answers with it.</summary>
    public IReadOnlyDictionary<string, long> TargetTtls { get; init; } = new Dictionary<string, long>();

    /// <summary>A set with the TTL of its target, where it is an alias of which that is known.</summary>
    public RecordSet WithTargetTtl(RecordSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Alias is { } alias && TargetTtls.TryGetValue(alias.DnsName, out var ttl) ? set with { TargetTtl = ttl } : set;
    }

    /// <summary>What a person approves for adoption.</summary>
    public string Fingerprint => Records.Fingerprint.Of(Sets);
}

/// <summary>What an endpoint's health check says.</summary>
public enum EndpointHealth
{
    /// <summary>Nothing is known now.</summary>
    Unknown,

    /// <summary>Enough checkers report success.</summary>
    Healthy,

    /// <summary>Too few do.</summary>
    Unhealthy,

    /// <summary>There is no such check (any more): what Route 53 makes of its sets cannot be foreseen, and it takes no new one.</summary>
    Deleted,
}

/// <summary>How far our latest change has got.</summary>
/// <param name="State">The state.</param>
/// <param name="SubmittedAt">When it was sent.</param>
/// <param name="InSyncAt">When it was first seen in sync.</param>
/// <param name="AnswerTtl">Seconds from then on for which resolvers may hold an answer from before it; 0: nobody remembers.</param>
public sealed record ObservedChange(ChangeState State, DateTimeOffset SubmittedAt, DateTimeOffset? InSyncAt, long AnswerTtl = 0);

/// <summary>States of a change.</summary>
public enum ChangeState
{
    /// <summary>Sent, and no answer came: it may have been applied, and its id is not known.</summary>
    Unconfirmed,

    /// <summary>Not every authoritative server answers with it.</summary>
    Pending,

    /// <summary>Every one does.</summary>
    InSync,
}
