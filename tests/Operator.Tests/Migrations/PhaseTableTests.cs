using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>Each phase's exit conditions, one at a time: what it waits for in words, or where it goes.</summary>
[TestFixture]
public sealed class PhaseTableTests
{
    private static readonly DateTime Start = new MigrationStage().Now.UtcDateTime;

    public static IEnumerable<TestCaseData> Table()
    {
        yield return Stays("Pending_waits_for_the_replica_set_to_report_its_primary", MigrationPhases.Pending, s => s.ReplicaSet!.Status = s.ReplicaSet.Status! with { PrimaryRegion = null }, "MongoReplicaSet marketplace to report its primary");
        yield return Stays("Pending_waits_for_a_record_to_report_its_weights", MigrationPhases.Pending, s => s.Record!.Status = null, "WeightedDnsRecord shop to report its weights");
        yield return Leaves("Pending_ends_with_a_claim_on_all_targets", MigrationPhases.Pending, s => { }, MigrationPhases.Preflight);

        yield return Stays("Preflight_waits_for_the_set_to_latch", MigrationPhases.Preflight, s => Latch(s, set: 0), "MongoReplicaSet marketplace has not taken up revision 1 yet");
        yield return Stays("Preflight_waits_for_each_record_to_latch", MigrationPhases.Preflight, s => Latch(s, record: 0), "WeightedDnsRecord shop has not taken up revision 1 yet");
        yield return Stays("Preflight_does_not_take_another_migrations_latch_for_its_own", MigrationPhases.Preflight, s => s.Record!.Status = s.Record.Status! with { Override = new LatchedOverride { MigrationUid = "uid-0", ObservedRevision = 9, Settled = true } }, "WeightedDnsRecord shop has not taken up this migration yet");
        yield return Leaves("Preflight_ends_when_all_have_latched_settled_or_not", MigrationPhases.Preflight, s => Latch(s, settled: false), MigrationPhases.Syncing);

        yield return Stays("Syncing_waits_for_a_member_that_is_not_in_the_set_yet", MigrationPhases.Syncing, s => State(s, "b.eu-west-2:27017", null), "b.eu-west-2:27017 to become SECONDARY (now not seen)");
        yield return Stays("Syncing_waits_for_an_initial_sync_and_tells_how_far_it_is", MigrationPhases.Syncing, s => State(s, "b.eu-west-2:27017", "STARTUP2"), "b.eu-west-2:27017 to become SECONDARY (now STARTUP2, 40% copied)");
        yield return Leaves("Syncing_does_not_wait_for_members_of_the_old_region", MigrationPhases.Syncing, s => State(s, "b.eu-west-1:27017", "RECOVERING"), MigrationPhases.Promoting);

        yield return Stays("Promoting_waits_for_the_set_to_be_at_rest_and_says_what_it_does", MigrationPhases.Promoting, s => { Latch(s, settled: false); Doing(s, "b.eu-west-2:27017 gets its vote"); }, "MongoReplicaSet marketplace: Reconfiguring: b.eu-west-2:27017 gets its vote");
        yield return Leaves("Promoting_ends_when_everything_has_settled", MigrationPhases.Promoting, s => { }, MigrationPhases.Shifting);

        yield return Stays("Shifting_asks_for_no_step_while_a_gate_fails", MigrationPhases.Shifting, s => Gate(s, GateVerdict.Failing), "gate error-rate: above 0.01");
        yield return Stays("Shifting_asks_for_no_step_while_a_gate_has_no_data", MigrationPhases.Shifting, s => Gate(s, GateVerdict.Unknown), "gate error-rate: above 0.01");
        yield return Stays("Shifting_asks_for_no_step_while_the_set_is_busy", MigrationPhases.Shifting, s => Latch(s, settled: false), "MongoReplicaSet marketplace is on its way");
        yield return Stays("Shifting_counts_a_hold_from_the_moment_that_all_records_are_in_sync", MigrationPhases.Shifting, s => Step(s, 0, inSync: 0), "the hold of 5s at 10%");
        yield return Stays("Shifting_waits_for_a_person_at_a_step_without_a_hold", MigrationPhases.Shifting, s => { NoHold(s); Step(s, 0, inSync: -100_000); }, "a person to promote 10%: kubectl modestano promote rmig to-london -n shop");
        yield return Leaves("Shifting_ends_for_the_primary_when_the_step_reaches_moveAtPercent", MigrationPhases.Shifting, s => Step(s, 1, inSync: -10), MigrationPhases.MovingPrimary);
        yield return Leaves("Shifting_ends_when_all_traffic_and_the_primary_have_moved", MigrationPhases.Shifting, s => { Step(s, 2, inSync: -10); s.Migration.Status = s.Status with { Override = s.Status.Override! with { PrimaryRegion = "eu-west-2" } }; }, MigrationPhases.Soaking);

        yield return Stays("MovingPrimary_waits_for_the_set_to_settle", MigrationPhases.MovingPrimary, s => Latch(s, settled: false), "MongoReplicaSet marketplace is on its way");
        yield return Stays("MovingPrimary_waits_for_the_primary_to_be_seen_there", MigrationPhases.MovingPrimary, s => { }, "the primary to be seen in eu-west-2");
        yield return Leaves("MovingPrimary_ends_with_the_primary_in_the_new_region", MigrationPhases.MovingPrimary, s => s.ReplicaSet!.Status = s.ReplicaSet.Status! with { PrimaryRegion = "eu-west-2" }, MigrationPhases.Shifting);

        yield return Stays("Soaking_waits_for_the_last_steps_hold", MigrationPhases.Soaking, s => Entered(s, -4), "the hold of 5s at 100%");
        yield return Stays("Soaking_waits_for_a_person_where_the_last_step_has_no_hold", MigrationPhases.Soaking, s => { NoHold(s); Entered(s, -100_000); }, "a person to promote 100%: kubectl modestano promote rmig to-london -n shop");
        yield return Stays("Soaking_waits_for_the_gates", MigrationPhases.Soaking, s => { Entered(s, -6); Gate(s, GateVerdict.Failing); }, "gate error-rate: above 0.01");
        yield return Leaves("Soaking_ends_with_the_migration", MigrationPhases.Soaking, s => Entered(s, -6), MigrationPhases.Completed);
        yield return Leaves("Soaking_ends_in_decommissioning_where_that_is_asked_for", MigrationPhases.Soaking, s => { Entered(s, -6); Decommission(s); }, MigrationPhases.Decommissioning);

        yield return Stays("Decommissioning_waits_for_its_delay", MigrationPhases.Decommissioning, s => { Decommission(s, after: 60); Entered(s, -59); }, "the delay of 1m (spec.decommission.after)");
        yield return Stays("Decommissioning_waits_for_a_person_to_confirm_the_clients", MigrationPhases.Decommissioning, s => Decommission(s, confirmed: false), "spec.decommission.clientsConfirmed: set it to true when every client's seed list holds the hosts of eu-west-2");
        yield return Stays("Decommissioning_waits_until_the_old_region_serves_nothing", MigrationPhases.Decommissioning, s => Decommission(s), "eu-west-1 to serve no traffic");
        yield return Stays("Decommissioning_waits_for_its_gates", MigrationPhases.Decommissioning, s => { Decommission(s); AllTraffic(s); Gate(s, GateVerdict.Unknown); }, "gate error-rate: above 0.01");
        yield return Stays("Decommissioning_hides_the_members_first", MigrationPhases.Decommissioning, s => { Decommission(s); AllTraffic(s); }, "the members in eu-west-1 to be hidden");
        yield return Stays("Decommissioning_retires_hidden_members", MigrationPhases.Decommissioning, s => { Decommission(s); AllTraffic(s); s.Migration.Status = s.Status with { Override = s.Status.Override! with { HiddenMembers = ["a.eu-west-1:27017"] } }; }, "the members in eu-west-1 to leave the set");
        yield return Leaves("Decommissioning_ends_when_the_retired_members_have_left", MigrationPhases.Decommissioning, s => { Decommission(s); s.Migration.Status = s.Status with { Override = s.Status.Override! with { RetiredMembers = ["a.eu-west-1:27017"] } }; }, MigrationPhases.Completed);
        yield return Leaves("Decommissioning_that_is_called_off_ends_the_migration", MigrationPhases.Decommissioning, s => { }, MigrationPhases.Completed);

        yield return Stays("RollingBack_sends_no_traffic_to_a_region_whose_voters_do_not_serve", MigrationPhases.RollingBack, s => { Down(s, "a", "c"); AllTraffic(s); }, "gate voters: most members in eu-west-1 do not serve: a.eu-west-1:27017, c.eu-west-1:27017");
        yield return Stays("RollingBack_sends_no_traffic_to_a_region_that_is_behind", MigrationPhases.RollingBack, s => { Behind(s, "a", "b"); AllTraffic(s); }, "gate replication-lag: a.eu-west-1:27017 is further behind than 5s");
        yield return Stays("RollingBack_does_not_wait_for_one_member_of_three", MigrationPhases.RollingBack, s => { Down(s, "a"); AllTraffic(s); }, "the traffic to be back in eu-west-1");
        yield return Stays("RollingBack_does_not_wait_for_a_gate_of_the_spec", MigrationPhases.RollingBack, s => { Gate(s, GateVerdict.Failing); AllTraffic(s); }, "the traffic to be back in eu-west-1");
        yield return Stays("RollingBack_brings_the_traffic_back_first", MigrationPhases.RollingBack, s => { }, "the traffic to be back in eu-west-1");
    }

    [TestCaseSource(nameof(Table))]
    public void A_phase(string phase, Action<object> prepare, string? expectedPhase, string? waitingFor)
    {
        var stage = new MigrationStage { TargetsAreFrozen = true };
        if (phase != MigrationPhases.Pending)
        {
            stage.Pass();
            stage.Migration.Status = stage.Status with { Phase = phase, PhaseStartTime = Start.AddHours(-1) };
            Latch(stage);
        }

        prepare(stage);
        stage.Pass();
        Assert.That((stage.Phase, stage.Status.WaitingFor), Is.EqualTo((expectedPhase ?? phase, waitingFor)));
    }

    private static TestCaseData Stays(string name, string phase, Action<MigrationStage> prepare, string waitingFor) => Case(name, phase, prepare, null, waitingFor);

    private static TestCaseData Leaves(string name, string phase, Action<MigrationStage> prepare, string next) => Case(name, phase, prepare, next, null);

    private static TestCaseData Case(string name, string phase, Action<MigrationStage> prepare, string? next, string? waitingFor) =>
        new TestCaseData(phase, (Action<object>)(s => prepare((MigrationStage)s)), next, waitingFor).SetName(name);

    private static void Latch(MigrationStage stage, long set = 1, long record = 1, bool settled = true)
    {
        LatchedOverride Latched(long revision) => new() { MigrationName = "to-london", MigrationUid = "uid-1", ObservedRevision = revision, Settled = settled };
        stage.ReplicaSet!.Status = stage.ReplicaSet.Status! with { Override = Latched(set) };
        stage.Record!.Status = stage.Record.Status! with { Override = Latched(record) };
    }

    private static void State(MigrationStage stage, string host, string? state) => stage.ReplicaSet!.Status = stage.ReplicaSet.Status! with
    {
        Members = [.. stage.ReplicaSet.Status.Members!.Where(m => state is not null || m.Host != host).Select(m => m.Host == host ? m with { State = state!, InitialSyncPercent = state == "STARTUP2" ? 40 : null } : m)],
    };

    private static void Doing(MigrationStage stage, string what) => stage.ReplicaSet!.Status = stage.ReplicaSet.Status! with
    {
        Conditions = [new Condition { Type = ConditionTypes.Ready, Status = "False", Reason = "Reconfiguring", Message = what }],
    };

    private static void Gate(MigrationStage stage, string result) => stage.Gates = [new GateStatus { Name = "error-rate", Result = result, Message = "above 0.01" }];

    private static void Down(MigrationStage stage, params string[] members) => stage.Down.UnionWith(members.Select(m => $"{m}.eu-west-1:27017"));

    private static void Behind(MigrationStage stage, params string[] members)
    {
        foreach (var member in members)
        {
            stage.Lag[$"{member}.eu-west-1:27017"] = TimeSpan.FromMinutes(1);
        }
    }

    private static void Step(MigrationStage stage, int index, int inSync) => stage.Migration.Status = stage.Status with
    {
        Step = new MigrationStep { Index = index, Percent = stage.Migration.Spec.TrafficSteps[index].Percent, InSyncTime = stage.Now.UtcDateTime.AddSeconds(inSync) },
    };

    private static void NoHold(MigrationStage stage) => stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [.. stage.Migration.Spec.TrafficSteps.Select(s => s with { Hold = null })] };

    private static void Entered(MigrationStage stage, int seconds) => stage.Migration.Status = stage.Status with { PhaseStartTime = stage.Now.UtcDateTime.AddSeconds(seconds) };

    private static void Decommission(MigrationStage stage, int after = 0, bool confirmed = true) => stage.Migration.Spec = stage.Migration.Spec with
    {
        Decommission = new DecommissionSpec { Mode = "Remove", After = Duration.FromSeconds(after), ClientsConfirmed = confirmed },
    };

    private static void AllTraffic(MigrationStage stage)
    {
        var weights = new Dictionary<string, int> { ["eu-west-1"] = 0, ["eu-west-2"] = 255 };
        stage.Migration.Status = stage.Status with { Override = stage.Status.Override! with { Records = [.. stage.Status.Override.Records!.Select(r => r with { Weights = weights })] } };
        stage.Record!.Status = stage.Record.Status! with { Endpoints = [.. stage.Record.Status.Endpoints!.Select(e => e with { ServedWeight = weights[e.SetIdentifier] })] };
    }
}
