using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Modestano.Scenarios.Hostile;

/// <summary>
/// Whatever somebody writes into a manifest, or a server answers, no pass breaks and every object says how it is. <c>make fuzz</c> runs many,
/// <c>make test</c> some.
/// </summary>
[Category("Hostile")]
internal sealed class FuzzScenarios
{
    private const int FewManifests = 60;
    private const int FewAnswers = 500;

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Asked = TimeSpan.FromSeconds(20);

    [Test]
    public void A_mutated_manifest_is_refused_or_has_a_clear_condition_and_a_mutated_answer_breaks_no_pass()
    {
        if (Setting("SEED") is { } one)
        {
            var judged = Judge(one, TestContext.Progress.WriteLine);
            var (changed, broken) = Answer(one);
            Close([judged], changed, broken);
            return;
        }

        var (manifests, answers) = (Setting("MANIFESTS") ?? FewManifests, Setting("ANSWERS") ?? FewAnswers);
        var results = new ConcurrentBag<Verdict>();
        Parallel.For(1, manifests + 1, Cores, seed => results.Add(Judge(seed, null)));
        var (count, next, exceptions) = (0, 0, new ConcurrentBag<string>());
        while (count < answers)
        {
            Parallel.For(next + 1, next + 9, Cores, seed =>
            {
                var (changed, broken) = Answer(seed);
                Interlocked.Add(ref count, changed);
                foreach (var exception in broken)
                {
                    exceptions.Add($"SEED={seed}: {exception}");
                }
            });
            next += 8;
        }

        Close([.. results.OrderBy(r => r.Seed)], count, [.. exceptions]);
    }

    [Test]
    public void The_samples_themselves_are_taken_and_say_how_they_are()
    {
        using var world = new FuzzWorld(1, null);
        foreach (var kind in ManifestJudge.Kinds)
        {
            var sample = world.Sample(kind);
            Assert.That(ManifestJudge.Refusal(sample), Is.Null);
            Assert.That(world.Store(sample), Is.True);
        }

        world.Run(Watched);
        Assert.That(world.Crashes, Is.Empty);
        Assert.That(ManifestJudge.Kinds.Select(k => ManifestJudge.Unclear(world.Stored(k)!)), Has.All.Null);
    }

    private static ParallelOptions Cores => new() { MaxDegreeOfParallelism = Setting("CORES") ?? Environment.ProcessorCount };

    private static Verdict Judge(int seed, Action<string>? trace)
    {
        var random = new Random(seed);
        using var world = new FuzzWorld(seed, null);
        var kind = ManifestJudge.Kinds[random.Next(ManifestJudge.Kinds.Count)];
        var manifest = world.Sample(kind);
        new ManifestMutator(ManifestJudge.Definition(kind), random).Mutate(manifest);
        trace?.Invoke(manifest.ToJsonString(new() { WriteIndented = true }));
        if (ManifestJudge.Refusal(manifest) is { } refusal)
        {
            trace?.Invoke($"refused: {refusal}");
            return new Verdict(seed, Refused: true, null);
        }

        foreach (var other in ManifestJudge.Kinds.Where(k => k != kind))
        {
            var sample = world.Sample(other);
            ManifestJudge.Refusal(sample);
            world.Store(sample);
        }

        // An object that cannot be read says so by itself (UnreadableReport).
        var isRead = world.Store(manifest);
        try
        {
            world.Run(Watched);
        }
#pragma warning disable CA1031 // Whatever is thrown has to be told with its seed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Verdict(seed, Refused: false, $"SEED={seed} {kind}: {e}");
        }

        var wrong = world.Crashes.Count > 0 ? world.Crashes[0] : isRead && world.Stored(kind) is { } stored ? ManifestJudge.Unclear(stored) : null;
        trace?.Invoke(world.Stored(kind)?["status"]?["conditions"]?.ToJsonString(new() { WriteIndented = true }) ?? (isRead ? "no status" : "unreadable"));
        return new Verdict(seed, Refused: false, wrong is null ? null : $"SEED={seed} {kind}: {wrong}");
    }

    private static (int Changed, IReadOnlyList<string> Broken) Answer(int seed)
    {
        var answers = new MutatedAnswers(new Random(seed));
        using var world = new FuzzWorld(seed, answers);
        foreach (var kind in ManifestJudge.Kinds)
        {
            var sample = world.Sample(kind);
            if (kind == "RegionMigration")
            {
                sample["spec"]!["gates"]!["prometheus"] = new JsonArray(new JsonObject { ["name"] = "errors", ["prometheusRef"] = "main", ["query"] = "errors", ["max"] = "0.01" });
            }

            ManifestJudge.Refusal(sample);
            world.Store(sample);
        }

        try
        {
            world.Run(Asked);
        }
#pragma warning disable CA1031 // Whatever is thrown has to be told with its seed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (answers.Count, [e.ToString()]);
        }

        var unclear = ManifestJudge.Kinds.Select(k => world.Stored(k) is { } stored ? ManifestJudge.Unclear(stored) : null).OfType<string>();
        return (answers.Count, [.. world.Crashes, .. unclear]);
    }

    private static void Close(IReadOnlyList<Verdict> manifests, int answers, IReadOnlyList<string> exceptions)
    {
        var wrong = manifests.Select(m => m.Wrong).OfType<string>().ToList();
        foreach (var one in wrong.Concat(exceptions).Take(50))
        {
            TestContext.Progress.WriteLine(one);
        }

        TestContext.Progress.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{manifests.Count} manifests, {manifests.Count(m => m.Refused)} refused, {manifests.Count(m => m is { Refused: false, Wrong: null })} conditions, {wrong.Count} crashes; {answers} answers, {exceptions.Count} exceptions out of a pass"));
        Assert.That(wrong.Concat(exceptions), Is.Empty);
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable($"MODESTANO_FUZZ_{name}") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private sealed record Verdict(int Seed, bool Refused, string? Wrong);
}
