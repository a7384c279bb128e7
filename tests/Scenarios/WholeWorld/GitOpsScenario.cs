using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Demo;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>A GitOps controller that puts back what Git says, all the time, and a migration: neither gets in the other's way.</summary>
[CancelAfter(200_000)]
public sealed class GitOpsScenario
{
    private const string Manager = "gitops";
    private OperatedWorld _world = null!;

    [SetUp]
    public async Task Start() => _world = await OperatedWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task A_migration_completes_under_a_gitops_controller_and_ends_when_git_says_what_it_reached()
    {
        using var stop = new CancellationTokenSource();
        await ApplyAllAsync();
        var syncing = SyncAsync(stop.Token);
        await _world.ReachAsync(MigrationPhases.Completed);

        Assert.That(WorldFacts.PrimaryRegion(_world.World), Is.EqualTo(SampleNames.NewRegion));
        Assert.That(WorldFacts.Weights(_world.World), Is.EqualTo((0, 255)));
        Assert.That(WorldFacts.BrokenInvariants(_world.World), Is.Empty);
        await AssertOnlyGitWroteSpecsAsync<MongoReplicaSet>(GitRepository.ReplicaSet, generation: 1);
        await AssertOnlyGitWroteSpecsAsync<WeightedDnsRecord>(GitRepository.Record, generation: 1);
        await AssertOnlyGitWroteSpecsAsync<RegionMigration>(GitRepository.Migration, generation: 1);
        Assert.That(await LatchesAsync(), Has.None.Null, "until Git says it the override holds");

        await Eventually.Is(async () => (await _world.MigrationAsync()).Status?.SpecEdits?.Count == 3, "the edits are listed");
        var edits = (await _world.MigrationAsync()).Status!.SpecEdits!;
        Assert.That(edits.Select(e => $"{e.Target} {e.Field}: {e.From} -> {e.To}"), Is.EquivalentTo(new[]
        {
            "MongoReplicaSet/marketplace spec.primaryRegion: eu-west-1 -> eu-west-2",
            "WeightedDnsRecord/shop spec.endpoints[setIdentifier=eu-west-1].weight: 255 -> 0",
            "WeightedDnsRecord/shop spec.endpoints[setIdentifier=eu-west-2].weight: 0 -> 255",
        }));

        var (reconfigs, batches) = (_world.Count("replSetReconfig"), _world.World.Route53.Zones.Log.Count);
        foreach (var edit in edits)
        {
            _world.Git.Commit(edit);
        }

        await Eventually.Is(async () => (await _world.MigrationAsync()).Status?.Released?.Count == 2, "both targets are released", TimeSpan.FromSeconds(30));
        await Eventually.Is(async () => (await LatchesAsync()).All(latch => latch is null), "no target follows an override any more", TimeSpan.FromSeconds(30));
        Assert.That((await _world.MigrationAsync()).Status!.Released, Is.EquivalentTo(new[] { "MongoReplicaSet/marketplace", "WeightedDnsRecord/shop" }));
        await Eventually.Is(SettledAsync, "both targets are as Git says", TimeSpan.FromSeconds(30));
        Assert.That((await _world.MigrationAsync()).Status!.SpecEdits, Is.Null.Or.Empty);
        Assert.That((_world.Count("replSetReconfig"), _world.World.Route53.Zones.Log.Count), Is.EqualTo((reconfigs, batches)), "nothing moved");
        Assert.That(_world.Count("replSetStepDown"), Is.EqualTo(1));
        Assert.That(WorldFacts.PrimaryRegion(_world.World), Is.EqualTo(SampleNames.NewRegion));

        await stop.CancelAsync();
        await syncing;
        Assert.That(await _world.LostAsync(), Is.Empty);
        Assert.That(_world.Ledger.Failures, Is.Empty);
    }

    private async Task ApplyAllAsync()
    {
        foreach (var manifest in _world.Git.Objects())
        {
            await _world.ApplyAsync(manifest, Manager);
        }
    }

    // As Argo CD with self-heal: the Git version of every object, under its own field manager, again and again.
    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await ApplyAllAsync();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task AssertOnlyGitWroteSpecsAsync<T>(string name, long generation)
    {
        var stored = await _world.GetJsonAsync<T>(name);
        var writers = stored["metadata"]!["managedFields"]!.AsArray()
            .Where(entry => entry!["fieldsV1"] is JsonObject fields && fields.ContainsKey("f:spec"))
            .Select(entry => (string?)entry!["manager"]);
        Assert.That(writers, Is.EqualTo(new[] { Manager }), $"{typeof(T).Name} {name}: who wrote its spec");
        Assert.That((long?)stored["metadata"]!["generation"], Is.EqualTo(generation), $"{typeof(T).Name} {name}: its spec is as it was first applied");
    }

    private async Task<LatchedOverride?[]> LatchesAsync() =>
    [
        (await _world.GetAsync<MongoReplicaSet>(GitRepository.ReplicaSet)).Status?.Override,
        (await _world.GetAsync<WeightedDnsRecord>(GitRepository.Record)).Status?.Override,
    ];

    private async Task<bool> SettledAsync()
    {
        var set = await _world.GetAsync<MongoReplicaSet>(GitRepository.ReplicaSet);
        var record = await _world.GetAsync<WeightedDnsRecord>(GitRepository.Record);
        return IsReady(set.Metadata.Generation, set.Status?.ObservedGeneration, set.Status?.Conditions)
            && IsReady(record.Metadata.Generation, record.Status?.ObservedGeneration, record.Status?.Conditions);
    }

    private static bool IsReady(long? generation, long? observed, IReadOnlyList<Condition>? conditions) =>
        generation == observed && conditions?.Any(c => c is { Type: ConditionTypes.Ready, Status: "True" }) == true;
}
