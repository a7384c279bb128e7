using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>The conditions of a pass: Ready, Reconciling and Stalled as kstatus reads them, then the domain's own.</summary>
internal static class ConditionMapper
{
    // As the alert ModestanoInitialSyncStuck.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<Condition> Map(PassReport report, Places places)
    {
        var conditions = new ConditionList(report.Entity.Status?.Conditions, report.Entity.Metadata.Generation, report.At);
        var (state, reason, message) = Summarize(report);
        conditions.Set(ConditionTypes.Ready, state == Progress.Done, reason, message);
        conditions.Set(ConditionTypes.Reconciling, state == Progress.Working, reason, message);
        conditions.Set(ConditionTypes.Stalled, state == Progress.Stuck, state == Progress.Stuck ? reason : Reasons.NotStalled, state == Progress.Stuck ? message : "nothing waits for a person");
        Held(conditions, report);
        Approval(conditions, report);
        Override(conditions, report);
        Domain(conditions, report, places);
        return conditions.Build();
    }

    private static (Progress State, string Reason, string Message) Summarize(PassReport report)
    {
        if (report.Problem is { } problem)
        {
            return (Progress.Stuck, problem.Reason, problem.Message);
        }

        return report.Decision switch
        {
            PlanDecision.Settled => (Progress.Done, Reasons.Settled, Settled(report)),
            PlanDecision.Stalled stalled => (Progress.Stuck, stalled.Reason, stalled.Message),
            _ when report.HeldBecause is { } why => (Progress.Working, Reasons.Held, why),
            PlanDecision.AwaitingApproval approval => (Progress.Working, approval.Reason, approval.Message),
            PlanDecision.Act act => report.Entity.Spec.Reconfiguration.Mode switch
            {
                "Apply" => (Progress.Working, Reasons.TakingStep, act.Step.Summary),
                "Plan" => (Progress.Working, Reasons.PlanOnly, "status.plan tells what would be done; set spec.reconfiguration.mode: Apply to have it done"),
                _ => (Progress.Working, Reasons.ObserveOnly, "the replica set differs from the spec; set spec.reconfiguration.mode: Plan to see how it would be changed"),
            },
            PlanDecision.Wait wait => (Progress.Working, wait.Reason, wait.Message),
            _ => (Progress.Working, Reasons.NotObserved, "the replica set has not been observed yet"),
        };
    }

    // What is in force may not be what the spec says: then it says so, and Git has something left to say.
    private static string Settled(PassReport report) => report.Override?.Latch is { } latch && InForce.Instead(report.Entity.Spec, latch) is { } instead
        ? $"the replica set is what RegionMigration {latch.MigrationName} asks for: {instead}; the spec waits for its edits in Git"
        : "the replica set is what the spec asks for";

    private static void Held(ConditionList conditions, PassReport report) =>
        conditions.Set(ConditionTypes.Held, report.HeldBecause is not null, report.HeldBecause is null ? Reasons.NotHeld : Reasons.Held, report.HeldBecause ?? "nobody asked for a stop");

    private static void Approval(ConditionList conditions, PassReport report)
    {
        if (report.Decision is PlanDecision.AwaitingApproval approval)
        {
            conditions.Set(ConditionTypes.AwaitingApproval, true, approval.Reason, approval.Message);
        }
        else
        {
            conditions.Set(ConditionTypes.AwaitingApproval, false, Reasons.NotAsked, "no plan waits for approval");
        }
    }

    private static void Override(ConditionList conditions, PassReport report)
    {
        var decision = report.Override;
        var name = decision?.Latch?.MigrationName;
        var instead = decision?.Latch is { } latch && InForce.Instead(report.Entity.Spec, latch) is { } words ? $": {words}" : "";
        conditions.Set(
            ConditionTypes.OverrideActive,
            decision?.Latch is not null,
            decision?.State switch
            {
                OverrideState.Active => Reasons.MigrationSteers,
                OverrideState.Silent => Reasons.MigrationSilent,
                OverrideState.Orphaned => Reasons.MigrationGone,
                _ => Reasons.NoOverride,
            },
            name is null ? "the spec alone counts" : $"RegionMigration {name} steers this replica set{instead}");
        if (decision?.State == OverrideState.Orphaned)
        {
            conditions.Set(
                ConditionTypes.OverrideOrphaned,
                true,
                Reasons.MigrationGone,
                $"RegionMigration {name} is gone; what it asked for holds until the spec says something new in the fields that it had taken over: see status.override");
        }
    }

    private static void Domain(ConditionList conditions, PassReport report, Places places)
    {
        if (report.Observed?.Config is not { } config)
        {
            foreach (var type in (string[])[ConditionTypes.ReplicationHealthy, ConditionTypes.InitialSyncHealthy, ConditionTypes.PrimaryInPreferredRegion, ConditionTypes.SurvivesZoneLoss, ConditionTypes.SurvivesRegionLoss])
            {
                conditions.SetUnknown(type, Reasons.NotObserved, "no member answers with a configuration");
            }

            return;
        }

        Replication(conditions, report.Observed, config, report.Entity.Spec.Reconfiguration.MaxReplicationLag.Value);
        InitialSyncs(conditions, report.Observed);
        PrimaryPlace(conditions, report, places);
        Survives(conditions, ConditionTypes.SurvivesZoneLoss, Survival.Of(config, places.Zone, "zone"));
        Survives(conditions, ConditionTypes.SurvivesRegionLoss, Survival.Of(config, places.Region, "region"));
        DefaultConcern(conditions, DefaultConcernReadiness.Of(report.Observed, m => places.Region(m.Host) ?? ""));
    }

    private static void Replication(ConditionList conditions, ObservedReplicaSet observed, ReplicaSetConfig config, TimeSpan maxLag)
    {
        if (observed.Primary is not { } primary)
        {
            conditions.SetUnknown(ConditionTypes.ReplicationHealthy, Reasons.NoPrimary, "there is no primary to follow");
            return;
        }

        if (observed.Member(primary).OwnStatus != OwnStatus.Member)
        {
            conditions.SetUnknown(ConditionTypes.ReplicationHealthy, Reasons.NotObserved, $"the primary {primary} cannot be asked, and only it sees how every member follows");
            return;
        }

        var bad = config.Members.Where(m => !IsGood(observed.Member(m.Host))).Select(m => m.Host).Order(StringComparer.Ordinal).ToList();
        var behind = config.Members.Where(m => observed.Member(m.Host).Lag > maxLag + TimeSpan.FromSeconds(m.SecondaryDelaySecs)).Select(m => m.Host).Order(StringComparer.Ordinal).ToList();
        var (reason, message) = bad.Count > 0 ? (Reasons.MemberUnhealthy, $"not healthy: {string.Join(", ", bad)}; see status.members")
            : behind.Count > 0 ? (Reasons.MemberLags, $"behind by more than spec.reconfiguration.maxReplicationLag: {string.Join(", ", behind)}")
            : (Reasons.AllHealthy, "every member is healthy and follows closely");
        conditions.Set(ConditionTypes.ReplicationHealthy, reason == Reasons.AllHealthy, reason, message);
    }

    private static void InitialSyncs(ConditionList conditions, ObservedReplicaSet observed)
    {
        var syncing = observed.Members.Values.Where(m => m.InitialSync is not null).OrderBy(m => m.Host, StringComparer.Ordinal).ToList();
        if (syncing.FirstOrDefault(m => m.InitialSync!.LastFailure is not null) is { } failing)
        {
            conditions.Set(ConditionTypes.InitialSyncHealthy, false, Reasons.InitialSyncFailed, $"the last attempt of {failing.Host} failed, and the next one runs: {failing.InitialSync!.LastFailure}");
        }
        else if (syncing.FirstOrDefault(m => observed.At - m.InitialSync!.UnchangedSince >= StuckAfter) is { } stuck)
        {
            conditions.Set(
                ConditionTypes.InitialSyncHealthy,
                false,
                Reasons.InitialSyncStuck,
                $"the initial sync of {stuck.Host} has not moved for {StuckAfter.TotalMinutes:0} minutes{(stuck.Message is { } words ? $" ({words})" : "")}: it builds a large index, or its sync source {stuck.SyncSource ?? "(none yet)"} does not answer; see its log");
        }
        else
        {
            conditions.Set(
                ConditionTypes.InitialSyncHealthy,
                true,
                syncing.Count == 0 ? Reasons.NoInitialSync : Reasons.InitialSyncRuns,
                syncing.Count == 0 ? "no member copies the data" : $"copying the data: {string.Join(", ", syncing.Select(m => m.Host))}; status.members tells how far");
        }
    }

    private static bool IsGood(ObservedMember member) =>
        member is { Healthy: true, TooStale: false, State: MemberState.Primary or MemberState.Secondary or MemberState.Arbiter };

    private static void PrimaryPlace(ConditionList conditions, PassReport report, Places places)
    {
        var wanted = report.Desired?.PrimaryRegion ?? report.Entity.Spec.PrimaryRegion;
        if (report.Observed?.Primary is not { } primary)
        {
            conditions.Set(ConditionTypes.PrimaryInPreferredRegion, false, Reasons.NoPrimary, $"there is no primary; it belongs in {wanted}");
            return;
        }

        var there = places.Region(primary) == wanted;
        conditions.Set(
            ConditionTypes.PrimaryInPreferredRegion,
            there,
            there ? Reasons.PrimaryThere : Reasons.PrimaryElsewhere,
            there ? $"the primary is in {wanted}" : $"the primary {primary} is in {places.Region(primary) ?? "no known region"}, it belongs in {wanted}");
    }

    private static void DefaultConcern(ConditionList conditions, DefaultConcernReadiness? readiness)
    {
        if (readiness is { Ready: { } ready })
        {
            conditions.Set(ConditionTypes.DefaultWriteConcernReady, ready, readiness.Reason, readiness.Message);
        }
        else if (readiness is not null)
        {
            conditions.SetUnknown(ConditionTypes.DefaultWriteConcernReady, readiness.Reason, readiness.Message);
        }
    }

    private static void Survives(ConditionList conditions, string type, Survival survival)
    {
        if (survival.Survives is { } survives)
        {
            conditions.Set(type, survives, survives ? Reasons.Enough : Reasons.NotEnough, survival.Message);
        }
        else
        {
            conditions.SetUnknown(type, Reasons.PlaceUnknown, survival.Message);
        }
    }

    private enum Progress
    {
        Working,
        Done,
        Stuck,
    }
}
