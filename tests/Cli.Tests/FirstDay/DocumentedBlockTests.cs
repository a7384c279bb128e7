using System.Text.RegularExpressions;

namespace Modestano.Cli.Tests.FirstDay;

/// <summary>
/// No block of a page is passed over: what is typed is a command that <see cref="DocumentedCommandTests"/> or <see cref="TutorialTests"/> runs, and
/// every other kind of block has a test that reads it.
/// </summary>
public sealed partial class DocumentedBlockTests
{
    private static readonly string[] Typed = ["console", "sh", "bash"];

    /// <summary>Who reads the others.</summary>
    private static readonly IReadOnlyDictionary<string, string> Readers = new Dictionary<string, string>
    {
        ["yaml"] = "Crds.Tests.DocumentedManifestTests, and ConfigurationPageTests the grants file",
        ["js"] = "Scenarios.ConnectionScenarios runs the command that makes the operator's user",
        ["hcl"] = "Operations.Tests.LandingZoneTests",
        ["mermaid"] = "below",
        ["text"] = "nobody: a tree of folders, or an answer",
    };

    private static IEnumerable<string> Pages() => DocumentedCommandTests.Pages();

    [TestCaseSource(nameof(Pages))]
    public void Every_line_of_a_block_for_the_console_is_a_command_that_is_run(string page)
    {
        var lines = Repository.Read(page).Split('\n');
        var run = DocumentedCommand.Of(page, Repository.Read(page)).Select(c => c.Line).ToHashSet();
        var passedOver = new List<string>();
        foreach (var (_, first, length) in Blocks(lines).Where(b => Typed.Contains(b.Language)))
        {
            // With prompts the rest is what was answered.
            var hasPrompts = Enumerable.Range(first, length).Any(i => lines[i].TrimStart().StartsWith("$ ", StringComparison.Ordinal));
            for (var i = first; i < first + length; i++)
            {
                var text = lines[i].Trim();
                var isTyped = hasPrompts ? text.StartsWith("$ ", StringComparison.Ordinal) : text.Length > 0 && !text.StartsWith('#') && !lines[i - 1].EndsWith('\\');
                if (isTyped && !run.Contains(i + 1))
                {
                    passedOver.Add($"{i + 1}: {text}");
                }
            }
        }

        Assert.That(passedOver, Is.Empty, "its program is not among those that are run or checked");
    }

    [TestCaseSource(nameof(Pages))]
    public void Every_other_block_is_of_a_kind_that_a_test_reads(string page) => Assert.That(
        Blocks(Repository.Read(page).Split('\n')).Where(b => !Typed.Contains(b.Language) && !Readers.ContainsKey(b.Language)).Select(b => $"{b.First}: {b.Language}"),
        Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void Every_arrow_of_a_diagram_leads_between_named_things(string page)
    {
        var lines = Repository.Read(page).Split('\n');
        foreach (var (_, first, length) in Blocks(lines).Where(b => b.Language == "mermaid"))
        {
            Assert.That(lines[first], Does.Match("^(flowchart (TD|LR)|stateDiagram-v2|sequenceDiagram)$"), page);
            foreach (var line in lines[first..(first + length)].Skip(1).Select(l => l.Trim()))
            {
                Assert.That(line.Count(c => c == '"') % 2, Is.Zero, line);
                Assert.That(line.Count(c => c == '[') - line.Count(c => c == ']'), Is.Zero, line);
            }
        }
    }

    private static IEnumerable<(string Language, int First, int Length)> Blocks(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (Fence().Match(lines[i]) is { Success: true } fence)
            {
                var end = Array.FindIndex(lines, i + 1, l => Fence().IsMatch(l));
                Assert.That(end, Is.Positive, $"line {i + 1} begins a block that nothing ends");
                yield return (fence.Groups[1].Value, i + 1, end - i - 1);
                i = end;
            }
        }
    }

    [GeneratedRegex("^ {0,3}```(\\w*)", RegexOptions.CultureInvariant)]
    private static partial Regex Fence();
}
