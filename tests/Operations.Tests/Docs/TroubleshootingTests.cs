using System.Reflection;
using System.Text.RegularExpressions;
using Modestano.Operator;

namespace Modestano.Operations.Tests.Docs;

/// <summary>Whoever reads a reason in a condition finds it in <c>docs/troubleshooting.md</c>.</summary>
public sealed partial class TroubleshootingTests
{
    private static readonly string Page = Repository.Read("docs/troubleshooting.md");

    private static IEnumerable<Type> ReasonTypes => typeof(OperatorHost).Assembly.GetTypes().Where(t => t is { IsAbstract: true, IsSealed: true } && t.Name.EndsWith("Reasons", StringComparison.Ordinal));

    [Test]
    public void Every_class_of_reasons_is_known() =>
        Assert.That(ReasonTypes.Select(t => t.Name), Is.EquivalentTo(new[] { "Reasons", "PlanReasons", "ConnectionReasons", "DnsReasons", "MigrationReasons", "RuntimeReasons" }));

    [TestCaseSource(nameof(ReasonTypes))]
    public void Every_reason_has_an_entry(Type reasons) => Assert.That(Constants(reasons).Except(Entries()), Is.Empty, "add them to docs/troubleshooting.md");

    [Test]
    public void Every_entry_is_a_reason() => Assert.That(Entries().Except(ReasonTypes.SelectMany(Constants)), Is.Empty, "nothing in the code says these any more");

    [Test]
    public void No_reason_is_written_as_a_literal_where_conditions_are_set()
    {
        var sources = Directory.EnumerateFiles(Repository.PathOf("src/Operator"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal));
        Assert.That(sources.SelectMany(f => Literal().Matches(File.ReadAllText(f)).Select(m => $"{Path.GetFileName(f)}: {m.Value}")), Is.Empty);
    }

    private static IEnumerable<string> Constants(Type reasons) => reasons.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);

    private static HashSet<string> Entries() => [.. Entry().Matches(Page).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Entry();

    // list.Set(ConditionTypes.X, …, "Reason" …: the words of a message hold a blank, a reason none.
    [GeneratedRegex("""(?:\.Set(?:Unknown)?\(\s*ConditionTypes\.[^;]*?|PhaseOutcome\.Stalled\([^;]*?|new (?:Wait|Stalled|Blocker)\(\s*)"[A-Z][A-Za-z]+"(?=\s*[,:)])""")]
    private static partial Regex Literal();
}
