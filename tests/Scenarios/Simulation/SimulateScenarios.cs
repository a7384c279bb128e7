using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Modestano.Scenarios.Simulation;

/// <summary>
/// The proof of the replica-set domain: random schedules of the real planner and controller against the Mongo model under virtual time.
/// <c>make simulate</c> runs many, <c>make test</c> some.
/// </summary>
[Category("Simulate")]
internal sealed class SimulateScenarios
{
    private const int QuickSeeds = 40;

    [Test]
    public void Whatever_happens_no_invariant_breaks_and_every_set_comes_to_rest()
    {
        if (Setting("SEED") is { } one)
        {
            var trace = Environment.GetEnvironmentVariable("MODESTANO_SIMULATE_TRACE") == "1";
            var result = Schedule.Run(one, trace ? TestContext.Progress.WriteLine : null);
            Close([result]);
            return;
        }

        var (first, count, done, watch) = (Setting("FROM") ?? 1, Setting("SEEDS") ?? QuickSeeds, 0, Stopwatch.StartNew());
        var results = new ConcurrentBag<ScheduleResult>();
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var result = Schedule.Run(seed);
            results.Add(result);
            if (result.Broken is not null || result.Stuck is not null)
            {
                TestContext.Progress.WriteLine($"{Words(result)}\n  repeat it with: make simulate SEED={seed} TRACE=1");
            }

            if (Interlocked.Increment(ref done) % 500 == 0)
            {
                TestContext.Progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} schedules in {watch.Elapsed.TotalSeconds:F0} s"));
            }
        });
        Close([.. results.OrderBy(r => r.Seed)]);
    }

    /// <summary>791: an old primary that the new one still saw as PRIMARY. 5827: a primary elected during a cut. 9982: a freeze that heartbeats forgive, while only the primary is asked. 5: an old primary behind a one-way cut, that the new one had heard while it led.</summary>
    [Test]
    public void What_once_broke_holds([Values(5, 791, 5827, 9982)] int seed) => Close([Schedule.Run(seed)]);

    [Test]
    public void The_same_seed_gives_the_same_trace_to_the_last_line([Values(7, 30)] int seed)
    {
        List<string> one = [], other = [];
        Schedule.Run(seed, one.Add);
        Schedule.Run(seed, other.Add);

        Assert.That(one, Has.Count.GreaterThan(200));
        Assert.That(other, Is.EqualTo(one));
    }

    [Test]
    public void Another_seed_gives_another_schedule()
    {
        List<string> one = [], other = [];
        Schedule.Run(7, one.Add);
        Schedule.Run(8, other.Add);

        Assert.That(other, Is.Not.EqualTo(one));
    }

    private static void Close(IReadOnlyList<ScheduleResult> results)
    {
        var settled = results.Where(r => r.Broken is null && r.Stuck is null).Select(r => r.Settled.TotalSeconds).Order().ToList();
        if (settled.Count > 0)
        {
            TestContext.Progress.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"at rest after {settled[settled.Count / 2]:F0} s of virtual time (median), {settled[^1]:F0} s at most; the busiest minute had {results.Max(r => r.Worst.Passes)} passes and {results.Max(r => r.Worst.Writes)} status writes"));
        }

        var (broken, stuck) = (results.Count(r => r.Broken is not null), results.Count(r => r.Stuck is not null));
        TestContext.Progress.WriteLine($"{results.Count} schedules, {broken} invariant breaks, {stuck} stuck");
        Assert.That(results.Where(r => r.Broken is not null || r.Stuck is not null).Select(Words), Is.Empty);
    }

    private static string Words(ScheduleResult result) => $"seed {result.Seed}: {result.Broken ?? $"stuck: {result.Stuck}"}";

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable($"MODESTANO_SIMULATE_{name}") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
