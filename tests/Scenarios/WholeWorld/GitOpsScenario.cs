using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Migrations;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Demo;
using MongoDB.Driver;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>A GitOps controller that puts back what Git says, all the time, and a migration: neither gets in the other's way.</summary>
[CancelAfter(200_000)]
[Category("EmbeddedOnly")]
public sealed class GitOpsScenario
{
    private OperatedWorld _world = null!;
    private ScrapingPrometheus _prometheus = null!;
    private GitOpsController _gitOps = null!;

    [SetUp]
    public async Task Start()
    {
        var metricsPort = ScrapingPrometheus.FreePort();
        _prometheus = new ScrapingPrometheus(metricsPort);
        _world = await OperatedWorld.StartAsync(_prometheus.Url, metricsPort);
        _gitOps = new GitOpsController(_world.Kubernetes, _world.Git, OperatedWorld.Namespace);
    }

    [TearDown]
    public async Task Stop()
    {
        await _world.DisposeAsync();
        _prometheus.Dispose();
    }

    [Test]
    public async Task A_migration_and_a_decommissioning_complete_under_a_gitops_controller_and_end_when_git_says_what_they_reached()
    {
        using var stop = new CancellationTokenSource();
        _world.Git.Commit("RegionMigration", m => m["spec"]!["decommission"] = new JsonObject { ["mode"] = "Remove", ["after"] = "0s", ["clientsConfirmed"] = true });
        // Not `up`: one scrape that a busy machine answers late makes it 0, which is a failure and rolls back, and rightly so. A figure of the operator's own is missing then, which only holds.
        _world.Git.Commit("RegionMigration", m => m["spec"]!["gates"]!["prometheus"] = JsonNode.Parse("""[{ "name": "operator-up", "prometheusRef": "main", "query": "count(process_start_time_seconds{job='operator'})", "min": "1" }]"""));
        _world.Git.Commit("RegionMigration", m => m["spec"]!["onGateFailure"] = "RollBack");
        await _gitOps.ApplyAllAsync(ApplyMode.ServerSide);
        var syncing = _gitOps.RunAsync(stop.Token);
        var old = SampleNames.Members(SampleNames.OldRegion)[1];
        using var report = _world.ConnectTo(old, "monthly-report");

        await _world.ReachAsync(status => status.WaitingFor?.StartsWith("gate operator-up: Prometheus could not be asked", StringComparison.Ordinal) == true, "a gate without data holds, and does not roll back");
        _prometheus.Start();
        await _world.ReachAsync(MigrationPhases.Decommissioning);
        await Eventually.Is(
            async () => (await _world.MigrationAsync()).Status!.Gates!.Single(g => g.Name == "operator-up") is { Result: "Passing", Value: "1", Limit: ">= 1", Time: not null },
            "the gate's figure, limit and time are in status");
        await _world.ReachAsync(
            status => status.WaitingFor?.StartsWith($"gate application-connections: {old} is used by 1 application: monthly-report from 127.", StringComparison.Ordinal) == true,
            "only the application that is pinned to an old member keeps it; the driver of the other one has let go");
        var check = (await _world.GetAsync<MongoReplicaSet>(GitRepository.ReplicaSet)).Status!.Checks!.Single(c => c.Name == "ApplicationConnections" && c.Member == old);
        Assert.That((check.Result, check.Limit), Is.EqualTo(("Failed", "0")));
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(report.Cluster);
        await _world.ReachAsync(MigrationPhases.Completed);

        Assert.That(_gitOps.Rounds, Is.GreaterThan(8), "every way of applying came at least twice");
        Assert.That(WorldFacts.PrimaryRegion(_world.World), Is.EqualTo(SampleNames.NewRegion));
        Assert.That(WorldFacts.Weights(_world.World), Is.EqualTo((0, 255)));
        Assert.That(WorldFacts.BrokenInvariants(_world.World), Is.Empty);
        Assert.That(_world.Count("replSetReconfig"), Is.EqualTo(8), "five to the hand-off and the first lost vote, one that hides, two in which a voter leaves");
        await AssertOnlyGitWroteSpecsAsync<MongoReplicaSet>(GitRepository.ReplicaSet, generation: 1);
        await AssertOnlyGitWroteSpecsAsync<WeightedDnsRecord>(GitRepository.Record, generation: 1);
        await AssertOnlyGitWroteSpecsAsync<RegionMigration>(GitRepository.Migration, generation: 1);
        Assert.That(await LatchesAsync(), Has.None.Null, "until Git says it the override holds");

        await Eventually.Is(async () => (await _world.MigrationAsync()).Status?.SpecEdits?.Count == 4, "the edits are listed");
        var edits = (await _world.MigrationAsync()).Status!.SpecEdits!;
        Assert.That(edits.Select(e => $"{e.Target} {e.Field}: {e.From} -> {e.To}"), Is.EquivalentTo(new[]
        {
            "MongoReplicaSet/marketplace spec.primaryRegion: eu-west-1 -> eu-west-2",
            "MongoReplicaSet/marketplace spec.regions[name=eu-west-1]:  -> (removed)",
            "WeightedDnsRecord/shop spec.endpoints[setIdentifier=eu-west-1].weight: 255 -> 0",
            "WeightedDnsRecord/shop spec.endpoints[setIdentifier=eu-west-2].weight: 0 -> 255",
        }));

        var (reconfigs, batches) = (_world.Count("replSetReconfig"), _world.World.Route53.Zones.Log.Count);
        foreach (var edit in edits)
        {
            _world.Git.Commit(edit);
        }

        await Eventually.Is(async () => (await _world.MigrationAsync()).Status?.Released?.Count == 2, "both targets are released");
        await Eventually.Is(async () => (await LatchesAsync()).All(latch => latch is null), "no target follows an override any more");
        Assert.That((await _world.MigrationAsync()).Status!.Released, Is.EquivalentTo(new[] { "MongoReplicaSet/marketplace", "WeightedDnsRecord/shop" }));
        await Eventually.Is(SettledAsync, "both targets are as Git says");
        Assert.That((await _world.MigrationAsync()).Status!.SpecEdits, Is.Null.Or.Empty);
        Assert.That((_world.Count("replSetReconfig"), _world.World.Route53.Zones.Log.Count), Is.EqualTo((reconfigs, batches)), "nothing moved");
        Assert.That(_world.Count("replSetStepDown"), Is.EqualTo(1));
        Assert.That(WorldFacts.PrimaryRegion(_world.World), Is.EqualTo(SampleNames.NewRegion));

        await stop.CancelAsync();
        await syncing;
        Assert.That(await _world.LostAsync(), Is.Empty);
        Assert.That(_world.Ledger.Failures, Is.Empty);
    }

    private async Task AssertOnlyGitWroteSpecsAsync<T>(string name, long generation)
    {
        var stored = await _world.GetJsonAsync<T>(name);
        var writers = stored["metadata"]!["managedFields"]!.AsArray()
            .Where(entry => entry!["fieldsV1"] is JsonObject fields && fields.ContainsKey("f:spec"))
            .Select(entry => (string?)entry!["manager"]);
        Assert.That(writers, Is.SubsetOf(GitOpsController.Managers), $"{typeof(T).Name} {name}: who wrote its spec");
        Assert.That((long?)stored["metadata"]!["generation"], Is.EqualTo(generation), $"{typeof(T).Name} {name}: its spec is as it was first applied");
        Assert.That((long?)stored["status"]!["observedGeneration"], Is.EqualTo(generation), $"{typeof(T).Name} {name}: what its status evaluated");
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
