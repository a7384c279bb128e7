using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Control;

/// <summary>Finds account and zone of a record, as far as its namespace may use them.</summary>
internal sealed class RecordAccess(Grants grants, IRoute53Accounts accounts, ZoneDirectory zones)
{
    /// <summary>Account and zone, or why the record may not be touched.</summary>
    public async Task<AccessFound> FindAsync(WeightedDnsRecord record, CancellationToken cancellationToken)
    {
        var spec = record.Spec;
        if (OwnershipMark.IsMarkName(RecordNames.Normalize(spec.Name)))
        {
            return AccessFound.Not(new Stalled(DnsReasons.NotGranted, $"The name '{spec.Name}' is one of the operator's ownership marks, which no object may write: choose another name"));
        }

        var granted = grants.FindProvider(spec.ProviderRef.Name, record.Metadata.NamespaceProperty);
        if (granted.Grant is not { } grant)
        {
            return AccessFound.Not(new Stalled(DnsReasons.NotGranted, granted.Refusal!));
        }

        // A zone given by id is checked before anything is asked of AWS, so that a namespace cannot probe for others' zones.
        if (spec.HostedZone.Id is { } id && grant.RefusalFor(id, spec.Name, spec.Type) is { } refusedById)
        {
            return AccessFound.Not(new Stalled(DnsReasons.NotGranted, refusedById));
        }

        var account = accounts.Get(grant, record.Metadata.NamespaceProperty);
        var zone = await zones.FindAsync(account, spec.HostedZone, cancellationToken);
        if (zone.Refused is not null)
        {
            return AccessFound.Not(zone.Refused);
        }

        if (grant.RefusalFor(zone.Id, spec.Name, spec.Type) is { } refused)
        {
            return AccessFound.Not(new Stalled(DnsReasons.NotGranted, refused));
        }

        return RecordNames.IsWithin(RecordNames.Normalize(spec.Name), zone.Name)
            ? new AccessFound(account, zone.Id, null) { ZoneName = zone.Name }
            : AccessFound.Not(new Stalled(DnsReasons.NameOutsideZone, $"{spec.Name} does not lie in the hosted zone {RecordNames.ForPeople(zone.Name)} ({zone.Id}): make a new object with the right name or zone"));
    }

    /// <summary>Whether an object's namespace may use its name in a zone.</summary>
    public bool IsGranted(WeightedDnsRecord record, string zoneId) =>
        grants.FindProvider(record.Spec.ProviderRef.Name, record.Metadata.NamespaceProperty).Grant?.RefusalFor(zoneId, record.Spec.Name, record.Spec.Type) is null
        && grants.FindProvider(record.Spec.ProviderRef.Name, record.Metadata.NamespaceProperty).Grant is not null;

    /// <summary>What the operator names itself with where it assumes a role for this record; null: it assumes none.</summary>
    public string? ExternalIdOf(WeightedDnsRecord record) =>
        grants.FindProvider(record.Spec.ProviderRef.Name, record.Metadata.NamespaceProperty).Grant is { } grant ? accounts.Get(grant, record.Metadata.NamespaceProperty).ExternalId : null;

    /// <summary>Forgets a zone that turned out to be gone.</summary>
    public void Forget(AccessFound access, WeightedDnsRecord record)
    {
        if (access.Account is { } account)
        {
            zones.Forget(account, record.Spec.HostedZone);
        }
    }
}

/// <summary>Account and zone, or why the record may not be touched.</summary>
internal sealed record AccessFound(Route53Account? Account, string ZoneId, Stalled? Refused)
{
    /// <summary>The zone's name, normalised.</summary>
    public string ZoneName { get; init; } = "";

    public static AccessFound Not(Stalled why) => new(null, "", why);
}
