using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Modestano.Operations.Tests.Docs;

/// <summary>How a page looks: it begins with what its reader can do afterwards, and its text stays within its width.</summary>
public sealed partial class PageTests
{
    /// <summary>Columns of running text. Tables, code, and lines that are one link have to be as long as they are.</summary>
    private const int Width = 150;

    private static readonly string[] Generated = ["docs/api.md", "charts/modestano-operator/README.md"];

    private static IEnumerable<string> Pages => Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
        .Concat(["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "config/samples/README.md"])
        .Select(f => Path.GetRelativePath(Repository.PathOf("."), Repository.PathOf(f)))
        .Except(Generated)
        .Order(StringComparer.Ordinal);

    // The index leads on at once, and decisions and runbooks have a shape of their own.
    private static IEnumerable<string> Guides => Pages.Where(p => (p.StartsWith("docs/", StringComparison.Ordinal) && p.Count(c => c == '/') == 1 && p != "docs/README.md") || p.StartsWith("config/", StringComparison.Ordinal));

    [TestCaseSource(nameof(Guides))]
    public void A_page_begins_with_what_its_reader_can_do_afterwards(string page) =>
        Assert.That(Repository.Read(page), Does.Match(@"\A# [^\n]+\n\nAfter this page "));

    [TestCaseSource(nameof(Pages))]
    public void No_line_of_text_is_wider_than_the_page(string page)
    {
        var text = Code().Replace(Repository.Read(page), code => new string('\n', code.Value.Count(c => c == '\n')));
        Assert.That(
            text.Split('\n').Select((line, i) => (Line: line, Number: i + 1))
                .Where(l => l.Line.Length > Width && l.Line[0] != '|' && !l.Line.StartsWith("    ", StringComparison.Ordinal))
                .Select(l => $"{l.Number}: {l.Line.Length} columns"),
            Is.Empty);
    }

    [TestCase("docs/images/demo-moving.svg", "MovingPrimary")]
    [TestCase("docs/images/demo-end.svg", "completed")]
    public void A_picture_is_of_a_run_and_small(string picture, string shows)
    {
        var svg = Repository.Read(picture);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(XDocument.Parse(svg).Root!.Name.LocalName, Is.EqualTo("svg"));
            Assert.That(Regex.Matches(svg, ">([^<]+)</text>").Select(m => m.Groups[1].Value).Take(shows == "completed" ? int.MaxValue : 2), Has.Some.Contains(shows));
            Assert.That(svg, Does.Contain("mongo-a.eu-west-2.modestano.test:27017"));
            Assert.That(svg, Has.Length.LessThan(100_000).And.Not.Contains("keyframes"), "it stands still, as not every viewer plays films");
        }
    }

    [GeneratedRegex("^ {0,3}```.*?^ {0,3}```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
