using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Tests.ReplicaSets.Control;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>An object reaches for a replica set that another one owns, or keeps its owner from it.</summary>
[Category("Hostile")]
public sealed class SetOwnerTests
{
    private const string Ireland = "eu-west-1";
    private const string Victim = "cluster/store/marketplace";

    [Test]
    public async Task A_living_owners_set_is_not_taken_over_on_the_applicants_own_approval()
    {
        var stage = await OwnedByVictimAsync(how => how with { Adoption = "Automatic", PreviousOwner = Victim });

        for (var i = 0; i < 5; i++)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Set.Steps, Is.Empty);
        Assert.That(stage.Status.PlanHash, Is.Null, "there is nothing to approve");
        Assert.That(stage.Condition(ConditionTypes.AwaitingApproval).Message, Does.Contain("belongs to another owner").And.Not.Contain("store/marketplace"), "whose it is, is not told to another namespace");
    }

    [Test]
    public async Task A_recovery_forces_nothing_on_another_owners_set()
    {
        var stage = await OwnedByVictimAsync(how => how with { Adoption = "Automatic" });
        stage.Entity.Spec = stage.Entity.Spec with { Recovery = new RecoverySpec { ConfigVersion = 1, ConfigTerm = 1, FencedHosts = ["mongo-b.eu-west-1:27017", "mongo-c.eu-west-1:27017"] } };
        stage.Set.Primary = null;
        stage.Set.Down.UnionWith(["mongo-b.eu-west-1:27017", "mongo-c.eu-west-1:27017"]);

        for (var i = 0; i < 5; i++)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Set.Steps, Is.Empty);
    }

    [Test]
    public async Task An_owner_that_the_operators_grants_name_may_be_followed_with_an_approved_plan()
    {
        var stage = await OwnedByVictimAsync(how => how with { PreviousOwner = Victim, Adoption = "Manual" }, $"adoptions: [{{namespaces: [shop], previousOwners: ['{Victim}']}}]");
        await stage.PassAsync();
        Assert.That(stage.Set.Steps, Is.Empty, "the plan waits for its approval as any other");

        stage.Entity.Spec = stage.Entity.Spec with { Reconfiguration = stage.Entity.Spec.Reconfiguration with { ApprovedPlanHash = stage.Status.PlanHash } };
        stage.Entity.Metadata.Generation++;
        await stage.UntilAsync(ReplicaSetPhases.Settled);

        Assert.That(stage.Set.Config!["members"].AsBsonArray.Select(m => m["tags"]["modestano-owner"].AsString).Distinct(), Is.EqualTo(new[] { "cluster/shop/marketplace" }));
    }

    [TestCase("shop/marketplace", true)]
    [TestCase("shop/other", false)]
    public async Task A_set_is_released_by_its_own_object_to_one_other(string releaseTo, bool released)
    {
        var stage = await OwnedByVictimAsync(how => how with { PreviousOwner = Victim, Adoption = "Manual" });
        var former = ControllerStage.ThreePlusThree(Ireland);
        former.Metadata = new V1ObjectMeta { Name = "marketplace", NamespaceProperty = "store", Uid = "uid-0", Annotations = new Dictionary<string, string> { [Annotations.ReleaseTo] = releaseTo } };
        stage.Sets.Put(former);

        await stage.PassAsync();

        Assert.That(stage.Status.PlanHash is not null, Is.EqualTo(released));
    }

    [Test]
    public async Task Who_owns_a_set_by_its_tag_is_kept_out_by_no_older_object_and_no_forged_status()
    {
        var stage = new ControllerStage(ControllerStage.ThreePlusThree(Ireland));
        stage.Set.Initiate([.. "abc".Select(z => $"mongo-{z}.{Ireland}:27017")]);
        stage.Set.Tag("modestano-owner", "cluster/shop/marketplace");
        var squatter = ControllerStage.ThreePlusThree(Ireland);
        squatter.Metadata = new V1ObjectMeta { Name = "squat", NamespaceProperty = "stranger", Uid = "uid-0", CreationTimestamp = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc) };
        squatter.Status = new MongoReplicaSetStatus { ReplicaSetId = "6b043562011e4f57301d0632" };
        stage.Sets.Put(squatter);

        await stage.UntilAsync(ReplicaSetPhases.Settled);
    }

    [Test]
    public async Task An_owner_of_another_namespace_is_not_named()
    {
        var stage = await OwnedByVictimAsync(how => how);
        var owner = ControllerStage.ThreePlusThree(Ireland);
        owner.Metadata = new V1ObjectMeta { Name = "marketplace", NamespaceProperty = "store", Uid = "uid-0" };
        stage.Sets.Put(owner);

        await stage.PassAsync();

        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("DuplicateOwner"));
        Assert.That(stage.Condition(ConditionTypes.Stalled).Message, Does.Not.Contain("store"));
    }

    [Test]
    public async Task An_owner_whose_spec_spells_the_hosts_in_another_way_is_the_owner_all_the_same()
    {
        var stage = await OwnedByVictimAsync(how => how);
        var owner = ControllerStage.ThreePlusThree(Ireland);
        owner.Metadata = new V1ObjectMeta { Name = "marketplace", NamespaceProperty = "store", Uid = "uid-0" };
        owner.Spec = owner.Spec with { Regions = [.. owner.Spec.Regions.Select(r => r with { Members = [.. r.Members.Select(m => m with { Host = m.Host.Replace(":27017", ".:27017", StringComparison.Ordinal) })] })] };
        stage.Sets.Put(owner);

        await stage.PassAsync();

        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("DuplicateOwner"));
    }

    [Test]
    public async Task The_object_of_a_snapshots_model_is_no_rival_and_its_tag_is_believed_all_the_same()
    {
        var stage = await OwnedByVictimAsync(how => how);
        var model = ControllerStage.ThreePlusThree("us-east-1");
        model.Metadata = new V1ObjectMeta { Name = "marketplace", NamespaceProperty = "store", Uid = "uid-0" };
        model.Spec = model.Spec with { Regions = [ControllerStage.Region("us-east-1")] };
        stage.Sets.Put(model);

        await stage.PassAsync();

        Assert.That((stage.Condition(ConditionTypes.Stalled).Status, stage.Condition(ConditionTypes.AwaitingApproval).Reason), Is.EqualTo(("False", "Adoption")));
    }

    private static Task<ControllerStage> OwnedByVictimAsync(Func<ReconfigurationSpec, ReconfigurationSpec> how, string? grants = null)
    {
        var stage = new ControllerStage(
            ControllerStage.ThreePlusThree(Ireland, how),
            GrantsFile.Parse($"hosts: [{{namespaces: ['*'], suffixes: ['*']}}]\n{grants}", "grants.yaml"));
        stage.Set.Initiate([.. "abc".Select(z => $"mongo-{z}.{Ireland}:27017")]);
        stage.Set.Tag("modestano-owner", Victim);
        return Task.FromResult(stage);
    }
}
