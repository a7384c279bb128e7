using System.Text.RegularExpressions;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Testbed.Conformance.Behaviours;

/// <summary><c>docs/mongodb-releases.md</c>, what the members play, and the tests that are said to show it.</summary>
public sealed partial class ReleaseTableTests
{
    private static readonly string[] Evidence = ["recorded", "documented", "assumed"];

    private static IReadOnlyDictionary<string, string[]> Rows { get; } = Row().Matches(Resources.Text("mongodb-releases.md"))
        .Select(m => m.Value.Trim('|', ' ').Split(" | "))
        .ToDictionary(cells => cells[0].Trim('`'), StringComparer.Ordinal);

    private static IEnumerable<string> Traits => Enum.GetNames<Trait>();

    [Test]
    public void Every_trait_has_a_row_and_every_row_a_trait() => Assert.That(Rows.Keys, Is.EquivalentTo(Traits));

    [TestCaseSource(nameof(Traits))]
    public void A_row_has_the_releases_of_the_code_evidence_and_tests_that_exist(string trait)
    {
        var rule = Release.Traits[Enum.Parse<Trait>(trait)];
        var cells = Rows[trait];
        Assert.Multiple(() =>
        {
            Assert.That(cells, Has.Length.EqualTo(7));
            Assert.That(cells[2], Is.EqualTo((rule.FollowsFeatureCompatibility ? "FCV " : "") + rule.From));
            Assert.That(cells.Where(string.IsNullOrWhiteSpace), Is.Empty);
            Assert.That(Evidence.Any(kind => cells[4].StartsWith(kind, StringComparison.Ordinal)), Is.True, cells[4]);
            Assert.That(Named(cells[6]), Is.Not.Empty);
            Assert.That(Named(cells[6]).Where(test => !BehaviourTests.Exists(test)), Is.Empty);
        });
    }

    [Test]
    public void The_tests_of_what_is_the_same_on_every_release_exist() =>
        Assert.That(
            Common().Matches(Resources.Text("mongodb-releases.md")).SelectMany(m => Named(m.Groups["tests"].Value)).Where(test => !BehaviourTests.Exists(test)), Is.Empty);

    [Test]
    public void No_other_place_asks_for_a_release()
    {
        var members = RepositoryRoot.PathOf("src/Testbed/Mongo");
        var asking = Directory.EnumerateFiles(members, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("Releases", StringComparison.Ordinal) && Path.GetFileName(file) != "ServerVersion.cs")
            .Where(file => Asking().IsMatch(File.ReadAllText(file)));
        Assert.That(asking, Is.Empty, "a difference between releases is a Trait");
    }

    private static IEnumerable<string> Named(string cell) => Code().Matches(cell).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"^\| `[A-Z].*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| [A-Z][^|]*\|[^|]*\|[^|]*\| (?<tests>`[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Common();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\bIsAtLeast\(|Version\.(Major|Minor|Patch)\b")]
    private static partial Regex Asking();
}
