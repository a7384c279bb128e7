using System.Text.Json.Nodes;
using Modestano.Crds.Generation;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Crds.Tests;

public sealed class ManifestTests
{
    private static IEnumerable<TestCaseData> Manifests => CrdManifests.All().Select(m => new TestCaseData(m.FileName, m.Yaml).SetArgDisplayNames(m.FileName));

    [TestCaseSource(nameof(Manifests))]
    public void The_committed_file_is_what_the_types_say(string fileName, string yaml) => Assert.That(
        Repository.Read($"config/crd/bases/{fileName}") == yaml,
        Is.True,
        $"config/crd/bases/{fileName} differs from the types in src/Crds: run `make manifests`");

    [Test]
    public void No_other_file_lies_among_the_committed_ones() => Assert.That(
        Directory.GetFiles(Repository.PathOf("config/crd/bases")).Select(Path.GetFileName),
        Is.EquivalentTo(CrdManifests.All().Select(m => m.FileName)));

    [TestCaseSource(nameof(Manifests))]
    public void An_API_server_accepts_the_definition(string fileName, string yaml) =>
        Assert.That(StructuralSchema.CheckDefinition(Repository.Documents(yaml).Single()), Is.Empty, fileName);

    [TestCaseSource(nameof(Manifests))]
    public void Every_field_has_a_description(string fileName, string yaml)
    {
        List<string> silent = [];
        Collect(Schema(yaml), "", silent);
        Assert.That(silent, Is.Empty, fileName);
    }

    [TestCaseSource(nameof(Manifests))]
    public void No_field_inside_a_list_has_a_default(string fileName, string yaml)
    {
        List<string> defaults = [];
        CollectDefaults(Schema(yaml), "", false, defaults);
        Assert.That(defaults, Is.Empty, fileName);
    }

    [TestCase("mongo.modestano.io_mongoreplicasets.yaml", "mrs")]
    [TestCase("mongo.modestano.io_regionmigrations.yaml", "rmig")]
    [TestCase("mongo.modestano.io_weighteddnsrecords.yaml", "wdr")]
    public void A_kind_has_its_short_name_category_status_and_columns(string fileName, string shortName)
    {
        var spec = Definition(CrdManifests.All().Single(m => m.FileName == fileName).Yaml)["spec"]!;
        var version = spec["versions"]![0]!;
        Assert.That((string)spec["names"]!["shortNames"]![0]!, Is.EqualTo(shortName));
        Assert.That((string)spec["names"]!["categories"]![0]!, Is.EqualTo("modestano"));
        Assert.That(version["subresources"]!["status"], Is.Not.Null);
        var columns = version["additionalPrinterColumns"]!.AsArray();
        Assert.That((string)columns[0]!["name"]!, Is.EqualTo("Ready"));
        Assert.That((string)columns[^1]!["name"]!, Is.EqualTo("Age"));
    }

    [Test]
    public void Two_runs_give_the_same_text()
    {
        var first = CrdManifests.All();
        Assert.That(CrdManifests.All(), Is.EqualTo(first));
    }

    private static JsonObject Definition(string yaml) => Repository.Documents(yaml).Single();

    private static JsonObject Schema(string yaml) => Definition(yaml)["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static void Collect(JsonObject schema, string path, List<string> silent)
    {
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            // metadata is the API server's own.
            if (property!["description"] is null && $"{path}.{name}" != ".metadata")
            {
                silent.Add($"{path}.{name}");
            }

            Collect(property.AsObject(), $"{path}.{name}", silent);
        }

        if (schema["items"] is JsonObject items)
        {
            Collect(items, $"{path}[]", silent);
        }
    }

    private static void CollectDefaults(JsonObject schema, string path, bool isInList, List<string> defaults)
    {
        if (isInList && schema.ContainsKey("default"))
        {
            defaults.Add(path);
        }

        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            CollectDefaults(property!.AsObject(), $"{path}.{name}", isInList, defaults);
        }

        if (schema["items"] is JsonObject items)
        {
            CollectDefaults(items, $"{path}[]", true, defaults);
        }
    }
}
