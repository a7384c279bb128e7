using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Docs;

/// <summary>What docs/security.md says is done against a threat, a test of that name shows.</summary>
public sealed partial class SecurityTests
{
    private static readonly string Sources = string.Join('\n', Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));

    private static IEnumerable<(string Threat, string[] Tests)> Rows => Row().Matches(Repository.Read("docs/security.md"))
        .Select(m => (m.Groups[1].Value, Name().Matches(m.Groups[2].Value).Select(n => n.Groups[1].Value).ToArray()));

    [Test]
    public void Every_threat_by_a_tenant_names_tests_that_exist()
    {
        Assert.That(Rows.Count(), Is.GreaterThan(20));
        using (Assert.EnterMultipleScope())
        {
            foreach (var (threat, tests) in Rows)
            {
                Assert.That(tests, Is.Not.Empty, threat);
                Assert.That(tests.Where(t => !Regex.IsMatch(Sources, $@"\b(void|Task) {Regex.Escape(t)}\(")), Is.Empty, threat);
            }
        }
    }

    // Rows of three columns: the table of threats with tests.
    [GeneratedRegex(@"^\| ([^|]+) \| [^|]+ \| (`[A-Z][^|]*`) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z0-9_]+)`")]
    private static partial Regex Name();
}
