using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Demo;
using Modestano.Testbed.Demo.Screen;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>What <c>make demo</c> does, judged by what the world counted.</summary>
[CancelAfter(150_000)]
public sealed class DemoScenario
{
    private static readonly string[] PhasesInOrder =
    [
        MigrationPhases.Pending, MigrationPhases.Preflight, MigrationPhases.Syncing, MigrationPhases.Promoting, MigrationPhases.Shifting,
        MigrationPhases.MovingPrimary, MigrationPhases.Shifting, MigrationPhases.Soaking, MigrationPhases.Completed,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("modestano-demo-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_migration_completes_and_no_write_is_lost_or_failed(CancellationToken cancellationToken)
    {
        var output = new StringWriter();
        using var screen = new PlainScreen(output);
        var options = new DemoOptions(Runtime.OperatorProcess.Program, RepositoryFolder.Config, _folder, Seed: 1, Hold: false, TimeSpan.FromSeconds(110));
        var result = await new DemoRun(options, screen, TimeProvider.System).RunAsync(cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(result.Completed, Is.True);
            Assert.That(result.Lost, Is.Empty);
            Assert.That(result.Failures, Is.Empty);
            Assert.That(result.BrokenInvariants, Is.Empty);
            Assert.That(result.Acknowledged, Is.GreaterThan(100));
            Assert.That(result.Reads, Is.GreaterThan(100));
            Assert.That(Count(result, "reconfigs"), Is.EqualTo(5));
            Assert.That(Count(result, "step-downs"), Is.EqualTo(1));
            AssertInOrder([.. result.Phases.Select(p => p.Phase)]);
            Assert.That(
                output.ToString().TrimEnd().Split(Environment.NewLine)[^1],
                Is.EqualTo($"migration completed: writes acknowledged {result.Acknowledged}, lost 0, failed 0; primary eu-west-2; weights 0/255"));
        });
    }

    private static int Count(DemoResult result, string kind) => result.Steps.Single(s => s.Kind == kind).Count;

    // A phase may be too short to be seen from outside; none may come out of turn, and those with work in them last.
    private static void AssertInOrder(IReadOnlyList<string> seen)
    {
        var next = 0;
        foreach (var phase in seen)
        {
            next = Array.IndexOf(PhasesInOrder, phase, next) + 1;
            Assert.That(next, Is.GreaterThan(0), $"{phase} came out of turn: {string.Join(", ", seen)}");
        }

        Assert.That(seen, Is.SupersetOf(new[] { MigrationPhases.Promoting, MigrationPhases.Shifting, MigrationPhases.MovingPrimary, MigrationPhases.Soaking, MigrationPhases.Completed }));
    }
}
