using Modestano.Testbed.Bench;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>What <c>make bench</c> does, at a size of two: that it measures at all, not what it measures.</summary>
[CancelAfter(120_000)]
[Category("EmbeddedOnly")]
public sealed class BenchScenario
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modestano-bench-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_tiny_benchmark_measures_start_rest_edits_and_new_primaries(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        var options = new BenchOptions(Runtime.OperatorProcess.Program, RepositoryFolder.Config, _folder)
        {
            Sets = 2,
            Members = 3,
            Records = 2,
            Samples = 1,
            Heartbeat = TimeSpan.FromSeconds(1),
            Ttl = 1,
            Pause = TimeSpan.Zero,
            Window = TimeSpan.FromSeconds(1),
        };

        var figures = await new BenchRun(options, said.Add).RunAsync(cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(figures.Start.SetsReady, Is.Not.Null);
            Assert.That(figures.Start.RecordsReady, Is.Not.Null);
            Assert.That(figures.Rest.ResidentBytes, Is.GreaterThan(0));
            Assert.That(figures.Edits.Count, Is.EqualTo(1));
            Assert.That(figures.NewPrimaries.Count, Is.EqualTo(1));
            Assert.That(said, Has.Some.StartsWith("at rest"));
        });
    }
}
