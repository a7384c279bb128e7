using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

public class MongoReplicaSetControllerTests
{
    private const string Ireland = "eu-west-1";
    private const string London = "eu-west-2";

    [Test]
    public async Task Three_members_in_a_second_region_are_added_and_the_set_settles()
    {
        var stage = Stage(Ireland);

        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Set.Hosts.Count(), Is.EqualTo(6));
        Assert.That(stage.Set.Primary, Does.Contain(Ireland));
        Assert.That(stage.Condition(ConditionTypes.Ready).Status, Is.EqualTo("True"));
        Assert.That(stage.Status.Summary!.Members, Is.EqualTo("6/6"));
        Assert.That(stage.Events.All, Has.Some.StartsWith("Normal ReconfigSucceeded"));
        Assert.That(stage.Set.Config!["members"][0]["futureField"].AsString, Is.EqualTo("kept"), "fields that we do not know are carried through");
    }

    [Test]
    public async Task The_primary_moves_with_one_step_down_and_the_gap_is_in_status()
    {
        var stage = Stage(London);

        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Status.PrimaryRegion, Is.EqualTo(London));
        Assert.That(stage.Set.Steps.OfType<StepDown>().Count(), Is.EqualTo(1));
        Assert.That(stage.Status.LastHandOff!.WriteGapMillis, Is.EqualTo(990), "until majority writes were possible, by the new primary's own word");
        Assert.That(stage.Events.All.Count(e => e.StartsWith("Normal WriteGapMeasured", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(stage.Events.All, Has.Some.StartsWith("Normal StepDownSucceeded").And.Some.StartsWith("Normal PrimaryChanged"));
        Assert.That(stage.Set.Rested, Is.Not.Empty, "clients that a set at rest does not need are closed");
    }

    [Test]
    public async Task At_rest_nothing_is_written()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        await stage.PassAsync();
        var writes = stage.Sets.StatusWrites;

        for (var i = 0; i < 10; i++)
        {
            Assert.That((await stage.PassAsync()).RequeueAfter, Is.EqualTo(RequeuePolicy.AtRest));
        }

        Assert.That(stage.Sets.StatusWrites, Is.EqualTo(writes));
    }

    [Test]
    public async Task At_rest_the_primary_is_asked_for_its_state_and_seldom_for_more_and_everybody_about_every_half_hour()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        await stage.PassAsync();
        stage.Set.Reaches.Clear();
        var end = stage.Time.GetUtcNow() + TimeSpan.FromHours(3);

        while (stage.Time.GetUtcNow() < end)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Set.Reaches.Count(r => r == ObservationReach.AllMembers), Is.InRange(4, 8));
        Assert.That(stage.Set.Reaches.Count(r => r == ObservationReach.NamedHosts), Is.InRange(24, 48));
        Assert.That(stage.Set.Reaches, Has.Count.InRange(1080, 1090), "one look in ten seconds");
    }

    [Test]
    public async Task A_secondary_that_fails_at_rest_is_in_status_after_the_next_look_and_so_is_its_return()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        await stage.PassAsync();
        var host = "mongo-b.eu-west-1:27017";

        stage.Set.Down.Add(host);
        await stage.PassAsync();
        var down = stage.Status.Members!.Single(m => m.Host == host).State;
        stage.Set.Down.Clear();
        await stage.PassAsync();

        Assert.That(down, Is.EqualTo("Unreachable"));
        Assert.That(stage.Status.Members!.Single(m => m.Host == host).State, Is.EqualTo("SECONDARY"));
    }

    [Test]
    public async Task An_edit_at_rest_takes_a_step_only_after_everybody_was_asked()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        await stage.PassAsync();
        stage.Set.Steps.Clear();
        stage.Set.Reaches.Clear();
        Edit(stage, spec => spec with { Settings = new ReplicaSetSettings { CatchUpTimeoutMillis = 5000 } });

        await stage.PassAsync();

        Assert.That(stage.Set.Reaches, Is.EqualTo(new[] { ObservationReach.AllMembers }));
        Assert.That(stage.Set.Steps, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_configuration_that_somebody_else_made_is_seen_at_the_next_look()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        await stage.PassAsync();
        var version = stage.Set.Config!["version"].AsInt32;
        stage.Set.Config["version"] = version + 1;
        stage.Set.Reaches.Clear();

        await stage.PassAsync();

        Assert.That(stage.Set.Reaches, Is.EqualTo(new[] { ObservationReach.StatusOnly, ObservationReach.AllMembers }));
        Assert.That(stage.Status.ConfigVersion, Is.EqualTo(version + 1));
    }

    [Test]
    public async Task At_rest_a_new_primary_has_everybody_asked_at_once()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        await stage.PassAsync();
        stage.Set.Elect("mongo-b.eu-west-1:27017");

        await stage.PassAsync();

        Assert.That(stage.Status.Primary, Is.EqualTo("mongo-b.eu-west-1:27017"));
        Assert.That(stage.Set.Asked[^1], Is.EqualTo(6));
    }

    [Test]
    public async Task Observe_and_plan_change_nothing()
    {
        foreach (var mode in (string[])["Observe", "Plan"])
        {
            var stage = Stage(London, how => how with { Mode = mode });
            for (var i = 0; i < 20; i++)
            {
                await stage.PassAsync();
            }

            Assert.That(stage.Set.Steps, Is.Empty);
            Assert.That(stage.Status.Plan is { Count: > 0 }, Is.EqualTo(mode == "Plan"));
        }
    }

    [Test]
    public async Task A_set_that_is_not_ours_waits_for_approval_and_the_approved_plan_is_carried_out_once()
    {
        var stage = Stage(Ireland, how => how with { Adoption = "Manual" });
        await stage.UntilAsync(ReplicaSetPhases.Held);
        Assert.That(stage.Condition(ConditionTypes.AwaitingApproval).Status, Is.EqualTo("True"));
        Assert.That(stage.Set.Steps, Is.Empty);

        Edit(stage, spec => spec with { Reconfiguration = spec.Reconfiguration with { ApprovedPlanHash = stage.Status.PlanHash } });
        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Set.Hosts.Count(), Is.EqualTo(6));
        Assert.That(stage.Status.ApprovedPlan!.State, Is.EqualTo("Completed"));
    }

    [Test]
    public async Task An_approval_is_void_when_reality_leaves_the_plan()
    {
        var stage = Stage(Ireland, how => how with { Approval = "Manual" });
        await stage.UntilAsync(ReplicaSetPhases.Held);
        Edit(stage, spec => spec with { Reconfiguration = spec.Reconfiguration with { ApprovedPlanHash = stage.Status.PlanHash } });
        await stage.PassAsync();
        Assert.That(stage.Status.ApprovedPlan!.State, Is.EqualTo("Running"));
        var steps = stage.Set.Steps.Count;

        Edit(stage, spec => spec with { PrimaryRegion = London });
        await stage.UntilAsync(ReplicaSetPhases.Held);

        Assert.That(stage.Status.ApprovedPlan!.State, Is.EqualTo("Void"));
        Assert.That(stage.Set.Steps, Has.Count.EqualTo(steps));
    }

    [Test]
    public async Task A_plan_whose_approval_became_void_can_be_approved_again()
    {
        var stage = Stage(Ireland, how => how with { Approval = "Manual" });
        await stage.UntilAsync(ReplicaSetPhases.Held);
        var spent = stage.Status.PlanHash;
        stage.Entity.Metadata.Annotations = new Dictionary<string, string> { [Annotations.Hold] = "not yet" };
        Edit(stage, spec => spec with { Reconfiguration = spec.Reconfiguration with { ApprovedPlanHash = spent } });
        await stage.PassAsync();
        stage.Set.Down.Add("mongo-b.eu-west-2:27017");
        await stage.PassAsync();
        Assert.That(stage.Status.ApprovedPlan!.State, Is.EqualTo("Void"));
        stage.Set.Down.Clear();
        await stage.PassAsync();
        Assert.That(stage.Set.Steps, Is.Empty);
        stage.Entity.Metadata.Annotations = null;

        Edit(stage, spec => spec with { Reconfiguration = spec.Reconfiguration with { ApprovedPlanHash = stage.Status.PlanHash } });
        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Status.ApprovedPlan!.Hash, Is.Not.EqualTo(spent));
        Assert.That(stage.Set.Hosts.Count(), Is.EqualTo(6));
    }

    [Test]
    public async Task While_an_approved_plan_runs_it_keeps_its_hash_and_a_spent_one_does_not_count_again()
    {
        var stage = Stage(Ireland, how => how with { Approval = "Manual" });
        await stage.UntilAsync(ReplicaSetPhases.Held);
        var spent = stage.Status.PlanHash;
        stage.Entity.Metadata.Annotations = new Dictionary<string, string> { [Annotations.Hold] = "not yet" };
        await ApproveAsync(spent);
        stage.Set.Down.Add("mongo-b.eu-west-2:27017");
        await stage.PassAsync();
        stage.Set.Down.Clear();
        await stage.PassAsync();
        var second = stage.Status.PlanHash;

        await ApproveAsync(second);
        Assert.That((stage.Status.PlanHash, stage.Status.ApprovedPlan!.State), Is.EqualTo((second, "Running")));
        await ApproveAsync(spent);

        Assert.That((stage.Status.PlanHash, stage.Status.ApprovedPlan!.Hash), Is.EqualTo((second, second)));

        async Task ApproveAsync(string? hash)
        {
            Edit(stage, spec => spec with { Reconfiguration = spec.Reconfiguration with { ApprovedPlanHash = hash } });
            await stage.PassAsync();
        }
    }

    [Test]
    public async Task The_hold_annotation_stops_work_at_once()
    {
        var stage = Stage(London);
        stage.Entity.Metadata.Annotations = new Dictionary<string, string> { [Annotations.Hold] = "freeze for the sale" };

        await stage.PassAsync();

        Assert.That(stage.Status.Phase, Is.EqualTo(ReplicaSetPhases.Held));
        Assert.That(stage.Condition(ConditionTypes.Held).Message, Does.Contain("freeze for the sale"));
        Assert.That(stage.Set.Steps, Is.Empty);
    }

    [Test]
    public async Task A_process_that_does_not_lead_takes_no_step()
    {
        var stage = Stage(London);
        stage.Leadership.IsLeader = false;

        await Assert.ThrowsAsync<LeadershipLostException>(() => stage.PassAsync());

        Assert.That(stage.Set.Steps, Is.Empty);
    }

    [Test]
    public async Task A_migration_steers_the_primary_without_an_edit_of_the_spec_and_is_acknowledged()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        var migration = Migration(revision: 1, London);
        stage.Migrations.Put(migration);

        await stage.PassAsync();
        Assert.That(stage.Status.Override!.Settled, Is.False, "latched before anything is done");
        Assert.That(stage.Set.Primary, Does.Contain(Ireland));
        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Set.Primary, Does.Contain(London));
        Assert.That((stage.Status.Override!.ObservedRevision, stage.Status.Override.Settled), Is.EqualTo((1, true)));
        Assert.That(stage.Entity.Spec.PrimaryRegion, Is.EqualTo(Ireland));
        Assert.That(stage.Condition(ConditionTypes.OverrideActive).Status, Is.EqualTo("True"));
    }

    [Test]
    public async Task A_migration_that_vanishes_moves_nothing()
    {
        var stage = Stage(Ireland);
        var migration = Migration(revision: 1, London);
        stage.Migrations.Put(migration);
        await stage.PassAsync();
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        stage.Migrations.Remove(migration);

        await stage.PassAsync();
        await stage.PassAsync();

        Assert.That(stage.Set.Primary, Does.Contain(London));
        Assert.That(stage.Condition(ConditionTypes.OverrideOrphaned).Status, Is.EqualTo("True"));
        Assert.That(stage.Status.Phase, Is.EqualTo(ReplicaSetPhases.Settled));
    }

    [Test]
    public async Task A_refused_step_is_told_and_tried_again()
    {
        var stage = Stage(Ireland);
        stage.Set.Refusals.Enqueue(new StepResult(StepOutcome.Refused, new MongoFailure(MongoFailureKind.CommandFailed, 109, "ConfigurationInProgress", "busy")));

        await stage.PassAsync();
        Assert.That(stage.Status.LastAction!.Outcome, Is.EqualTo("Refused"));
        Assert.That(stage.Events.All, Has.Some.StartsWith("Warning ReconfigRefused").And.Some.Contains("ConfigurationInProgress (109)"));
        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Set.Hosts.Count(), Is.EqualTo(6));
    }

    [Test]
    public async Task A_member_that_is_down_is_seen_and_reported_once()
    {
        var stage = Stage(Ireland);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        stage.Set.Down.Add("mongo-b.eu-west-1:27017");

        for (var i = 0; i < 5; i++)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Condition(ConditionTypes.ReplicationHealthy).Status, Is.EqualTo("False"));
        Assert.That(stage.Status.Members!.Single(m => m.Host == "mongo-b.eu-west-1:27017").State, Is.EqualTo("Unreachable"));
        Assert.That(stage.Events.All.Count(e => e.StartsWith("Warning MemberUnhealthy", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_object_on_the_same_set_is_stalled()
    {
        var stage = Stage(Ireland);
        var other = ControllerStage.ThreePlusThree(Ireland);
        other.Metadata.Name = "first";
        other.Metadata.Uid = "uid-0";
        stage.Sets.Put(other);
        stage.Set.Tag("modestano-owner", "cluster/shop/first");

        await stage.PassAsync();

        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo(Reasons.DuplicateOwner));
        Assert.That(stage.Set.Steps, Is.Empty);
    }

    [Test]
    public async Task A_secret_that_does_not_exist_stalls_the_object_until_it_does()
    {
        var set = ControllerStage.ThreePlusThree(Ireland);
        set.Spec = set.Spec with { Connection = set.Spec.Connection with { CredentialsSecretRef = new LocalObjectReference { Name = "login" } } };
        var stage = Started(new ControllerStage(set));

        await stage.PassAsync();
        Assert.That((stage.Condition(ConditionTypes.Stalled).Status, stage.Condition(ConditionTypes.Stalled).Reason), Is.EqualTo(("True", "SecretNotFound")));
        stage.Secrets.All["login"] = Login();
        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Condition(ConditionTypes.Stalled).Status, Is.EqualTo("False"));
    }

    [Test]
    public async Task Credentials_go_only_to_hosts_that_the_grants_name()
    {
        var set = ControllerStage.ThreePlusThree(Ireland);
        set.Spec = set.Spec with { Connection = set.Spec.Connection with { CredentialsSecretRef = new LocalObjectReference { Name = "login" } } };
        var stage = Started(new ControllerStage(set, Operator.Configuration.GrantsFile.Parse("credentialHostSuffixes: [eu-west-1]", "grants.yaml")));
        stage.Secrets.All["login"] = Login();

        await stage.PassAsync();

        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("NotGranted"));
        Assert.That(stage.Condition(ConditionTypes.Stalled).Message, Does.Contain("mongo-a.eu-west-2"));
        Assert.That(stage.Set.Asked, Is.Empty, "nobody was sent anything");
    }

    [Test]
    public async Task Where_no_host_is_granted_no_Secret_is_read_either()
    {
        var set = ControllerStage.ThreePlusThree(Ireland);
        set.Spec = set.Spec with { Connection = set.Spec.Connection with { CredentialsSecretRef = new LocalObjectReference { Name = "login" } } };
        var stage = Started(new ControllerStage(set, Operator.Configuration.Grants.None));

        await stage.PassAsync();

        Assert.That(stage.Secrets.Reads, Is.Zero, "there is no right to: a refusal of the API server would be told instead");
        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("NotGranted"));
    }

    [Test]
    public async Task A_step_is_told_of_even_when_somebody_else_wrote_the_status_in_between()
    {
        var stage = Stage(Ireland);
        stage.Sets.NextWritesConflict = 1;

        await Assert.ThrowsAsync<StatusConflictException>(() => stage.PassAsync());
        Assert.That(stage.Set.Steps, Has.Count.EqualTo(1));
        await stage.PassAsync();

        Assert.That(stage.Events.All, Has.Some.StartsWith("Normal ReconfigSucceeded"));
        Assert.That(stage.Status.LastAction, Is.Not.Null);
    }

    [Test]
    public async Task Metrics_go_with_their_object()
    {
        var stage = Stage(Ireland);
        await stage.PassAsync();
        Assert.That(await Exposed(stage), Does.Contain("modestano_replicaset_member_healthy{"));

        await stage.DeletedAsync();

        Assert.That(await Exposed(stage), Does.Not.Contain("{namespace"));
    }

    private static async Task<string> Exposed(ControllerStage stage)
    {
        using var stream = new MemoryStream();
        await stage.Registry.CollectAndExportAsTextAsync(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ControllerStage Stage(string primaryRegion, Func<ReconfigurationSpec, ReconfigurationSpec>? how = null) =>
        Started(new ControllerStage(ControllerStage.ThreePlusThree(primaryRegion, how)));

    private static k8s.Models.V1Secret Login() => new()
    {
        Metadata = new k8s.Models.V1ObjectMeta { Name = "login" },
        Type = ApiGroup.CredentialsSecretType,
        Data = new Dictionary<string, byte[]> { ["username"] = "operator"u8.ToArray(), ["password"] = "s3cret"u8.ToArray() },
    };

    private static ControllerStage Started(ControllerStage stage)
    {
        stage.Set.Initiate([.. ControllerStage.Region(Ireland).Members.Select(m => m.Host)]);
        return stage;
    }

    private static void Edit(ControllerStage stage, Func<MongoReplicaSetSpec, MongoReplicaSetSpec> edit)
    {
        var entity = stage.Entity;
        entity.Spec = edit(entity.Spec);
        entity.Metadata.Generation++;
    }

    internal static RegionMigration Migration(long revision, string primaryRegion) => new()
    {
        Metadata = new k8s.Models.V1ObjectMeta { Name = "to-london", NamespaceProperty = "shop", Uid = "uid-m", CreationTimestamp = new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc) },
        Spec = new RegionMigrationSpec { ReplicaSetRef = new LocalObjectReference { Name = "marketplace" }, From = Ireland, To = London },
        Status = new RegionMigrationStatus { Override = new MigrationOverride { Revision = revision, PrimaryRegion = primaryRegion } },
    };
}
