using Modestano.Operator.Configuration;

namespace Modestano.Operator.Tests.Configuration;

public sealed class ConfigurationPageTests
{
    [Test]
    public void The_page_names_every_setting_with_its_variable_and_default_and_no_other()
    {
        var rows = File.ReadAllLines(RepositoryRoot.PathOf("docs/configuration.md")).Where(l => l.StartsWith("| `--", StringComparison.Ordinal));
        var expected = OperatorSettings.All.Select(s => $"| `{s.Flag}` | `{s.Variable}` | {(s.Default.Length == 0 ? "" : $"`{s.Default}` ")}|");
        Assert.That(rows.Select(r => string.Join('|', r.Split('|').Take(4)) + "|"), Is.EquivalentTo(expected));
    }

    [Test]
    public void The_page_s_grants_file_is_one_that_the_operator_reads()
    {
        var page = File.ReadAllText(RepositoryRoot.PathOf("docs/configuration.md"));
        var yaml = page.Split("```yaml\n")[1].Split("```")[0];
        Assert.That(GrantsFile.Parse(yaml, "docs").FindProvider("production", "shop").Grant, Is.Not.Null);
    }
}
