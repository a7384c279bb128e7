using System.Globalization;

namespace Modestano.Testbed.Demo;

/// <summary>The closing lines of a demo. The last one is made for machines to read.</summary>
public static class DemoSummary
{
    private const int Bucket = 5;

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(DemoResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        yield return "";
        yield return Text($"writes      {result.Acknowledged} acknowledged by a majority, {result.Lost.Count} lost, {result.Failures.Count} failed; longest gap {result.LongestGap.TotalMilliseconds:0} ms");
        yield return Text($"reads       {result.Reads} of the newest acknowledged write, each found it");
        yield return "phases      " + string.Join(", ", result.Phases.Select(p => Text($"{p.Phase} {p.Length.TotalSeconds:0.0}s")));
        yield return "steps       " + string.Join(", ", result.Steps.Select(s => $"{s.Count} {s.Kind}"));
        yield return "dns answers (5 s each)";
        foreach (var line in Answers(result.Answers))
        {
            yield return line;
        }

        yield return Text($"operator    {result.Operator.Cpu.TotalSeconds:0.0} s of processor time, {result.Operator.PeakBytes / 1048576} MiB resident at most");
        foreach (var trouble in Trouble(result))
        {
            yield return trouble;
        }

        yield return Text($"migration {(result.Completed ? "completed" : "not completed")}: writes acknowledged {result.Acknowledged}, lost {result.Lost.Count}, failed {result.Failures.Count}; primary {result.PrimaryRegion}; weights {result.Weights}");
    }

    private static IEnumerable<string> Trouble(DemoResult result) =>
        result.Lost.Take(10).Select(id => Text($"LOST        write {id} was acknowledged and is gone"))
            .Concat(result.Failures.Take(10).Select(f => $"FAILED      {f}"))
            .Concat(result.BrokenInvariants.Select(b => $"BROKEN      {b}"));

    private static IEnumerable<string> Answers(IReadOnlyDictionary<int, IReadOnlyDictionary<string, int>> answers)
    {
        var regions = answers.Values.SelectMany(a => a.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var bucket in answers.GroupBy(a => a.Key / Bucket).OrderBy(b => b.Key))
        {
            var counts = regions.Select(r => bucket.Sum(second => second.Value.GetValueOrDefault(r))).ToList();
            var total = Math.Max(1, counts.Sum());
            yield return Text($"  {bucket.Key * Bucket,4}s     ") + string.Join("   ", regions.Select((r, i) => Text($"{r} {counts[i],5} ({100.0 * counts[i] / total,3:0}%)")));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
