using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;

namespace Modestano.Operator.Dns.Observation;

/// <summary>Reads what Route 53 holds for one record.</summary>
internal sealed class RecordObserver(ZoneReader zones, AliasTargets targets, HealthReader health, ChangeTracker changes)
{
    /// <summary>Reads the sets, their marks, the health of their endpoints, and how far the latest change has got.</summary>
    /// <param name="account">Where.</param>
    /// <param name="zoneId">The zone.</param>
    /// <param name="record">The object.</param>
    /// <param name="latch">What a migration asks of it; null: nothing.</param>
    /// <param name="change">The latest change as status remembers it; null: none.</param>
    /// <param name="freshness">How old what is seen may be.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<Observation> ObserveAsync(
        Route53Account account, string zoneId, WeightedDnsRecord record, LatchedOverride? latch, DnsChangeStatus? change, Freshness freshness, CancellationToken cancellationToken)
    {
        var name = RecordNames.Normalize(record.Spec.Name);
        var sets = await zones.ReadAsync(account, zoneId, name, record.Spec.Type, freshness, cancellationToken);
        var marks = await zones.ReadAsync(account, zoneId, OwnershipMark.NameFor(name, record.Spec.Type), "TXT", freshness, cancellationToken);
        var wanted = SteeredEndpoints.Of(record.Spec, latch, Served(sets));
        var checks = wanted.Where(e => e.HealthCheckId is not null).Select(e => (e.SetIdentifier, Check: e.HealthCheckId!))
            .UnionBy(sets.Where(s => s is { HealthCheckId: not null, SetIdentifier: not null }).Select(s => (SetIdentifier: s.SetIdentifier!, Check: s.HealthCheckId!)), c => c.SetIdentifier);
        var seen = new Dictionary<string, EndpointHealth>(StringComparer.Ordinal);
        foreach (var (id, check) in checks)
        {
            seen[id] = await health.ReadAsync(account, check, freshness, cancellationToken);
        }

        var aliases = wanted.Select(e => e.Alias).OfType<AliasTargetSpec>().Select(alias => new AliasTo(alias.HostedZoneId, RecordNames.Normalize(alias.DnsName), alias.EvaluateTargetHealth));
        var ttls = await targets.ReadAsync(account, zoneId, record.Spec.Type, [.. aliases, .. sets.Select(s => s.Alias).OfType<AliasTo>()], freshness, cancellationToken);
        var latest = await ChangeAsync(account, change, cancellationToken);
        return new Observation(new ObservedGroup(sets, marks, seen, ChangeRecord.Read(latest)) { TargetTtls = ttls }, latest);
    }

    /// <summary>Weight by set identifier.</summary>
    public static IReadOnlyDictionary<string, int> Served(IEnumerable<RecordSet> sets) =>
        sets.Where(set => set.SetIdentifier is not null).ToDictionary(set => set.SetIdentifier!, set => set.Weight ?? 0, StringComparer.Ordinal);

    private async Task<DnsChangeStatus?> ChangeAsync(Route53Account account, DnsChangeStatus? change, CancellationToken cancellationToken)
    {
        if (change is not { State: ChangeRecord.Pending })
        {
            return change;
        }

        try
        {
            return await changes.InSyncSinceAsync(account, change.Id, cancellationToken) is { } at
                ? change with { State = ChangeRecord.InSync, InSyncAt = ChangeRecord.WholeSeconds(at) }
                : change;
        }
        catch (NoSuchChangeException)
        {
            // The service forgets changes after a while, and whether this one arrived everywhere can no longer be asked.
            return change with { Id = ChangeRecord.NoId, State = ChangeRecord.Unconfirmed };
        }
    }
}

/// <summary>How old what is seen may be.</summary>
internal enum Freshness
{
    /// <summary>Some minutes: to see whether there is anything to do. What lies still costs next to nothing of the account's request rate.</summary>
    AtRest,

    /// <summary>Some seconds: an effect follows from it.</summary>
    ForEffect,
}

/// <summary>What was read.</summary>
/// <param name="Group">For the planner.</param>
/// <param name="Change">The latest change for status.</param>
internal sealed record Observation(ObservedGroup Group, DnsChangeStatus? Change);
