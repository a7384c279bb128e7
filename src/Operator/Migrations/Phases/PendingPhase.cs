using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Waits until the targets exist, are observed and are free; then claims them by publishing an override that changes nothing.</summary>
public sealed class PendingPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.Pending;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var (spec, status) = (context.Spec, context.Status);
        if (context.ReplicaSet is not { } replicaSet)
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.ReplicaSetNotFound, $"spec.replicaSetRef.name: there is no MongoReplicaSet {spec.ReplicaSetRef.Name} in this namespace; apply it");
        }

        if (WrongReferences(context, replicaSet) is { } wrong)
        {
            return PhaseOutcome.Stalled(status, wrong.Reason, wrong.Message);
        }

        if (Claims.HeldByAnother(context) is { } held)
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.TargetClaimed, $"{held.Target} is in migration {held.Rival.Metadata.Name}; this one starts when that one has released it");
        }

        if (replicaSet.Status?.PrimaryRegion is not { } primaryRegion)
        {
            return PhaseOutcome.Wait(status, $"MongoReplicaSet {spec.ReplicaSetRef.Name} to report its primary");
        }

        if (primaryRegion != spec.From && primaryRegion != spec.To)
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.PrimaryElsewhere, $"the primary is in {primaryRegion}, which is neither spec.from ({spec.From}) nor spec.to ({spec.To})");
        }

        if (context.ExistingRecords.FirstOrDefault(r => Targets.Served(r) is null) is { } unobserved)
        {
            return PhaseOutcome.Wait(status, $"WeightedDnsRecord {unobserved.Metadata.Name} to report its weights");
        }

        return Claim(context, primaryRegion);
    }

    private static (string Reason, string Message)? WrongReferences(MigrationContext context, MongoReplicaSet replicaSet)
    {
        var spec = context.Spec;
        foreach (var (field, region) in new[] { ("spec.from", spec.From), ("spec.to", spec.To) })
        {
            if (Targets.DataBearing(replicaSet, region).Count == 0)
            {
                return (MigrationReasons.RegionNotInReplicaSet, $"{field}: MongoReplicaSet {spec.ReplicaSetRef.Name} has no data-bearing member in {region}; its regions are {string.Join(", ", replicaSet.Spec.Regions.Select(r => r.Name))}");
            }
        }

        foreach (var reference in context.RecordRefs)
        {
            if (!context.Records.TryGetValue(reference.Name, out var record))
            {
                return (MigrationReasons.RecordNotFound, $"spec.dnsRecordRefs: there is no WeightedDnsRecord {reference.Name} in this namespace; apply it");
            }

            foreach (var region in new[] { spec.From, spec.To })
            {
                if (record.Spec.Endpoints.All(e => e.Region != region))
                {
                    return (MigrationReasons.RegionNotInRecord, $"spec.dnsRecordRefs: WeightedDnsRecord {reference.Name} has no endpoint with region: {region}");
                }
            }

            var unknown = (reference.TargetWeights ?? new Dictionary<string, int>()).Keys
                .FirstOrDefault(k => record.Spec.Endpoints.All(e => e.SetIdentifier != k || e.Region != spec.To));
            if (unknown is not null)
            {
                return (MigrationReasons.UnknownEndpoint, $"spec.dnsRecordRefs[name={reference.Name}].targetWeights: {unknown} is not an endpoint of {spec.To} in that record");
            }
        }

        return null;
    }

    // A migration that comes upon a move already made (restored without status, or taken over from a person) keeps that place: it never moves backwards unasked.
    private static PhaseOutcome Claim(MigrationContext context, string primaryRegion)
    {
        var (spec, status) = (context.Spec, context.Status);
        var served = Targets.ServedPercent(context) ?? 0;
        var steps = spec.TrafficSteps;
        var index = steps.Count - 1;
        while (index >= 0 && steps[index].Percent > served + 0.5m)
        {
            index--;
        }

        var observed = Place.AsObserved(context);
        var records = observed.Records!;
        var untouched = served == 0;
        var origin = new MigrationOrigin
        {
            PrimaryRegion = spec.From,
            Records = untouched ? records : [.. records.Select(r => r with
            {
                Weights = TrafficWeights.For(context.Records[r.Name].Spec.Endpoints, r.Weights, spec.From, spec.To, 0, null),
            })],
        };
        var next = status with
        {
            Origin = origin,
            Step = new MigrationStep { Index = index, Percent = index < 0 ? 0 : steps[index].Percent },
            Override = observed,
        };
        var place = untouched && primaryRegion == spec.From ? "" : $"; taken up with the primary in {primaryRegion} and {served:0.#}% of the traffic in {spec.To}";
        return PhaseOutcome.Enter(next, MigrationPhases.Preflight, context.Now, $"Claimed MongoReplicaSet {spec.ReplicaSetRef.Name} and {records.Count} DNS record(s){place}");
    }
}
