using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Demo;
using MongoDB.Bson;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>A leader that stands still for longer than its lease and then goes on, or whose lease is deleted, does nothing that its successor is doing (R10).</summary>
[Category("Kill"), Category("Hostile"), CancelAfter(240_000)]
[Category("EmbeddedOnly")]
public sealed class FrozenLeaderScenario
{
    private const string Leads = "Leading as";
    private const string Begins = " begins: ";

    private OperatedWorld _world = null!;

    [SetUp]
    public async Task Start() => _world = await OperatedWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task A_leader_that_was_frozen_past_its_lease_sends_nothing_when_it_thaws_and_no_effect_is_doubled()
    {
        await Eventually.Is(() => Terms(0) == 1, "the first one leads");
        _world.StartOperator();
        foreach (var manifest in _world.Git.Objects())
        {
            await _world.ApplyAsync(manifest);
        }

        var term = await TermAsync(SampleNames.OldRegion);
        await Eventually.Is(() => Steps(0) > 0, "the first one has begun an effect", TimeSpan.FromSeconds(60));
        await HandOverAsync(frozen: 0, successor: 1);
        await Eventually.Is(() => WorldFacts.Weights(_world.World) is { New: > 0 and < 255 }, "some traffic is in the new region", TimeSpan.FromSeconds(100));
        await HandOverAsync(frozen: 1, successor: 0);
        await _world.ReachAsync(MigrationPhases.Completed);

        await NothingIsDoubledAsync(term);
    }

    [Test]
    public async Task A_lease_that_is_deleted_by_hand_while_two_processes_run_doubles_no_effect()
    {
        await Eventually.Is(() => Terms(0) == 1, "the first one leads");
        _world.StartOperator();
        foreach (var manifest in _world.Git.Objects())
        {
            await _world.ApplyAsync(manifest);
        }

        var term = await TermAsync(SampleNames.OldRegion);
        await Eventually.Is(() => Steps(0) > 0, "the first one has begun an effect", TimeSpan.FromSeconds(60));
        await DeleteLeaseAsync();
        await Eventually.Is(() => WorldFacts.Weights(_world.World) is { New: > 0 and < 255 }, "some traffic is in the new region", TimeSpan.FromSeconds(100));
        await DeleteLeaseAsync();
        await Eventually.Is(() => _world.Operators.Any(o => o.Lines.Any(l => l.Contains("StepDown begins", StringComparison.Ordinal))), "the primary is about to move", TimeSpan.FromSeconds(100));
        await DeleteLeaseAsync();
        await _world.ReachAsync(MigrationPhases.Completed);

        await NothingIsDoubledAsync(term);
    }

    private async Task NothingIsDoubledAsync(int term)
    {
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(WorldFacts.BrokenInvariants(_world.World), Is.Empty);
            Assert.That(_world.Count("replSetReconfig"), Is.EqualTo(5));
            Assert.That(_world.Count("replSetStepDown"), Is.EqualTo(1));
            Assert.That(await TermAsync(SampleNames.NewRegion), Is.EqualTo(term + 1), "one election, after one step-down");
            Assert.That(WorldFacts.Weights(_world.World), Is.EqualTo((0, 255)));
            Assert.That(await _world.LostAsync(), Is.Empty);
            Assert.That(_world.Ledger.Failures, Is.Empty);
        });
    }

    /// <summary>The leader stands still until the other one has worked in its place, and goes on. What it says after that is no effect.</summary>
    private async Task HandOverAsync(int frozen, int successor)
    {
        var (terms, written) = (Terms(successor), Written());
        await _world.Operators[frozen].FreezeAsync();
        await Eventually.Is(() => Terms(successor) > terms, "the other one leads", TimeSpan.FromSeconds(30));
        await Eventually.Is(() => Written() > written || Steps(successor) > 0, "the other one has worked", TimeSpan.FromSeconds(60));
        var said = _world.Operators[frozen].Lines.Count;
        await _world.Operators[frozen].ThawAsync();
        await Eventually.Is(() => _world.Operators[frozen].Lines.Count > said, "it says that it has lost the lead", TimeSpan.FromSeconds(30));

        // Time enough for what it was about to do.
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.That(_world.Operators[frozen].Lines.Skip(said).Where(l => l.Contains(Begins, StringComparison.Ordinal) || l.Contains(" Succeeded after ", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>As somebody does who believes that an operator hangs on it. Whoever makes it anew leads, and may be the one who led.</summary>
    private async Task DeleteLeaseAsync()
    {
        var terms = Terms(0) + Terms(1);
        await _world.Kubernetes.CoordinationV1.DeleteNamespacedLeaseAsync("modestano-operator", PreparedCluster.OperatorNamespace);
        await Eventually.Is(() => Terms(0) + Terms(1) > terms, "one of the two leads anew", TimeSpan.FromSeconds(60));
    }

    private int Terms(int process) => _world.Operators[process].Lines.Count(l => l.Contains(Leads, StringComparison.Ordinal));

    private int Steps(int process) => _world.Operators[process].Lines.Count(l => l.Contains(Begins, StringComparison.Ordinal));

    private int Written() => _world.Count("replSetReconfig") + _world.Count("replSetStepDown");

    private async Task<int> TermAsync(string region) =>
        (await _world.AdministerAsync(SampleNames.Members(region)[0], new BsonDocument("replSetGetStatus", 1)))["term"].ToInt32();
}
