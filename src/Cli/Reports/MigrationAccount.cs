using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Reports;

/// <summary>What a migration did, as its status and those of its targets tell it. Every way of writing a report says the same.</summary>
/// <param name="Namespace">Where it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="From">The old region.</param>
/// <param name="To">The new region.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Outcome">The same as a sentence.</param>
/// <param name="Begun">When the first thing happened that is still known, UTC; null: nothing has.</param>
/// <param name="Ended">When it ended, UTC; null: it has not.</param>
/// <param name="WriteGapMillis">Milliseconds without a writable primary during the hand-off; null: there was none, or nobody measured it.</param>
/// <param name="Primary">Region of the primary before and now.</param>
/// <param name="Phases">In order.</param>
/// <param name="Endpoints">Of all records.</param>
/// <param name="Gates">As they were last asked.</param>
/// <param name="People">What people asked for.</param>
/// <param name="Timeline">What happened, oldest first.</param>
/// <param name="IsCut">Whether older entries of the timeline are no longer known.</param>
/// <param name="Edits">What Git must still say, as the <c>patches</c> of a kustomization; null: nothing.</param>
internal sealed record MigrationAccount(
    string Namespace,
    string Name,
    string From,
    string To,
    string Phase,
    string Outcome,
    DateTime? Begun,
    DateTime? Ended,
    long? WriteGapMillis,
    PlaceOfPrimary Primary,
    IReadOnlyList<PhaseAccount> Phases,
    IReadOnlyList<EndpointAccount> Endpoints,
    IReadOnlyList<GateStatus> Gates,
    IReadOnlyList<string> People,
    IReadOnlyList<TimelineEntry> Timeline,
    bool IsCut,
    string? Edits)
{
    private const int TimelineLength = 50;

    /// <summary>Gathers it.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="targets">What it moves.</param>
    /// <param name="edits">The patch for Git; null: there is none.</param>
    public static MigrationAccount Of(RegionMigration migration, MigrationTargets targets, string? edits)
    {
        var status = migration.Status ?? new();
        var timeline = status.Timeline ?? [];
        var isOver = status.Phase is MigrationPhases.Completed or MigrationPhases.RolledBack;
        var phases = PhasesOf(timeline, isOver);
        return new MigrationAccount(
            migration.Metadata.NamespaceProperty,
            migration.Metadata.Name,
            migration.Spec.From,
            migration.Spec.To,
            status.Phase ?? "Pending",
            OutcomeOf(migration, status),
            timeline.Count == 0 ? null : timeline[0].Time,
            isOver && phases.Count > 0 ? phases[^1].Begun : null,
            status.WriteGapMillis,
            new PlaceOfPrimary(status.Origin?.PrimaryRegion, targets.Set?.Status?.PrimaryRegion ?? status.PrimaryRegion, targets.Set?.Status?.Primary),
            phases,
            [.. targets.Records.SelectMany(r => EndpointsOf(r, status))],
            status.Gates ?? [],
            [.. PeopleOf(status)],
            timeline,
            timeline.Count >= TimelineLength,
            edits);
    }

    /// <summary>How long it took, to its end or to the last thing that happened; null: nothing has.</summary>
    public TimeSpan? Took => Begun is { } begun && (Ended ?? Timeline[^1].Time) is var end ? end - begun : null;

    private static string OutcomeOf(RegionMigration migration, RegionMigrationStatus status) => status.Phase switch
    {
        MigrationPhases.Completed => $"Primary and traffic are in {migration.Spec.To}.",
        MigrationPhases.RolledBack => $"Taken back: {status.RollBack?.Reason ?? "no reason is known"}.",
        MigrationPhases.RollingBack => $"It is being taken back: {status.RollBack?.Reason ?? "no reason is known"}.",
        _ => $"Under way: waiting for {status.WaitingFor ?? "nothing"}.",
    };

    private static List<PhaseAccount> PhasesOf(IReadOnlyList<TimelineEntry> timeline, bool isOver)
    {
        var begins = new List<TimelineEntry>();
        foreach (var entry in timeline)
        {
            if (begins.Count == 0 || begins[^1].Phase != entry.Phase)
            {
                begins.Add(entry);
            }
        }

        return [.. begins.Select((b, i) => new PhaseAccount(b.Phase, b.Time, i + 1 < begins.Count ? begins[i + 1].Time - b.Time : isOver ? null : timeline[^1].Time - b.Time))];
    }

    private static IEnumerable<EndpointAccount> EndpointsOf(WeightedDnsRecord record, RegionMigrationStatus status)
    {
        var before = status.Origin?.Records?.FirstOrDefault(r => r.Name == record.Metadata.Name)?.Weights ?? new Dictionary<string, int>();
        var asked = status.Override?.Records?.FirstOrDefault(r => r.Name == record.Metadata.Name)?.Weights ?? new Dictionary<string, int>();
        int? Find(IReadOnlyDictionary<string, int> weights, string id) => weights.TryGetValue(id, out var weight) ? weight : null;
        return (record.Status?.Endpoints ?? []).Select(e => new EndpointAccount(record.Spec.Name, e.SetIdentifier, e.Region, Find(before, e.SetIdentifier), Find(asked, e.SetIdentifier), e.ServedWeight, e.ServedShare));
    }

    private static IEnumerable<string> PeopleOf(RegionMigrationStatus status)
    {
        if (status.Promoted is { } promoted)
        {
            yield return FormattableString.Invariant($"{promoted.Time:u} the pause at {promoted.Percent}% was promoted");
        }

        if (status.RollBack is { } back)
        {
            yield return FormattableString.Invariant($"{back.Time:u} a roll-back was asked for in {back.FromPhase ?? "an unknown phase"} ({back.Source}): {back.Reason}");
        }
    }
}

/// <summary>Where the primary was and is.</summary>
/// <param name="Before">Its region when the migration began; null: nobody knows.</param>
/// <param name="Now">Its region now.</param>
/// <param name="Host">The member.</param>
internal sealed record PlaceOfPrimary(string? Before, string? Now, string? Host);

/// <summary>One phase.</summary>
/// <param name="Phase">Its name.</param>
/// <param name="Begun">When it was entered, UTC.</param>
/// <param name="Took">How long it lasted, or has lasted as far as is known; null: it is the end.</param>
internal sealed record PhaseAccount(string Phase, DateTime Begun, TimeSpan? Took);

/// <summary>One endpoint of a record.</summary>
/// <param name="Record">The record's name in DNS.</param>
/// <param name="SetIdentifier">Its identifier in Route 53.</param>
/// <param name="Region">Its region.</param>
/// <param name="Before">Weight when the migration began; null: it was not there.</param>
/// <param name="Asked">Weight that the migration asks for; null: none.</param>
/// <param name="Served">Weight in Route 53; null: it is not there.</param>
/// <param name="Share">Share of the answers, per cent.</param>
internal sealed record EndpointAccount(string Record, string SetIdentifier, string? Region, int? Before, int? Asked, int? Served, string? Share);
