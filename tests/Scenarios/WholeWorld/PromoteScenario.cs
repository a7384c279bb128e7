using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>A pause under a GitOps controller that applies all the time, the shipped operator in its own process: promoted from Git, and killed meanwhile.</summary>
[CancelAfter(200_000)]
[Category("EmbeddedOnly")]
public sealed class PromoteScenario
{
    private OperatedWorld _world = null!;

    [SetUp]
    public async Task Start() => _world = await OperatedWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task A_pause_waits_through_a_kill_until_its_token_is_in_Git_and_the_same_annotation_approves_nothing_later()
    {
        _world.Git.Commit("RegionMigration", m =>
        {
            var steps = m["spec"]!["trafficSteps"]!.AsArray();
            steps[0]!.AsObject().Remove("hold");
            steps[1]!.AsObject().Remove("hold");
        });
        var gitOps = new GitOpsController(_world.Kubernetes, _world.Git, OperatedWorld.Namespace);
        using var stop = new CancellationTokenSource();
        await gitOps.ApplyAllAsync(ApplyMode.ServerSide);
        var syncing = gitOps.RunAsync(stop.Token);

        await _world.ReachAsync(s => s.WaitingFor?.StartsWith("a person to promote 10%: kubectl modestano promote rmig", StringComparison.Ordinal) == true, "the first step waits for a person");
        _world.KillOperator();
        _world.StartOperator();
        var first = (await _world.MigrationAsync()).Status!.Pause!;
        Promote(first);
        await _world.ReachAsync(s => s.Promoted?.Token == first.Token, "the successor takes the word of the person");
        await _world.ReachAsync(s => s.Pause?.Percent == 50, "the second step is reached");
        await Eventually.Is(async () => (await _world.MigrationAsync()).Status!.Conditions!.Single(c => c.Type == ConditionTypes.AwaitingApproval).Status == "True", "it waits again");
        var second = (await _world.MigrationAsync()).Status!.Pause!;
        Assert.That(second.Token, Is.Not.EqualTo(first.Token));
        var rounds = gitOps.Rounds;
        await Eventually.Is(() => gitOps.Rounds > rounds + 4, "the old annotation is applied again and again");
        Assert.That((await _world.MigrationAsync()).Status!.Step!.Percent, Is.EqualTo(50));
        Promote(second);
        await _world.ReachAsync(MigrationPhases.Completed);
        await stop.CancelAsync();
        await syncing;
    }

    private void Promote(MigrationPause pause) =>
        _world.Git.Commit("RegionMigration", m => m["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { [Annotations.Promote] = $"{pause.Percent}/{pause.Token}" });
}
