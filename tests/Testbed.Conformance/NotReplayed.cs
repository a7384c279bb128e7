namespace Modestano.Testbed.Conformance;

/// <summary>
/// What was recorded of a server and is not sent to the embedded one, with the reason: <c>SERVER/not-replayed.tsv</c>, lines of
/// <c>topic TAB ids TAB reason</c>; ids are separated by blanks, <c>a..b</c> is a range, <c>*</c> stands for all. A line <c>topic TAB = n</c> says how many were recorded.
/// </summary>
internal sealed class NotReplayed
{
    private readonly List<(string Topic, string Ids, string Reason)> lines;

    private NotReplayed(IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        Totals = all.Where(r => r.Length == 2).ToDictionary(r => r[0], r => int.Parse(r[1].TrimStart('=', ' '), System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
        lines = [.. all.Where(r => r.Length == 3).Select(r => (r[0], r[1], r[2]))];
    }

    /// <summary>How many exchanges were recorded on each topic.</summary>
    public IReadOnlyDictionary<string, int> Totals { get; }

    /// <summary>Topics, ids and reasons.</summary>
    public IEnumerable<(string Topic, string Id, string Reason)> Entries => lines.SelectMany(l => Expand(l.Ids).Select(id => (l.Topic, id, l.Reason)));

    public static NotReplayed Of(string server) => new(
        Resources.Text($"{server}/not-replayed.tsv").Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')));

    /// <summary>Every recording is replayed or listed, none is both.</summary>
    public void Check(IReadOnlyDictionary<string, IReadOnlyList<string>> replayed)
    {
        var listed = Entries.ToLookup(e => e.Topic, e => e.Id);
        Assert.Multiple(() =>
        {
            Assert.That(Entries.Where(e => string.IsNullOrWhiteSpace(e.Reason)), Is.Empty);
            Assert.That(replayed.Keys.Except(Totals.Keys), Is.Empty, "topics without a total");
            foreach (var (topic, total) in Totals)
            {
                if (listed[topic].SequenceEqual(["*"]))
                {
                    Assert.That(replayed.Keys, Does.Not.Contain(topic));
                    continue;
                }

                var sent = replayed.GetValueOrDefault(topic) ?? [];
                Assert.That(sent.Intersect(listed[topic]), Is.Empty, $"{topic}: replayed and listed");
                Assert.That(listed[topic].Distinct().Count(), Is.EqualTo(listed[topic].Count()), $"{topic}: listed twice");
                Assert.That(sent.Count + listed[topic].Count(), Is.EqualTo(total), $"{topic}: {sent.Count} replayed, {listed[topic].Count()} listed");
            }
        });
    }

    private static IEnumerable<string> Expand(string ids)
    {
        foreach (var part in ids.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split("..");
            if (ends.Length == 1)
            {
                yield return part;
                continue;
            }

            // The range runs over the last number: 008-04..008-33, 025..058.
            var dash = ends[0].LastIndexOf('-') + 1;
            var (prefix, first, last) = (ends[0][..dash], ends[0][dash..], ends[1][(ends[1].LastIndexOf('-') + 1)..]);
            for (var i = int.Parse(first, System.Globalization.CultureInfo.InvariantCulture); i <= int.Parse(last, System.Globalization.CultureInfo.InvariantCulture); i++)
            {
                yield return prefix + i.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(first.Length, '0');
            }
        }
    }
}
