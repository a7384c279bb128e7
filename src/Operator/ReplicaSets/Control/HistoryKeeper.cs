using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Folds passes into the planner's history: our steps, and configurations that somebody else made. Pure.</summary>
internal static class HistoryKeeper
{
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>A forced reconfig adds a random number from 10,000 on to the version (seen, manual: replSetReconfig).</summary>
    private const long ForcedJump = 10_000;

    /// <summary>What a pass saw.</summary>
    /// <param name="history">The history so far.</param>
    /// <param name="observed">The observation.</param>
    /// <param name="wasInTrouble">Whether the set had no primary, or no healthy majority, in the pass before.</param>
    public static PlanningHistory Saw(PlanningHistory history, ObservedReplicaSet observed, bool wasInTrouble)
    {
        var oldest = observed.At - Memory;
        var kept = history with
        {
            Steps = [.. history.Steps.Where(s => s.At >= oldest)],
            ForeignChanges = [.. history.ForeignChanges.Where(c => c.At >= oldest)],
            LastSeenConfig = observed.Config ?? history.LastSeenConfig,
        };
        return history.LastSeenConfig is { } before && observed.Config is { } now && Foreign(before, now, history, wasInTrouble) is { } kind
            ? kept with { ForeignChanges = [.. kept.ForeignChanges, new ForeignChange(observed.At, kind, now.Version, now.Term, UndoesOurs(now, kept))] }
            : kept;
    }

    /// <summary>We took a step.</summary>
    public static PlanningHistory Took(PlanningHistory history, Step step, StepOutcome outcome, DateTimeOffset at) => history with
    {
        Steps = [.. history.Steps, new PastStep(at, step, outcome)],
        RecoveryUsed = history.RecoveryUsed || (step is Reconfig { Force: true } && outcome != StepOutcome.Refused),
    };

    /// <summary>A person approved what is planned now: what others did is acknowledged with it.</summary>
    public static PlanningHistory Approved(PlanningHistory history, bool approved) => history with
    {
        PlanApproved = approved,
        ForeignChanges = approved ? [.. history.ForeignChanges.Select(c => c with { Acknowledged = true })] : history.ForeignChanges,
    };

    private static ForeignChangeKind? Foreign(ReplicaSetConfig before, ReplicaSetConfig now, PlanningHistory history, bool wasInTrouble)
    {
        // An election keeps the version and raises the term.
        if (now.Version == before.Version)
        {
            return null;
        }

        if (now.Version - before.Version >= ForcedJump || (now.Term < 0 && before.Term >= 0))
        {
            return history.Steps is [.., { Step: Reconfig { Force: true } }] ? null : ForeignChangeKind.Forced;
        }

        var ours = history.Steps.LastOrDefault(s => s.Step is Reconfig or Initiate && s.Outcome != StepOutcome.Refused);
        var ourVersion = (ours?.Step as Reconfig)?.BaseVersion + 1;
        if (now.Version == ourVersion)
        {
            return null;
        }

        // Ours, and on top of it the server's own that takes newlyAdded off; or that alone.
        if (OnlyNewlyAddedDiffers(before, now) || now.Version == ourVersion + 1)
        {
            return null;
        }

        return wasInTrouble ? ForeignChangeKind.InTrouble : ForeignChangeKind.Manual;
    }

    private static bool OnlyNewlyAddedDiffers(ReplicaSetConfig before, ReplicaSetConfig now) =>
        before.Members.Count == now.Members.Count
        && before.Members.Any(m => m.NewlyAdded)
        && before.Members.Zip(now.Members).All(pair => (pair.First.Id, pair.First.Host, pair.First.Votes, pair.First.Priority) == (pair.Second.Id, pair.Second.Host, pair.Second.Votes, pair.Second.Priority));

    /// <summary>Something that our latest reconfig had made is no longer so.</summary>
    private static bool UndoesOurs(ReplicaSetConfig now, PlanningHistory history)
    {
        if (history.Steps.LastOrDefault(s => s.Step is Reconfig && s.Outcome == StepOutcome.Succeeded)?.Step is not Reconfig ours)
        {
            return false;
        }

        return ours.Additions.Any(a => now.Find(a.Host) is null)
            || ours.Removals.Any(r => now.Find(r.Host) is not null)
            || ours.Edits.Any(e => now.Find(e.Host) is { } member
                && ((e.Votes is { } votes && member.Votes != votes) || (e.Priority is { } priority && member.Priority != priority) || (e.Hidden is { } hidden && member.Hidden != hidden)));
    }
}
