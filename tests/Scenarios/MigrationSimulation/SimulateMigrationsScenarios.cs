using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Modestano.Scenarios.Simulation;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// The proof of the way back: random schedules of whole migrations under virtual time, with the real controllers of all three domains.
/// <c>make simulate-migrations</c> runs many, <c>make test</c> some.
/// </summary>
[Category("Simulate")]
internal sealed class SimulateMigrationsScenarios
{
    private const int QuickSeeds = 8;

    /// <summary>What <c>make test</c> lets happen.</summary>
    private const Mischief Quick = Mischief.All;

    [Test]
    public void Whatever_happens_somebody_serves_and_every_migration_roll_back_and_deletion_ends()
    {
        var mischief = Environment.GetEnvironmentVariable("MODESTANO_MIGRATIONS_MISCHIEF") is { Length: > 0 } names ? Enum.Parse<Mischief>(names) : Setting("SEEDS") is null && Setting("SEED") is null ? Quick : Mischief.All;
        if (Setting("SEED") is { } one)
        {
            var trace = Environment.GetEnvironmentVariable("MODESTANO_MIGRATIONS_TRACE") == "1";
            Close([MigrationSchedule.Run(one, mischief, trace ? TestContext.Progress.WriteLine : null)]);
            return;
        }

        var (first, count, done, watch) = (Setting("FROM") ?? 1, Setting("SEEDS") ?? QuickSeeds, 0, Stopwatch.StartNew());
        var results = new ConcurrentBag<ScheduleResult>();
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Setting("CORES") ?? Environment.ProcessorCount }, seed =>
        {
            var result = MigrationSchedule.Run(seed, mischief);
            results.Add(result);
            if (result.Broken is not null || result.Stuck is not null)
            {
                TestContext.Progress.WriteLine($"{Words(result)}\n  repeat it with: make simulate-migrations SEED={seed} TRACE=1");
            }

            if (Interlocked.Increment(ref done) % 100 == 0)
            {
                TestContext.Progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} schedules in {watch.Elapsed.TotalSeconds:F0} s"));
            }
        });
        Close([.. results.OrderBy(r => r.Seed)]);
    }

    [Test]
    public void The_same_seed_gives_the_same_trace_to_the_last_line([Values(5, 29)] int seed)
    {
        List<string> one = [], other = [];
        MigrationSchedule.Run(seed, Mischief.All, one.Add);
        MigrationSchedule.Run(seed, Mischief.All, other.Add);

        Assert.That(one, Has.Count.GreaterThan(200));
        Assert.That(other, Is.EqualTo(one));
    }

    private static void Close(IReadOnlyList<ScheduleResult> results)
    {
        var settled = results.Where(r => r.Broken is null && r.Stuck is null).Select(r => r.Settled.TotalSeconds).Order().ToList();
        if (settled.Count > 0)
        {
            TestContext.Progress.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"all done {settled[settled.Count / 2]:F0} s of virtual time after the trouble (median), {settled[^1]:F0} s at most; the busiest minute had {results.Max(r => r.Worst.Passes)} passes and {results.Max(r => r.Worst.Writes)} status writes"));
        }

        var (broken, stuck) = (results.Count(r => r.Broken is not null), results.Count(r => r.Stuck is not null));
        TestContext.Progress.WriteLine($"{results.Count} schedules, {broken} invariant breaks, {stuck} stuck");
        Assert.That(results.Where(r => r.Broken is not null || r.Stuck is not null).Select(Words), Is.Empty);
    }

    private static string Words(ScheduleResult result) => $"seed {result.Seed}: {result.Broken ?? $"stuck: {result.Stuck}"}";

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable($"MODESTANO_MIGRATIONS_{name}") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
