using System.Text.Json.Nodes;
using k8s;
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

    private static JsonObject SetInIreland(OperatedWorld world)
    {
        var set = world.Git.Object("MongoReplicaSet");
        set["spec"]!["regions"]!.AsArray().RemoveAt(1);
        return set;
    }

    private static Condition? Ready(MongoReplicaSet set) => set.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);

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
