using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>What stops the passes of the shipped operator stands on the objects: an operator that sees nothing never looks green.</summary>
[CancelAfter(240_000)]
[Category("EmbeddedOnly")]
public sealed class BlindScenarios
{
    private const string SecretsRole = "secrets-role";
    private const string ManagerRole = "manager-role";

    [Test]
    public async Task A_right_that_is_withdrawn_is_told_within_a_minute_on_old_objects_and_new_ones_while_members_die()
    {
        await using var world = await OperatedWorld.StartAsync();
        await world.ApplyAsync(world.Git.Object("Secret"));
        await world.ApplyAsync(SetInIreland(world));
        await Eventually.Is(async () => Ready(await world.GetAsync<MongoReplicaSet>("marketplace"))?.Status == "True", "the set is well", TimeSpan.FromSeconds(60));

        await WithdrawSecretsAsync(world);
        world.KillOperator();
        foreach (var host in SampleNames.Members(SampleNames.OldRegion).Skip(1))
        {
            world.World.Mongo.Member(host).Model.Crash();
        }

        world.StartOperator();
        var another = SetInIreland(world);
        another["metadata"]!["name"] = "another";
        await world.ApplyAsync(another);

        foreach (var name in (string[])["marketplace", "another"])
        {
            await Eventually.Is(async () => Ready(await world.GetAsync<MongoReplicaSet>(name)) is { Status: "Unknown" }, $"{name} says that it is not known how the set is", TimeSpan.FromSeconds(60));
            var set = await world.GetAsync<MongoReplicaSet>(name);
            Assert.That(Ready(set)!.Reason, Is.EqualTo(RuntimeReasons.ApiForbidden));
            Assert.That(Ready(set)!.Message, Does.Contain("reading Secret marketplace/").And.Contain("403 Forbidden").And.Contain("cannot get resource"));
            Assert.That(set.Status!.Conditions!.Single(c => c.Type == ConditionTypes.Stalled).Status, Is.EqualTo("True"));
        }

        var status = (await world.GetAsync<MongoReplicaSet>("marketplace")).Status!;
        Assert.That((status.Phase, status.Primary, status.Summary!.Members), Is.EqualTo((ReplicaSetPhases.Unknown, (string?)null, "3/3 (stale)")));
        Assert.That(status.Members!.Select(m => (m.State, m.Healthy)), Is.All.EqualTo(("UNKNOWN", (bool?)null)));
        var events = await world.Kubernetes.EventsV1.ListNamespacedEventAsync(OperatedWorld.Namespace);
        Assert.That(events.Items.Where(e => e.Regarding.Name == "marketplace").Select(e => e.Reason), Has.Some.EqualTo(RuntimeReasons.ApiForbidden));
    }

    [Test]
    public async Task A_right_to_list_that_is_withdrawn_is_told_within_a_minute_to_whoever_edits_and_the_edit_counts_once_it_is_given_back()
    {
        await using var world = await OperatedWorld.StartAsync();
        await world.ApplyAsync(world.Git.Object("Secret"));
        await world.ApplyAsync(SetInIreland(world));
        await Eventually.Is(async () => Ready(await world.GetAsync<MongoReplicaSet>("marketplace"))?.Status == "True", "the set is well", TimeSpan.FromSeconds(60));
        var reconfigs = world.Count("replSetReconfig");

        var rules = await WithdrawListAsync(world, "mongoreplicasets");
        var edited = SetInIreland(world);
        edited["spec"]!["regions"]![0]!["members"]![2]!["tags"] = new JsonObject { ["use"] = "reporting" };
        await world.ApplyAsync(edited);

        await Eventually.Is(async () => Ready(await world.GetAsync<MongoReplicaSet>("marketplace")) is { Reason: RuntimeReasons.EditsNotSeen }, "it is told that the edit is not seen", TimeSpan.FromSeconds(60));
        var set = await world.GetAsync<MongoReplicaSet>("marketplace");
        Assert.That((Ready(set)!.Status, Condition(set, ConditionTypes.Stalled)!.Status, Condition(set, ConditionTypes.Stale)!.Status), Is.EqualTo(("Unknown", "True", "True")));
        Assert.That(Ready(set)!.Message, Does.Contain("403 Forbidden").And.Contain("cannot list resource").And.Contain("give the operator's service account this right back"));
        var events = await world.Kubernetes.EventsV1.ListNamespacedEventAsync(OperatedWorld.Namespace);
        Assert.That(events.Items.Where(e => e.Regarding.Name == "marketplace").Select(e => e.Reason), Has.Some.EqualTo(RuntimeReasons.EditsNotSeen));
        Assert.That(world.Count("replSetReconfig"), Is.EqualTo(reconfigs));

        await GiveBackAsync(world, rules);
        await Eventually.Is(
            async () => await world.GetAsync<MongoReplicaSet>("marketplace") is var seen && Ready(seen)?.Status == "True" && seen.Status!.ObservedGeneration == seen.Metadata.Generation && Condition(seen, ConditionTypes.Stale) is null,
            "the edit is seen", TimeSpan.FromSeconds(60));
        Assert.That(world.Count("replSetReconfig"), Is.EqualTo(reconfigs + 1));
    }

    [Test]
    public async Task A_kind_that_a_new_process_cannot_list_is_told_on_the_objects_of_the_others_as_it_could_steer_them()
    {
        await using var world = await OperatedWorld.StartAsync();
        await world.ApplyAsync(world.Git.Object("Secret"));
        await world.ApplyAsync(SetInIreland(world));
        await Eventually.Is(async () => Ready(await world.GetAsync<MongoReplicaSet>("marketplace"))?.Status == "True", "the set is well", TimeSpan.FromSeconds(60));

        world.KillOperator();
        var rules = await WithdrawListAsync(world, "regionmigrations");
        world.StartOperator();
        await Eventually.Is(async () => Ready(await world.GetAsync<MongoReplicaSet>("marketplace")) is { Reason: RuntimeReasons.EditsNotSeen } ready && ready.Message.StartsWith("regionmigrations.mongo.modestano.io cannot be listed", StringComparison.Ordinal), "it is told that migrations are not seen", TimeSpan.FromSeconds(60));

        await GiveBackAsync(world, rules);
        await Eventually.Is(async () => Ready(await world.GetAsync<MongoReplicaSet>("marketplace"))?.Status == "True", "the set is well again", TimeSpan.FromSeconds(60));
    }

    private static JsonObject SetInIreland(OperatedWorld world)
    {
        var set = world.Git.Object("MongoReplicaSet");
        set["spec"]!["regions"]!.AsArray().RemoveAt(1);
        return set;
    }

    private static Condition? Ready(MongoReplicaSet set) => Condition(set, ConditionTypes.Ready);

    private static Condition? Condition(MongoReplicaSet set, string type) => set.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    /// <summary>The right to list and watch a kind goes, and all else stays. A watch that is open lasts until its end; here it ends at once.</summary>
    /// <returns>The role as it was.</returns>
    private static async Task<V1ClusterRole> WithdrawListAsync(OperatedWorld world, string plural)
    {
        var role = await world.Kubernetes.RbacAuthorizationV1.ReadClusterRoleAsync(ManagerRole);
        var before = await world.Kubernetes.RbacAuthorizationV1.ReadClusterRoleAsync(ManagerRole);
        var listing = role.Rules.Where(r => r.Verbs.Contains("list") && r.Resources.Remove(plural)).ToList();
        Assert.That(listing, Is.Not.Empty);
        role.Rules.Add(new V1PolicyRule { ApiGroups = [ApiGroup.Name], Resources = [plural], Verbs = ["get"] });
        await world.Kubernetes.RbacAuthorizationV1.ReplaceClusterRoleAsync(role, ManagerRole);
        world.World.Kubernetes.Faults.DropWatches(plural, cut: true);
        return before;
    }

    private static async Task GiveBackAsync(OperatedWorld world, V1ClusterRole role)
    {
        role.Metadata.ResourceVersion = null;
        await world.Kubernetes.RbacAuthorizationV1.ReplaceClusterRoleAsync(role, ManagerRole);
    }

    /// <summary>The role by which the shipped operator reads Secrets loses its rules (config/rbac/secrets_role.yaml).</summary>
    private static async Task WithdrawSecretsAsync(OperatedWorld world)
    {
        var rbac = world.Kubernetes.RbacAuthorizationV1;
        var withdrawn = 0;
        foreach (var role in (await rbac.ListClusterRoleAsync()).Items.Where(r => r.Metadata.Name == SecretsRole))
        {
            role.Rules = [];
            await rbac.ReplaceClusterRoleAsync(role, role.Metadata.Name);
            withdrawn++;
        }

        foreach (var role in (await rbac.ListRoleForAllNamespacesAsync()).Items.Where(r => r.Metadata.Name == SecretsRole))
        {
            role.Rules = [];
            await rbac.ReplaceNamespacedRoleAsync(role, role.Metadata.Name, role.Metadata.NamespaceProperty);
            withdrawn++;
        }

        Assert.That(withdrawn, Is.GreaterThan(0));
    }
}
