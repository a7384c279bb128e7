using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Docs;

/// <summary>Every page of the documentation leads somewhere, and somewhere leads to it.</summary>
public sealed partial class LinkTests
{
    private static IEnumerable<string> Pages => Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
        .Concat(["README.md", "CONTRIBUTING.md", "SECURITY.md", "charts/modestano-operator/README.md", "config/samples/README.md"])
        .Select(f => Path.GetRelativePath(Repository.PathOf("."), Repository.PathOf(f)))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_a_heading(string page) => Assert.That(Links(page).Where(l => !Exists(l)).Select(l => l.Text), Is.Empty);

    [Test]
    public void Every_page_below_docs_can_be_reached_from_the_index()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(["docs/README.md"]);
        while (next.TryDequeue(out var page))
        {
            if (reached.Add(page) && page.EndsWith(".md", StringComparison.Ordinal))
            {
                Links(page).Where(Exists).ToList().ForEach(l => next.Enqueue(l.File));
            }
        }

        Assert.That(Pages.Where(p => p.StartsWith("docs/", StringComparison.Ordinal)).Except(reached), Is.Empty);
    }

    private static IEnumerable<(string Text, string File, string Heading)> Links(string page) => Link().Matches(Code().Replace(Repository.Read(page), ""))
        .Select(m => m.Groups[1].Value)
        .Where(l => !l.Contains("://", StringComparison.Ordinal) && !l.StartsWith("mailto:", StringComparison.Ordinal))
        .Select(l =>
        {
            var parts = l.Split('#', 2);
            var file = parts[0].Length == 0 ? page : Path.GetRelativePath(Repository.PathOf("."), Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.PathOf(page))!, parts[0])));
            return (l, file, parts.Length == 2 ? parts[1] : "");
        });

    private static bool Exists((string Text, string File, string Heading) link) =>
        Path.Exists(Repository.PathOf(link.File)) && (link.Heading.Length == 0 || Headings(link.File).Contains(link.Heading));

    // As GitHub makes anchors: lower case, blanks to hyphens, and only letters, digits, hyphens and underscores stay.
    private static IEnumerable<string> Headings(string file) => Heading().Matches(Repository.Read(file))
        .Select(m => NotInAnchors().Replace(m.Groups[1].Value.Trim().ToLowerInvariant().Replace(' ', '-'), ""));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9_-]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
