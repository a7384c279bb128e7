using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Docs;

/// <summary>SECURITY.md tells in one table who may do what, and where each row is shown.</summary>
public sealed class ThreatModelTests
{
    private static readonly string Text = Repository.Read("SECURITY.md");

    private static List<string[]> Rows => [.. Regex.Matches(Text, @"^\| (?!Who \||---)(.+) \|$", RegexOptions.Multiline).Select(m => m.Groups[1].Value.Split('|', StringSplitOptions.TrimEntries)).Where(r => !r[0].StartsWith("--", StringComparison.Ordinal))];

    [Test]
    public void Everybody_whom_the_operator_deals_with_has_a_row() =>
        Assert.That(string.Join('\n', Rows.Select(r => r[0])), Does.Contain("edit").And.Contain("status").And.Contain("mongod").And.Contain("Prometheus, Route 53").And.Contain("leader").And.Contain("logs"));

    [Test]
    public void Whoever_must_not_do_something_has_it_shown_by_a_section_or_tests_that_exist()
    {
        var security = Repository.Read("docs/security.md");
        var sources = string.Join('\n', Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));
        using (Assert.EnterMultipleScope())
        {
            foreach (var row in Rows.Where(r => r[2].Length > 0))
            {
                Assert.That(Regex.Matches(row[3], "`([A-Z][A-Za-z0-9_]+)`").Select(m => m.Groups[1].Value).Where(t => !Regex.IsMatch(sources, $@"\b(void|Task) {t}\(")), Is.Empty, row[0]);
                Assert.That(Regex.IsMatch(row[3], "`[A-Z]") || security.Contains($"## {row[3].Split(':', ',')[0]}", StringComparison.Ordinal), Is.True, $"{row[0]}: {row[3]}");
            }
        }
    }
}
