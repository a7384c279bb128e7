using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Overrides;

namespace Modestano.Operator.Dns.Status;

/// <summary>What a pass saw and decided.</summary>
/// <param name="ZoneId">The zone.</param>
/// <param name="RecordName">Normalised.</param>
/// <param name="Group">The record sets.</param>
/// <param name="Change">The latest change for status.</param>
/// <param name="Drift">What others did, for status.</param>
/// <param name="Plan">What was decided.</param>
/// <param name="Override">What a migration asks for.</param>
/// <param name="LastAction">For status; null: none since the last report.</param>
internal sealed record PassView(
    string ZoneId, string RecordName, ObservedGroup Group, DnsChangeStatus? Change, DnsDriftStatus? Drift, DnsPlan Plan, OverrideDecision Override, LastAction? LastAction)
{
    /// <summary>Of this object's own sets alone, for status.</summary>
    public string? OwnFingerprint { get; init; }

    /// <summary>What a person wants to know before anything is changed; null: things are changed.</summary>
    public IReadOnlyList<CheckStatus>? Checks { get; init; }

    /// <summary>A warning that the zone does not answer for the record; null: it does.</summary>
    public string? Delegated { get; init; }
}
