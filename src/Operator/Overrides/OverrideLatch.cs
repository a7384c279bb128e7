using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Overrides;

/// <summary>
/// How a target follows a migration without anybody writing a spec: it latches what it is asked for in its own status, so that a
/// migration that vanishes moves nothing. Pure; the migrations are read live by the caller.
/// </summary>
public static class OverrideLatch
{
    /// <summary>Decides which override is in force.</summary>
    /// <param name="latched">The latch in the target's status.</param>
    /// <param name="claims">The claims of all live migrations on this target, read from the API server.</param>
    /// <param name="latchedMigrationLives">Whether the migration with the latch's UID exists, with a claim or without.</param>
    /// <param name="spec">The target's own spec.</param>
    public static OverrideDecision Decide(
        LatchedOverride? latched,
        IReadOnlyCollection<MigrationClaim> claims,
        bool latchedMigrationLives,
        OverriddenSpec spec)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(spec);
        var taken = Take(latched, spec);
        var decision = DecideOn(taken, claims, latchedMigrationLives, spec);
        return taken == latched ? decision : decision with { MustLatchFirst = true };
    }

    private static OverrideDecision DecideOn(LatchedOverride? latched, IReadOnlyCollection<MigrationClaim> claims, bool latchedMigrationLives, OverriddenSpec spec)
    {
        var held = latched is null ? null : claims.FirstOrDefault(c => c.MigrationUid == latched.MigrationUid);
        var open = claims
            .Where(c => !c.Released && c.Revision > 0 && c.MigrationUid != latched?.MigrationUid)
            .OrderBy(c => c.CreationTime).ThenBy(c => c.MigrationUid, StringComparer.Ordinal)
            .ToList();
        if (latched is not null && held is { Released: false })
        {
            return Follow(latched, held, spec, Names(open));
        }

        if (latched is not null && held is null && latchedMigrationLives)
        {
            return Kept(latched, OverrideState.Silent, Names(open));
        }

        // From here on no live migration steers: the first open claim may take the target, an orphaned latch included,
        // because a new migration starts from the state that it observes.
        if (open.Count > 0)
        {
            return Latch(latched, open[0], spec, Names(open.Skip(1)));
        }

        return latched is null ? Free(false)
            : held is { Released: true } ? Free(true)
            : Orphan(latched, spec);
    }

    /// <summary>The latch with its answer to the migration.</summary>
    /// <param name="decision">The decision in force.</param>
    /// <param name="reached">The target is where the revision wants it.</param>
    /// <param name="inFlight">An effect is under way or its outcome is unknown.</param>
    /// <returns>The latch to write; null where no override is in force.</returns>
    public static LatchedOverride? Acknowledge(OverrideDecision decision, bool reached, bool inFlight)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return decision.Latch is { } latch ? latch with { Settled = !inFlight && (reached || decision.Hold) } : null;
    }

    private static OverrideDecision Follow(LatchedOverride latched, MigrationClaim claim, OverriddenSpec spec, IReadOnlyList<string> refused)
    {
        if (claim.Revision < latched.ObservedRevision)
        {
            // A migration whose status was restored from an older copy must not move anything backwards.
            return Kept(latched, OverrideState.Silent, refused);
        }

        if (claim.Revision > latched.ObservedRevision)
        {
            return Latch(latched, claim, spec, refused);
        }

        var kept = latched.Orphaned == true ? latched with { Orphaned = null } : latched;
        // Latched by a version that did not keep what answers: what the spec says now is all that is known.
        kept = kept is { Weights: not null, Endpoints: null } ? kept with { Endpoints = spec.Endpoints } : kept;
        return new(kept, kept != latched, OverrideState.Active, claim.Hold, claim.Immediate, claim.PermittedUntil, refused);
    }

    private static OverrideDecision Latch(LatchedOverride? before, MigrationClaim claim, OverriddenSpec spec, IReadOnlyList<string> refused)
    {
        var latch = new LatchedOverride
        {
            MigrationName = claim.MigrationName,
            MigrationUid = claim.MigrationUid,
            ObservedRevision = claim.Revision,
            Settled = false,
            PrimaryRegion = claim.Values.PrimaryRegion,
            RetiredMembers = claim.Values.RetiredMembers,
            VotelessMembers = claim.Values.VotelessMembers,
            HiddenMembers = claim.Values.HiddenMembers,
            Weights = claim.Values.Weights,
            SpecPrimaryRegion = claim.Values.PrimaryRegion is null ? null : spec.PrimaryRegion,
            SpecWeights = claim.Values.Weights is null ? null : spec.Weights,
            Endpoints = Endpoints(before, claim, spec),
            TakenGeneration = claim.Values.Weights is null ? null : before?.TakenGeneration,
        };
        return new(latch, true, OverrideState.Active, claim.Hold, claim.Immediate, claim.PermittedUntil, refused);
    }

    /// <summary>A person said to take the endpoints as the spec has them now; weights, additions and removals still wait.</summary>
    private static LatchedOverride? Take(LatchedOverride? latched, OverriddenSpec spec) =>
        latched is { Weights: { } weights } && spec is { Taken: { } generation, Endpoints: { } now } && latched.TakenGeneration != generation
            ? latched with { Settled = false, TakenGeneration = generation, Endpoints = WithLeft(now, latched.Endpoints ?? [], weights) }
            : latched;

    private static IReadOnlyList<LatchedEndpoint> WithLeft(IReadOnlyList<LatchedEndpoint> now, IReadOnlyList<LatchedEndpoint> kept, IReadOnlyDictionary<string, int> asked)
    {
        var left = kept.Where(e => asked.ContainsKey(e.SetIdentifier) && now.All(n => n.SetIdentifier != e.SetIdentifier)).ToList();
        return left.Count == 0 ? now : [.. now, .. left];
    }

    /// <summary>
    /// What answers under each identifier changes with a step of the weights only, not when the migration holds or goes on; what left the spec
    /// is kept for as long as the migration gives it a weight.
    /// </summary>
    private static IReadOnlyList<LatchedEndpoint>? Endpoints(LatchedOverride? before, MigrationClaim claim, OverriddenSpec spec)
    {
        if (claim.Values.Weights is not { } asked || spec.Endpoints is not { } now)
        {
            return null;
        }

        if (before?.Weights is not { } was || before.Endpoints is not { } kept)
        {
            return now;
        }

        if (was.Count == asked.Count && Reached(was, asked))
        {
            return kept;
        }

        return WithLeft(now, kept, asked);
    }

    /// <summary>Each overridden field is held by itself: a commit that settles the primary's region must not bring retired members back.</summary>
    private static OverrideDecision Orphan(LatchedOverride latched, OverriddenSpec spec)
    {
        var region = spec.PrimaryRegion == latched.SpecPrimaryRegion && spec.PrimaryRegion != latched.PrimaryRegion ? latched.PrimaryRegion : null;
        var retired = StillNeeded(latched.RetiredMembers, spec.Members);

        // Where the spec decides on the primary's region, its members vote and are seen as it says: without that none of them could be primary.
        var home = region is null ? spec.AtHome : [];
        var voteless = StillNeeded(latched.VotelessMembers, [.. spec.MayVote.Except(home)]);
        var hidden = StillNeeded(latched.HiddenMembers, [.. spec.MayBeSeen.Except(home)]);
        // Weights that are all 0 are none: nobody would serve (D1).
        var weights = latched.Weights is { } asked && asked.Values.Any(weight => weight > 0) && Same(spec.Weights, latched.SpecWeights) && !SaysSo(spec.Weights, asked) ? asked : null;
        if (region is null && retired is null && voteless is null && hidden is null && weights is null)
        {
            return Free(true);
        }

        var held = latched with
        {
            Orphaned = true,
            PrimaryRegion = region,
            SpecPrimaryRegion = region is null ? null : latched.SpecPrimaryRegion,
            RetiredMembers = retired,
            VotelessMembers = voteless,
            HiddenMembers = hidden,
            Weights = weights,
            SpecWeights = weights is null ? null : latched.SpecWeights,
            Endpoints = weights is null ? null : latched.Endpoints ?? spec.Endpoints,
        };
        return new(held, held != latched, OverrideState.Orphaned, false, false, null, []);
    }

    private static OverrideDecision Kept(LatchedOverride latched, OverrideState state, IReadOnlyList<string> refused) =>
        new(latched, false, state, true, false, null, refused);

    private static OverrideDecision Free(bool latchMustGo) => new(null, latchMustGo, OverrideState.None, false, false, null, []);

    private static List<string> Names(IEnumerable<MigrationClaim> claims) => [.. claims.Select(c => c.MigrationName)];

    /// <summary>The hosts for which the spec does not say the same by now; the very list where that is all of them; null: none.</summary>
    private static IReadOnlyList<string>? StillNeeded(IReadOnlyList<string>? hosts, IReadOnlyCollection<string> otherwise)
    {
        var left = hosts?.Where(otherwise.Contains).ToList();
        return left is null or { Count: 0 } ? null : left.Count == hosts!.Count ? hosts : left;
    }

    /// <summary>No weight was edited since. An endpoint that came or went is no word on the weights of the others.</summary>
    private static bool Same(IReadOnlyDictionary<string, int>? spec, IReadOnlyDictionary<string, int>? then) =>
        spec is not null && then is not null && then.All(w => !spec.TryGetValue(w.Key, out var now) || now == w.Value);

    /// <summary>The spec asks for the same by now. An endpoint that left it and is to have no weight is no edit that anybody could still make.</summary>
    private static bool SaysSo(IReadOnlyDictionary<string, int>? spec, IReadOnlyDictionary<string, int> asked) =>
        spec is not null && asked.All(w => spec.TryGetValue(w.Key, out var now) ? now == w.Value : w.Value == 0);

    private static bool Reached(IReadOnlyDictionary<string, int>? spec, IReadOnlyDictionary<string, int> asked) =>
        spec is not null && asked.All(w => spec.TryGetValue(w.Key, out var now) && now == w.Value);
}
