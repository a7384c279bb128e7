using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Docs;

/// <summary>Every metric that a scrape gives has its row in <c>docs/metrics.md</c>, with its labels.</summary>
public sealed partial class MetricsPageTests
{
    [Test]
    public void Every_metric_has_a_row_with_its_labels_and_every_row_is_a_metric()
    {
        var exposed = ExposedMetrics.LabelsByName
            .GroupBy(m => Suffix().Replace(m.Key, ""), StringComparer.Ordinal)
            .Where(g => Own().IsMatch(g.Key))
            .Select(g => $"{g.Key}: {string.Join(", ", g.SelectMany(m => m.Value).Where(l => l != "le").Distinct().Order(StringComparer.Ordinal))}");
        var rows = Row().Matches(Repository.Read("docs/metrics.md"))
            .Select(m => $"{m.Groups["name"].Value}: {string.Join(", ", m.Groups["labels"].Value.Split(", ").Order(StringComparer.Ordinal))}");

        Assert.That(rows, Is.EquivalentTo(exposed));
    }

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("^(modestano|controller_runtime|workqueue|leader_election|rest_client)_")]
    private static partial Regex Own();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| \w+ \| (?<labels>[\w, ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
