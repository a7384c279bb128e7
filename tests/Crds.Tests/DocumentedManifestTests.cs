using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Crds.Tests;

/// <summary>The YAML of the pages: all of it can be read, and what is one of the three kinds is accepted as it stands there.</summary>
public sealed partial class DocumentedManifestTests
{
    private static readonly string[] Pages =
    [
        "README.md", "CONTRIBUTING.md", "charts/modestano-operator/README.md", "config/samples/README.md",
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.PathOf("."), file)).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<TestCaseData> Blocks() =>
        from page in Pages
        from Match block in Block().Matches(Repository.Read(page))
        let indent = block.Groups["indent"].Value
        let text = Regex.Replace(block.Groups["text"].Value, $"^{indent}", "", RegexOptions.Multiline)
        let line = Repository.Read(page)[..block.Index].Count(c => c == '\n') + 1
        select new TestCaseData(text).SetArgDisplayNames($"{page}:{line}");

    [TestCaseSource(nameof(Blocks))]
    public void Yaml_of_a_page_is_what_it_seems(string text)
    {
        foreach (var manifest in Repository.Documents(text).OfType<JsonObject>().Where(m => ((string?)m["apiVersion"])?.StartsWith("mongo.modestano.io/", StringComparison.Ordinal) == true))
        {
            var (unknown, errors) = Kinds.Write(manifest);
            Assert.That(unknown, Is.Empty);
            // What an example leaves out, a reader adds; what it has must be right.
            Assert.That(errors.Where(e => e is { Field: not FieldError.NoField, Reason: not "FieldValueRequired" }), Is.Empty);
        }
    }

    [GeneratedRegex(@"^(?<indent> *)```yaml\n(?<text>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
