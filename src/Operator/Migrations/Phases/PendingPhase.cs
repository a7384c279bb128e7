using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Migrations.Windows;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Waits until the targets exist, are observed and are free; then claims them by publishing an override that changes nothing.</summary>
public sealed class PendingPhase : IMigrationPhase
{
    // Per cent: weights are whole numbers.
    private const decimal Rounding = 0.5m;

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

        if ((WrongReferences(context, replicaSet) ?? GateReferences.Wrong(context)) is { } wrong)
        {
            return PhaseOutcome.Stalled(status, wrong.Reason, wrong.Message);
        }

        if (Openings.Wrong(spec) is { } window)
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.WrongWindow, window);
        }

        if (Claims.HeldByAnother(context) is { } held)
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.TargetClaimed, $"{held.Target} is in migration {held.Rival.Metadata.Name}; this one starts when that one has released it");
        }

        var set = $"MongoReplicaSet {spec.ReplicaSetRef.Name}";
        if (!Targets.HasReported(replicaSet.Metadata.Generation, replicaSet.Status?.ObservedGeneration) || replicaSet.Status?.PrimaryRegion is not { } primaryRegion)
        {
            return PhaseOutcome.Wait(status, Targets.Waiting($"{set} to report its primary", replicaSet.Status?.Conditions));
        }

        if (primaryRegion != spec.From && primaryRegion != spec.To)
        {
            return PhaseOutcome.Stalled(status, MigrationReasons.PrimaryElsewhere, $"the primary is in {primaryRegion}, which is neither spec.from ({spec.From}) nor spec.to ({spec.To})");
        }

        if (context.ExistingRecords.FirstOrDefault(r => Targets.Served(r) is null || !Targets.HasReported(r.Metadata.Generation, r.Status?.ObservedGeneration)) is { } unobserved)
        {
            return PhaseOutcome.Wait(status, Targets.Waiting($"WeightedDnsRecord {unobserved.Metadata.Name} to report its weights", unobserved.Status?.Conditions));
        }

        // Nothing says where its traffic is: what is asked for then would hold nobody's weight (D1).
        if (context.ExistingRecords.FirstOrDefault(r => !Targets.IsServing(r)) is { } idle)
        {
            return PhaseOutcome.Wait(status, Targets.Waiting($"WeightedDnsRecord {idle.Metadata.Name} to serve: none of its endpoints has weight yet", idle.Status?.Conditions));
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

        if (NobodyCouldBePrimary(replicaSet, spec) is { } nobody)
        {
            return (MigrationReasons.NobodyCouldBePrimary, nobody);
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

            if (reference.TargetWeights is { Count: > 0 } parts && (parts.Values.Any(p => p < 0) || parts.Values.All(p => p == 0)))
            {
                return (MigrationReasons.WrongTargetWeights, $"spec.dnsRecordRefs[name={reference.Name}].targetWeights: parts are 0 or more, and one is above 0");
            }
        }

        return null;
    }

    /// <summary>Why the primary could never move; null: it could. A roll-back asks for votes: 0, and another run needs the votes again.</summary>
    public static string? NobodyCouldBePrimary(MongoReplicaSet replicaSet, RegionMigrationSpec spec)
    {
        if (Targets.Electable(replicaSet, spec.To).Count > 0)
        {
            return null;
        }

        var voteless = Targets.DataBearing(replicaSet, spec.To).Where(m => m.Votes == 0).Select(m => m.Host).ToList();
        var what = voteless.Count > 0
            ? $"take votes: 0 out again (an earlier roll-back may have asked for it) at {string.Join(", ", voteless)}"
            : "take hidden, priority: 0 or secondaryDelaySecs out at one of them";
        return $"spec.to: MongoReplicaSet {replicaSet.Metadata.Name} lets no member in {spec.To} be primary: {what}";
    }

    // A migration that comes upon a move already made (restored without status, or taken over from a person) keeps that place: it never moves backwards unasked.
    private static PhaseOutcome Claim(MigrationContext context, string primaryRegion)
    {
        var (spec, status) = (context.Spec, context.Status);
        var served = Targets.ServedPercent(context) ?? 0;
        var steps = spec.TrafficSteps;
        var index = served == 0 ? -1 : Steps.LastAtOrBelow(served + Rounding, steps);
        var observed = Place.AsObserved(context);
        var records = observed.Records!;
        var untouched = served == 0;
        var origin = new MigrationOrigin
        {
            PrimaryRegion = spec.From,
            Records = untouched ? records : [.. records.Select(r => r with
            {
                Weights = TrafficWeights.For(SteeredEndpoints.Of(context.Records[r.Name], r), r.Weights, spec.From, spec.To, 0, null),
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
