using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>A window in the API server's own validation and in the shipped operator's process: a denied day, then Git allows it.</summary>
[CancelAfter(200_000)]
[Category("EmbeddedOnly")]
public sealed class WindowScenario
{
    private OperatedWorld _world = null!;

    [SetUp]
    public async Task Start() => _world = await OperatedWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task No_step_begins_on_a_day_that_is_denied_and_the_first_one_does_when_Git_allows_it()
    {
        var tomorrow = DateTime.UtcNow.AddDays(1);
        _world.Git.Commit("RegionMigration", m => m["spec"]!["windows"] = JsonNode.Parse($$"""[{ "kind": "Allow", "schedule": "0 12 {{tomorrow.Day}} {{tomorrow.Month}} *", "duration": "2h", "timeZone": "Europe/London" }]"""));
        foreach (var manifest in _world.Git.Objects())
        {
            await _world.ApplyAsync(manifest);
        }

        await _world.ReachAsync(s => s.NextWindow is not null, "it waits for tomorrow");
        var status = (await _world.MigrationAsync()).Status!;
        Assert.That((status.Phase, status.Step!.Percent, status.NextWindow!.Value.ToUniversalTime().Date), Is.EqualTo((MigrationPhases.Shifting, 0, tomorrow.Date)));
        Assert.That(status.WaitingFor, Does.StartWith("the window that opens at ").And.EndsWith("UTC, to begin the step to 10%"));
        _world.Git.Commit("RegionMigration", m => m["spec"]!.AsObject().Remove("windows"));
        await _world.ApplyAsync(_world.Git.Object("RegionMigration"));
        await _world.ReachAsync(s => s is { Step.Percent: > 0, NextWindow: null }, "the first step begins");
    }
}
