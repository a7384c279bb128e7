using System.Text.Json.Nodes;
using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>
/// Everything is applied in one go, and the record, which is new, is held: its record sets do not exist. A migration that claimed it then would
/// ask for the zeros that it sees. It waits, and says so; nothing is left behind where it is deleted meanwhile.
/// </summary>
[CancelAfter(240_000)]
[Category("EmbeddedOnly")]
public sealed class AppliedTogetherScenario
{
    [Test]
    public async Task A_migration_waits_for_a_record_that_is_held_and_does_not_exist_yet_and_begins_once_it_serves()
    {
        await using var world = await OperatedWorld.StartAsync();
        await ApplyAllAsync(world);
        await world.ReachAsync(
            s => s.Phase == MigrationPhases.Pending && s.WaitingFor is { } waits && waits.StartsWith($"WeightedDnsRecord {GitRepository.Record} to ", StringComparison.Ordinal) && waits.Contains("Held", StringComparison.Ordinal),
            "it waits for the record, with the record's own reason");
        await StaysUnclaimedAsync(world);

        // Deleted meanwhile, it goes, and whoever makes it again finds the same.
        await world.Kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, OperatedWorld.Namespace, "regionmigrations", GitRepository.Migration);
        await Eventually.Is(
            async () => (await world.Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync<k8s.Models.V1CustomResourceDefinitionList>(ApiGroup.Name, ApiGroup.Version, OperatedWorld.Namespace, "regionmigrations")).Items.Count == 0,
            "the deletion has ended");
        await world.ApplyAsync(world.Git.Object("RegionMigration"));
        await world.ReachAsync(s => s is { Phase: MigrationPhases.Pending, WaitingFor: not null }, "it waits again");
        await StaysUnclaimedAsync(world);

        await world.ApplyAsync(Record(world, held: false));
        await world.ReachAsync(s => s.Override is not null, "it has claimed its targets");
        var began = (await world.MigrationAsync()).Status!.Origin!.Records!.Single().Weights;
        Assert.That(began.Values.Sum(), Is.Positive, "it begins with what is served");
        await world.ReachAsync(s => s.Phase is MigrationPhases.Shifting or MigrationPhases.MovingPrimary or MigrationPhases.Soaking or MigrationPhases.Completed, "traffic moves");
        Assert.That((await world.GetAsync<WeightedDnsRecord>(GitRepository.Record)).Status!.Conditions!.Select(c => c.Reason), Has.None.EqualTo("NobodyWouldServe"));
    }

    /// <summary>Three edits, each of them seen in a pass.</summary>
    private static async Task StaysUnclaimedAsync(OperatedWorld world)
    {
        for (var edit = 1; edit <= 3; edit++)
        {
            world.Git.Commit("RegionMigration", m => m["spec"]!["primary"] = new JsonObject { ["moveAtPercent"] = 40 + edit });
            await world.ApplyAsync(world.Git.Object("RegionMigration"));
            await Eventually.Is(async () => await world.MigrationAsync() is { } m && m.Status?.ObservedGeneration == m.Metadata.Generation, "the edit is seen");
            Assert.That((await world.MigrationAsync()).Status!.Override, Is.Null);
            Assert.That((await world.GetAsync<WeightedDnsRecord>(GitRepository.Record)).Status?.Override, Is.Null);
        }
    }

    private static async Task ApplyAllAsync(OperatedWorld world)
    {
        foreach (var manifest in world.Git.Objects())
        {
            await world.ApplyAsync((string?)manifest["kind"] == "WeightedDnsRecord" ? Record(world, held: true) : manifest);
        }
    }

    private static JsonObject Record(OperatedWorld world, bool held)
    {
        var record = world.Git.Object("WeightedDnsRecord");
        record["metadata"]!["annotations"] = held ? new JsonObject { [Annotations.Hold] = "not before the night" } : [];
        return record;
    }
}
