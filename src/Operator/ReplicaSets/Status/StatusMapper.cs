using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>Makes the status of a pass. Pure: the same report gives the same status.</summary>
public static class StatusMapper
{
    /// <summary>The status.</summary>
    public static MongoReplicaSetStatus Map(PassReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var previous = report.Entity.Status;
        var observed = report.Observed;
        var places = new Places(report.Entity.Spec, observed?.Config);

        // What is not seen now is not made up from the past, but for the set's identity and its members, which outlive every outage.
        return new MongoReplicaSetStatus
        {
            ObservedGeneration = report.Entity.Metadata.Generation,
            Phase = Phase(report),
            ReplicaSetId = previous?.ReplicaSetId ?? (IsOfSeveralSets(report) ? null : observed?.ReplicaSetId),
            Primary = observed?.Primary,
            PrimaryRegion = observed?.Primary is { } primary ? places.Region(primary) : null,
            ConfigVersion = observed?.Config?.Version,
            ConfigTerm = observed?.Config is { Term: >= 0 } config ? config.Term : null,
            Summary = observed is null ? null : MemberMapper.Summarize(observed, places),
            Members = MemberMapper.Map(observed, report.Desired, places, previous?.Members),
            Checks = observed is null || report.Desired is null || report.Policy is null ? null : CheckMapper.Map(observed, report.Desired, report.Policy, beforeAnything: report.Entity.Spec.Reconfiguration.Mode != "Apply"),
            Plan = report.Preview.Steps.Count == 0 ? null : report.Preview.Steps,
            PlanHash = report.Preview.Hash.Length == 0 ? null : report.Preview.Hash,
            ApprovedPlan = report.ApprovedPlan,
            LastAction = Shortened(report.LastAction, report) ?? (IsSame(report.MeasuredHandOff, previous?.LastAction) ? Shortened(report.MeasuredHandOff, report) : previous?.LastAction),
            LastHandOff = report.LastAction is { Kind: "StepDown", Outcome: not "Refused" } handOff ? handOff : report.MeasuredHandOff ?? previous?.LastHandOff,
            HeldChange = report.HeldChange,
            Recovery = report.Recovery,
            Override = report.Latch,
            Conditions = ConditionMapper.Map(report, places),
        };
    }

    private static LastAction? Shortened(LastAction? action, PassReport report) => action is null ? null : action with
    {
        Brief = ShortHosts.In(action.Summary, (report.Observed?.Config?.Members ?? []).Select(m => m.Host).Concat(report.Entity.Spec.Regions.SelectMany(r => r.Members).Select(m => m.Host))),
    };

    /// <summary>Which of several sets is meant is not known yet: an id in status would have decided it by the next pass.</summary>
    private static bool IsOfSeveralSets(PassReport report) => report.Decision is PlanDecision.Stalled { Reason: PlanReasons.MemberOfAnotherSet or PlanReasons.WrongReplicaSet };

    private static bool IsSame(LastAction? one, LastAction? other) => one is not null && other is not null && (one.Kind, one.Time) == (other.Kind, other.Time);

    private static string Phase(PassReport report)
    {
        if (report.Problem is not null || report.Decision is PlanDecision.Stalled)
        {
            return ReplicaSetPhases.Stalled;
        }

        if (report.Decision is PlanDecision.Settled)
        {
            return ReplicaSetPhases.Settled;
        }

        if (report.HeldBecause is not null || report.Decision is PlanDecision.AwaitingApproval)
        {
            return ReplicaSetPhases.Held;
        }

        return report.Decision switch
        {
            PlanDecision.Act when report.Entity.Spec.Reconfiguration.Mode != "Apply" => ReplicaSetPhases.Waiting,
            PlanDecision.Act { Step: StepDown or Reconfig { Purpose: ReconfigPurpose.PrepareHandOff } } => ReplicaSetPhases.MovingPrimary,
            PlanDecision.Act => ReplicaSetPhases.Reconfiguring,
            PlanDecision.Wait { Reason: PlanReasons.InitialSync } => ReplicaSetPhases.Syncing,
            PlanDecision.Wait { Reason: PlanReasons.NoSuccessor or PlanReasons.HandOffBackoff } => ReplicaSetPhases.MovingPrimary,
            PlanDecision.Wait { Reason: PlanReasons.ConfigNotCommitted or PlanReasons.AutomaticReconfig } => ReplicaSetPhases.Reconfiguring,
            PlanDecision.Wait => ReplicaSetPhases.Waiting,
            _ => ReplicaSetPhases.Pending,
        };
    }
}
