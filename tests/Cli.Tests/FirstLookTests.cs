using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Tests;

/// <summary>What a person types first: no name, half a word, the edits at the end.</summary>
public sealed class FirstLookTests
{
    private PluginStage stage = null!;

    [OneTimeSetUp]
    public async Task Start() => stage = await PluginStage.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await stage.DisposeAsync();

    [TestCase("status")]
    [TestCase("status", "-A")]
    public async Task Status_without_a_name_lists_everything(params string[] arguments)
    {
        var (code, output, errors) = await stage.RunAsync(arguments);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, errors);
            Assert.That(output, Does.Match(@"rmig +default/ireland-to-london +\S.*Shifting  eu-west-1 → eu-west-2  traffic 10%"));
            Assert.That(output, Does.Match(@"mrs +default/marketplace +not ready +Reconfiguring  primary mongo-1\.eu-west-1"));
            Assert.That(output, Does.Match(@"wdr +default/shop +.*shop\.modestano\.test A"));
        }
    }

    [Test]
    public async Task Status_of_a_kind_lists_that_kind()
    {
        var (_, output, _) = await stage.RunAsync("status", "wdr");
        Assert.That(output.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That((await stage.JsonAsync("status", "wdr"))["replicaSets"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Status_of_an_empty_namespace_says_how_to_begin() =>
        Assert.That((await stage.RunAsync("status", "-n", "nothing-here")).Output, Does.Contain("nothing of the operator's kinds is in namespace nothing-here: `kubectl modestano init`"));

    [Test]
    public async Task Status_of_a_record_draws_weights_and_shares()
    {
        var (code, output, errors) = await stage.RunAsync("status", "wdr", "shop");
        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Does.StartWith("WeightedDnsRecord default/shop  shop.modestano.test A").And.Contain("eu-west-1  weight 255 → 128  share 100.0%"));
    }

    [Test]
    public async Task The_edits_for_Git_are_patches_that_kubectl_applies()
    {
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration with
        {
            SpecEdits =
            [
                new SpecEdit { Target = "MongoReplicaSet/marketplace", Field = "spec.primaryRegion", From = "eu-west-1", To = "eu-west-2" },
                new SpecEdit { Target = "MongoReplicaSet/marketplace", Field = "spec.regions[name=eu-west-1].members[host=mongo-a.eu-west-1.modestano.test:27017]", To = "(removed)" },
                new SpecEdit { Target = "MongoReplicaSet/marketplace", Field = "spec.regions[name=eu-west-1].members[host=mongo-b.eu-west-1.modestano.test:27017]", To = "(removed)" },
                new SpecEdit { Target = "MongoReplicaSet/marketplace", Field = "spec.regions[name=eu-west-1].members[host=mongo-c.eu-west-1.modestano.test:27017].votes", From = "(derived)", To = "0" },
                new SpecEdit { Target = "WeightedDnsRecord/shop", Field = "spec.endpoints[setIdentifier=eu-west-1].weight", From = "255", To = "0" },
            ],
        });
        var folder = Directory.CreateTempSubdirectory("modestano-edits-");
        try
        {
            var (code, patches, errors) = await stage.RunAsync("edits", "rmig", "ireland-to-london");
            Assert.That(code, Is.Zero, errors);
            // As in Git: the kustomization that holds the manifests, and the patches beside them.
            foreach (var file in new DirectoryInfo(Repository.PathOf("config/samples/marketplace")).GetFiles())
            {
                file.CopyTo(Path.Combine(folder.FullName, file.Name));
            }

            await File.AppendAllTextAsync(Path.Combine(folder.FullName, "kustomization.yaml"), patches);
            var built = Repository.Documents(Tool.Run("kubectl", ["kustomize", folder.FullName])).ToDictionary(o => (string)o["kind"]!);
            var set = built["MongoReplicaSet"]["spec"]!;
            using (Assert.EnterMultipleScope())
            {
                Assert.That((string?)set["primaryRegion"], Is.EqualTo("eu-west-2"));
                Assert.That(set["regions"]![0]!["members"]!.AsArray().Select(m => $"{m!["host"]} {m["votes"]}"), Is.EqualTo(new[] { "mongo-c.eu-west-1.modestano.test:27017 0" }));
                Assert.That(set["regions"]![1]!["members"]!.AsArray(), Has.Count.EqualTo(3));
                Assert.That((int?)built["WeightedDnsRecord"]["spec"]!["endpoints"]![0]!["weight"], Is.Zero);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
            stage.SetStatus("rmig", "ireland-to-london", Samples.Migration);
        }
    }

    [Test]
    public void An_edit_of_what_is_not_there_is_left_to_a_person()
    {
        var migration = new RegionMigration
        {
            Metadata = new() { Name = "m", NamespaceProperty = "shop" },
            Status = new RegionMigrationStatus { SpecEdits = [new SpecEdit { Target = "WeightedDnsRecord/shop", Field = "spec.endpoints[setIdentifier=gone].weight", From = "(removed)", To = "3" }] },
        };
        Assert.That(EditPatch.Of(migration, new MigrationTargets(null, [])), Does.Contain("patch: '[]'   # the object is not there").And.Contain("# spec.endpoints[setIdentifier=gone].weight: (removed) -> 3"));
    }

    [Test]
    public void A_place_is_found_by_a_key_with_brackets_and_dots()
    {
        var set = JsonNode.Parse("""{"spec":{"regions":[{"name":"a.b","members":[{"host":"[2001:db8::7]:27017","votes":1}]}]}}""")!;
        var operations = EditPatch.Operations(set, [new SpecEdit { Target = "MongoReplicaSet/m", Field = "spec.regions[name=a.b].members[host=[2001:db8::7]:27017].votes", From = "1", To = "0" }]);
        Assert.That(operations[^1].ToJsonString(), Is.EqualTo("""{"op":"replace","path":"/spec/regions/0/members/0/votes","value":0}"""));
    }

    [TestCase("", "status\t", ":4")]
    [TestCase("ro", "roll-back\t", ":4")]
    [TestCase("status |", "mrs\tMongoReplicaSet", ":4")]
    [TestCase("status mrs |", "marketplace", ":4")]
    [TestCase("hold wdr s", "shop", ":4")]
    [TestCase("approve mrs |", "marketplace", ":4")]
    [TestCase("hold rmig ireland-to-london --rea", "--reason\t", ":4")]
    [TestCase("status -n nowhere mrs |", null, ":4")]
    [TestCase("hold rmig ireland-to-london --reason |", null, ":4")]
    public async Task Half_a_word_is_completed(string typed, string? candidate, string directive)
    {
        // A bar stands for the empty word that follows a blank.
        var words = typed.Split(' ').Select(w => w == "|" ? "" : w).ToArray();
        Environment.SetEnvironmentVariable("KUBECONFIG", stage.Kubeconfig);
        var (code, output, errors) = await PluginStage.RunBareAsync(["__complete", .. words]);
        Environment.SetEnvironmentVariable("KUBECONFIG", null);
        var lines = output.TrimEnd('\n').Split('\n');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, errors);
            Assert.That(lines[^1], Is.EqualTo(directive));
            Assert.That(lines[..^1].Any(l => candidate is null || l.StartsWith(candidate, StringComparison.Ordinal)), Is.EqualTo(candidate is not null), output);
        }
    }

    [Test]
    public async Task Completion_prints_the_script_that_kubectl_calls() =>
        Assert.That((await PluginStage.RunBareAsync(["completion"])).Output, Is.EqualTo("#!/bin/sh\nexec kubectl-modestano __complete \"$@\"\n"));
}
