using System.Globalization;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Changes;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>
/// Tells our own reconfigs, the server's and other people's apart, by comparing each configuration with the one seen before. A pure fold over
/// the history. A hand-made change is put back by the planner like any other difference; a forced one, or one made in trouble, is held.
/// </summary>
public static class DriftTracker
{
    // force: true adds a random 10,000 to 100,000 to the version (seen), so that it wins over whatever others have.
    private const long ForcedJump = 10_000;

    /// <summary>The history with what this observation shows.</summary>
    /// <param name="history">As the pass before left it, with our steps since then added.</param>
    /// <param name="observed">What this pass saw.</param>
    /// <param name="policy">Its lag limit tells whether the set is in trouble.</param>
    public static PlanningHistory Fold(PlanningHistory history, ObservedReplicaSet observed, PlanningPolicy policy)
    {
        if (observed.Config is not { } config)
        {
            return history;
        }

        // What waits for a person does not pass by itself.
        var contested = Contest.IsOn(policy, history);
        var next = history with
        {
            // A secondary does not tell what a majority has.
            LastSeenConfig = config with { IsCommitted = config.IsCommitted && observed.Primary is { } told && observed.Member(told).OwnStatus == OwnStatus.Member },
            LastKnownVersion = config.Version,
            LastSawPrimary = observed.Primary is not null,
            ForeignChanges = [.. history.ForeignChanges.Where(c => observed.At - c.At <= PlanningHistory.Memory || (!c.Acknowledged && (c.Kind != ForeignChangeKind.Manual || (contested && c.UndidOurs))))],
        };
        return Classify(history, observed, config, policy) is { } change ? next with { ForeignChanges = [.. next.ForeignChanges, change] } : next;
    }

    private static ForeignChange? Classify(PlanningHistory history, ObservedReplicaSet observed, ReplicaSetConfig config, PlanningPolicy policy)
    {
        if (history.LastSeenConfig is not { } before)
        {
            // What status knew of was held, or acknowledged, then: that is in status too.
            var forcedWhileAway = history.LastKnownVersion is { } known ? config.Version != known && (config.Term < 0 || config.Version - known >= ForcedJump) : config.Term < 0;
            return forcedWhileAway && !IsOurForce(history, observed.At, policy, history.LastKnownVersion)
                ? new ForeignChange(observed.At, ForeignChangeKind.Forced, config.Version, config.Term, UndidOurs: false, "a forced configuration was found")
                : null;
        }

        // An older configuration comes from a member that lags behind the set: nothing was changed.
        if ((config.Version == before.Version && config.Term == before.Term) || IsOlder(config, before))
        {
            return null;
        }

        if (IsRolledBack(history, before, config))
        {
            return null;
        }

        var forced = (config.Term < 0 && before.Term >= 0) || config.Version - before.Version >= ForcedJump;
        if (ConfigChanges.SameContent(before, config))
        {
            // Ours was done and is gone already.
            if (history.Steps.Any(s => s is { Outcome: StepOutcome.Succeeded, AwaitedMajority: false, Step: Reconfig r } && r.BaseVersion >= before.Version))
            {
                return new ForeignChange(observed.At, forced ? ForeignChangeKind.Forced : ForeignChangeKind.Manual, config.Version, config.Term, UndidOurs: true, "our last reconfig was taken back");
            }

            // A new term after an election, newlyAdded taken off, or a reconfig that changed nothing that we look at.
            return forced && !IsOurForce(history, observed.At, policy, before.Version) ? Change(ForeignChangeKind.Forced) : null;
        }

        if (IsOurs(history, before, config))
        {
            return null;
        }

        if (forced)
        {
            return IsOurForce(history, observed.At, policy, before.Version) ? null : Change(ForeignChangeKind.Forced);
        }

        var trouble = observed.Primary is null || history.LastSawPrimary == false || Majorities.Missing(observed, before, policy) is not null;
        return Change(trouble ? ForeignChangeKind.InTrouble : ForeignChangeKind.Manual);

        ForeignChange Change(ForeignChangeKind kind) => new(observed.At, kind, config.Version, config.Term, UndidOurs(history, before, config, observed.At, policy), Words(before, config));
    }

    /// <summary>One or more of our steps lead from the one to the other; a step whose answer was lost, or that was reported refused, may be in force.</summary>
    private static bool IsOurs(PlanningHistory history, ReplicaSetConfig before, ReplicaSetConfig config)
    {
        // Each may be in force or not, so every chain of them counts: one that was refused must not hide the one that followed it.
        var reachable = new List<ReplicaSetConfig> { before };
        foreach (var step in history.Steps.Select(s => s.Step).OfType<Reconfig>().Where(r => r.BaseVersion >= before.Version).DistinctBy(r => (r.BaseVersion, StepText.Of(r))))
        {
            var made = reachable.Where(c => c.Version == step.BaseVersion).Select(c => ConfigChanges.Apply(c, step)).ToList();
            if (made.Exists(c => ConfigChanges.SameContent(c, config)))
            {
                return true;
            }

            reachable.AddRange(made);
        }

        return false;
    }

    /// <summary>
    /// A new primary never had our last configuration, which nobody saw on a majority: an election took it back, not a person (manual:
    /// replSetReconfig, Reconfiguration Can Be Rolled Back).
    /// </summary>
    private static bool IsRolledBack(PlanningHistory history, ReplicaSetConfig before, ReplicaSetConfig config) =>
        !before.IsCommitted && config.Term > before.Term
        && history.Steps.Any(s => s is { Outcome: not StepOutcome.Refused, Step: Reconfig r } && !IsKnownCommitted(s) && ConfigChanges.SameContent(ConfigChanges.Apply(config, r), before));

    private static bool IsKnownCommitted(PastStep step) => step is { Outcome: StepOutcome.Succeeded, AwaitedMajority: false };

    private static bool IsOlder(ReplicaSetConfig config, ReplicaSetConfig before) =>
        config.Term >= 0 && before.Term >= 0 && (config.Term < before.Term || (config.Term == before.Term && config.Version < before.Version));

    /// <summary>A step of this process; or, after a restart, what status says was done under a permit for the version that was there before.</summary>
    private static bool IsOurForce(PlanningHistory history, DateTimeOffset now, PlanningPolicy policy, long? versionBefore) =>
        history.Steps.Any(s => s.Step is Reconfig { Force: true } && now - s.At < PlanningHistory.Memory)
        || (history.RecoveryUsed && policy.Recovery is { } permit && permit.ConfigVersion == versionBefore);

    /// <summary>Something that a step of ours had set, and that was so the pass before, is so no more.</summary>
    private static bool UndidOurs(PlanningHistory history, ReplicaSetConfig before, ReplicaSetConfig config, DateTimeOffset now, PlanningPolicy policy) =>
        history.Steps.Where(s => now - s.At <= policy.ContestWindow && (IsKnownCommitted(s) || before.IsCommitted)).Select(s => s.Step).OfType<Reconfig>().Any(step =>
            step.Edits.Any(e => Holds(e, before) && !Holds(e, config))
            || step.Additions.Any(a => before.Find(a.Host) is not null && config.Find(a.Host) is null)
            || step.Removals.Any(r => before.Find(r.Host) is null && config.Find(r.Host) is not null)
            || (step.Settings is { } settings && ConfigChanges.Edit(before.Settings, settings) is null && ConfigChanges.Edit(config.Settings, settings) is not null));

    private static bool Holds(MemberEdit edit, ReplicaSetConfig config) => config.Members.FirstOrDefault(m => m.Id == edit.Id && m.Host == edit.Host) is { } m
        && (edit.Votes is null || edit.Votes == m.Votes)
        && (edit.Priority is null || edit.Priority == m.Priority)
        && (edit.Hidden is null || edit.Hidden == m.Hidden)
        && (edit.SecondaryDelaySecs is null || edit.SecondaryDelaySecs == m.SecondaryDelaySecs)
        && (edit.Tags is null || ConfigChanges.Same(edit.Tags, m.Tags))
        && (edit.Horizons is null || ConfigChanges.Same(edit.Horizons, m.Horizons));

    private static string Words(ReplicaSetConfig before, ReplicaSetConfig config)
    {
        if (ConfigChanges.Between(before, config, "") is not { } change)
        {
            return string.Create(CultureInfo.InvariantCulture, $"version {before.Version} to {config.Version}");
        }

        var parts = new List<string>();
        Add("added", change.Additions.Select(a => a.Host));
        Add("removed", change.Removals.Select(r => r.Host));
        Add("votes of", change.Edits.Where(e => e.Votes is not null).Select(e => e.Host));
        Add("priority of", change.Edits.Where(e => e.Priority is not null).Select(e => e.Host));
        Add("tags of", change.Edits.Where(e => e.Tags is not null).Select(e => e.Host));
        Add("other fields of", change.Edits.Where(e => e.Votes is null && e.Priority is null && e.Tags is null).Select(e => e.Host));
        Add("settings", change.Settings is null ? [] : ["changed"]);
        return string.Join("; ", parts);

        void Add(string verb, IEnumerable<string> hosts)
        {
            if (hosts.ToList() is { Count: > 0 } all)
            {
                parts.Add($"{verb} {NameList.Of(all)}");
            }
        }
    }
}
