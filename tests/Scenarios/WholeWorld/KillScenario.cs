using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Demo;
using MongoDB.Bson;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>The operator is killed in the middle of a migration, again and again, and its successor goes on from what is observable (M4).</summary>
[Category("Kill"), CancelAfter(240_000)]
[Category("EmbeddedOnly")]
public sealed class KillScenario
{
    private OperatedWorld _world = null!;
    private int _kills;

    [SetUp]
    public async Task Start() => _world = await OperatedWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task An_operator_killed_while_members_copy_after_the_step_down_and_during_a_shift_completes_the_migration_all_the_same()
    {
        foreach (var manifest in _world.Git.Objects())
        {
            await _world.ApplyAsync(manifest);
        }

        var term = await TermAsync(SampleNames.OldRegion);
        await KillWhenAsync(() => _world.Count("replSetReconfig") > 0, "members have been added");
        await KillWhenAsync(() => WorldFacts.Weights(_world.World) is { New: > 0 and < 255 }, "some traffic is in the new region");
        await KillWhenAsync(() => _world.Count("replSetStepDown") > 0, "the step-down is answered");
        await _world.ReachAsync(MigrationPhases.Completed);
        var doubled = Math.Max(0, _world.Count("replSetStepDown") - 1) + Math.Max(0, _world.Count("replSetReconfig") - 5);
        TestContext.Out.WriteLine($"{_kills} effects, {_kills} restarts, {doubled} doubled, 0 stuck");

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(WorldFacts.BrokenInvariants(_world.World), Is.Empty);
            Assert.That(_world.Count("replSetReconfig"), Is.EqualTo(5));
            Assert.That(await TermAsync(SampleNames.NewRegion), Is.EqualTo(term + 1), "one election, after one step-down");
            Assert.That(_world.Count("replSetStepDown"), Is.EqualTo(1));
            Assert.That(WorldFacts.PrimaryRegion(_world.World), Is.EqualTo(SampleNames.NewRegion));
            Assert.That(WorldFacts.Weights(_world.World), Is.EqualTo((0, 255)));
            Assert.That(await _world.LostAsync(), Is.Empty);
            Assert.That(_world.Ledger.Failures, Is.Empty);
        });
    }

    private async Task<int> TermAsync(string region) =>
        (await _world.AdministerAsync(SampleNames.Members(region)[0], new BsonDocument("replSetGetStatus", 1)))["term"].ToInt32();

    private async Task KillWhenAsync(Func<bool> moment, string what)
    {
        await Eventually.Is(moment, what, TimeSpan.FromSeconds(100));
        _world.KillOperator();
        _kills++;
        _world.StartOperator();
    }
}
