using System.Text.Json.Nodes;
using k8s;
using Modestano.Cli.Cluster;
using Modestano.Cli.Init;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;
using MongoDB.Bson;

namespace Modestano.Cli.Tests;

/// <summary>What <c>init replicaset</c> prints of a set, applied by kubectl, makes the operator's planner change nothing of it but the marks of its owner.</summary>
public sealed class InitRoundTripTests
{
    private PluginStage stage = null!;
    private Dictionary<string, MongoReplicaSet> applied = null!;

    [OneTimeSetUp]
    public async Task Apply()
    {
        stage = await PluginStage.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, string.Join("---\n", LiveSets.All.Select(s => Manifest(s.Key))));
        stage.Kubectl("apply", "-f", file);
        File.Delete(file);
        applied = JsonNode.Parse(stage.Kubectl("get", "mrs", "-o", "json"))!["items"]!.AsArray()
            .Select(o => KubernetesJson.Deserialize<MongoReplicaSet>(o!.ToJsonString())).ToDictionary(s => s.Metadata.Name);
    }

    [OneTimeTearDown]
    public async Task Stop() => await stage.DisposeAsync();

    public static IEnumerable<string> Names => LiveSets.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void Adopting_a_set_by_its_manifest_changes_tags_and_nothing_else(string name)
    {
        var live = LiveSets.All[name];
        var observed = Sets.Observed(live.Config, live.Primary![..live.Primary!.LastIndexOf(':')]);
        var desired = DesiredTopology.From(applied[name].Spec, Sets.Owner);
        var first = PlanPreview.Of(new(observed, desired, Sets.Policy, new PlanningHistory()), Sets.Identity);
        Assert.That(first.Steps.Select(s => s.Summary), Is.All.StartsWith("set tags of"), string.Join('\n', first.Steps.Select(s => s.Summary)) + "\n" + Manifest(name));
        Assert.That(first.Effects, Has.Count.LessThanOrEqualTo(1));
        Assert.That(first.Settles, Is.True);

        // Once they have these, the plan is empty.
        var marked = live.Config with
        {
            Members = [.. live.Config.Members.Select(m => m.ArbiterOnly ? m : m with { Tags = desired.Find(m.Host)!.Tags.Concat(m.Tags).DistinctBy(t => t.Key).ToDictionary() })],
        };
        var second = PlanPreview.Of(new(Sets.Observed(marked, live.Primary![..live.Primary!.LastIndexOf(':')]), desired, Sets.Policy, new PlanningHistory()), Sets.Identity);
        Assert.That(second.Steps.Select(s => s.Summary), Is.Empty);
    }

    [Test]
    public void What_the_operator_derives_is_left_out()
    {
        Assert.That(Manifest("at-rest"), Does.Not.Contain("votes:").And.Not.Contain("priority:"));
        Assert.That(Manifest("three-equal"), Does.Contain("priority: 1").And.Not.Contain("votes:"));
        Assert.That(Manifest("three-equal"), Does.Not.Contain("settings:"));
    }

    [Test]
    public void Nothing_is_done_before_somebody_says_so() =>
        Assert.That(applied.Values.Where(s => LiveSets.All.ContainsKey(s.Metadata.Name)).Select(s => s.Spec.Reconfiguration.Mode), Is.All.EqualTo("Plan"));

    [Test]
    public void What_cannot_be_expressed_is_told_in_the_manifest_and_beside_it()
    {
        var live = LiveSets.All["three-equal"] with
        {
            Raw = new BsonDocument { { "writeConcernMajorityJournalDefault", false }, { "somethingNew", 1 }, { "settings", new BsonDocument("getLastErrorDefaults", new BsonDocument("w", 2)) } },
        };
        var text = ReplicaSetManifest.Of(live, "m", "m-operator", PlaceRule.Region, PlaceRule.Zone);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.Notes, Has.Some.Contains("writeConcernMajorityJournalDefault: false").And.Some.Contains("somethingNew").And.Some.Contains("getLastErrorDefaults"));
            Assert.That(text.Notes, Is.All.Matches<string>(note => text.Yaml.Contains("# - " + note, StringComparison.Ordinal)));
        }
    }

    [Test]
    public void A_member_whose_region_nobody_tells_is_named_with_what_to_do()
    {
        var live = LiveSets.All["three-equal"] is var set ? set with { Config = set.Config with { Members = [.. set.Config.Members, new ConfigMember { Id = 9, Host = "db9:27017" }] } } : null!;
        Assert.That(() => ReplicaSetManifest.Of(live, "m", "s", PlaceRule.Region, PlaceRule.Zone), Throws.TypeOf<PluginException>().With.Message.Contains("db9:27017").And.Message.Contains("--region-of"));
        Assert.That(ReplicaSetManifest.Of(live, "m", "s", PlaceRule.Parse("--region-of", "(?:eu-west-1|db)"), PlaceRule.Zone).Yaml, Does.Contain("- name: db\n"));
    }

    [TestCase("eu-west-1", "mongo-a.eu-west-1.example.internal")]
    [TestCase("us-gov-east-1", "mongo-a.us-gov-east-1a.x")]
    [TestCase("ap-southeast-2", "ip-10-0-0-1.ap-southeast-2.compute.internal")]
    [TestCase(null, "mongo1.example.com")]
    public void A_region_is_found_in_a_name(string? region, string host) => Assert.That(PlaceRule.Region.Of(host), Is.EqualTo(region));

    private static string Manifest(string name) => ReplicaSetManifest.Of(LiveSets.All[name], name, "marketplace-operator", PlaceRule.Region, PlaceRule.Zone).Yaml;
}
