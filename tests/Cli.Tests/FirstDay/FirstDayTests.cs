using System.Text.Json.Nodes;
using Modestano.Testbed;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Cli.Tests.FirstDay;

/// <summary>
/// A newcomer's first day over the real protocols: a running set and a running record become manifests, the operator looks at them and changes
/// nothing, and <c>check</c> tells what is missing.
/// </summary>
public sealed class FirstDayTests
{
    private OperatedStage stage = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        stage = await OperatedStage.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "password"), SampleNames.OperatorPassword);
        var proxy = stage.World.Mongo.ProxyEndPoint!;
        stage.Variables["URI"] = $"mongodb://{SampleNames.OperatorUser}@mongo-a.eu-west-1.modestano.test:27017/?proxyHost={proxy.Address}&proxyPort={proxy.Port}";
        stage.World.Route53.Zones.Apply(SampleNames.ZoneId, null, [new AppliedChange("CREATE", new RecordSet { Name = "shop.modestano.test.", Type = "A", Ttl = 60, Values = ["192.0.2.10"] })]);
        stage.Run($"kubectl apply -f {Repository.PathOf("config/samples/marketplace/credentials.yaml")}");
        stage.Run("kubectl modestano init replicaset --uri \"$URI\" --password-file password --name marketplace > marketplace.yaml");
        // The world has just begun, and so has its oplog.
        stage.Run("sed -i 's/    mode: Plan/    mode: Plan\\n    minOplogWindow: 0s/' marketplace.yaml");
        stage.Run("kubectl apply -f marketplace.yaml");
        stage.Run("kubectl modestano init record --zone modestano.test --name shop.modestano.test --region eu-west-1 > shop.yaml");
        stage.Run("echo '  mode: Observe' >> shop.yaml");
        stage.Run("kubectl apply -f shop.yaml");
        await stage.ReachAsync("mrs", "marketplace", o => o["status"]?["plan"] is not null, "a plan");
        await stage.ReachAsync("wdr", "shop", o => o["status"]?["checks"] is not null, "checks");
    }

    [OneTimeTearDown]
    public async Task Stop() => await stage.DisposeAsync();

    [Test]
    public async Task A_first_day_changes_nothing_and_a_last_day_leaves_all_as_it_is()
    {
        The_plan_of_the_printed_manifest_is_to_mark_the_members_and_nothing_else();
        Check_tells_what_the_operator_sees_from_its_own_place_and_fails_nothing();
        await Check_names_the_new_members_key_files_and_fails_for_one_that_nobody_reaches();
        await The_last_day_leaves_the_set_and_the_records_as_they_are();
    }

    private void The_plan_of_the_printed_manifest_is_to_mark_the_members_and_nothing_else()
    {
        var plan = stage.Get("mrs", "marketplace")["status"]!["plan"]!.AsArray().Select(s => $"{s!["kind"]} {s["summary"]}").ToList();
        Assert.That(plan.Where(s => !s.StartsWith("Wait", StringComparison.Ordinal)).ToList(), Has.Count.EqualTo(1).And.All.StartsWith("Reconfig set tags of"));
    }

    private void Check_tells_what_the_operator_sees_from_its_own_place_and_fails_nothing()
    {
        var (code, output, error) = stage.Try("kubectl modestano check -o json");
        var rows = JsonNode.Parse(output)!["rows"]!.AsArray();
        string[] Results(string check) => [.. rows.Where(r => (string?)r!["check"] == check).Select(r => (string)r!["result"]!)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, output + error);
            Assert.That(Results("Reachable"), Is.EqualTo(new[] { "Passed", "Passed", "Passed" }));
            Assert.That(Results("Latency"), Has.Length.EqualTo(3).And.All.AnyOf("Passed", "Warning"), "a machine under load is slow");
            Assert.That(Results("ClockDifference"), Has.Length.EqualTo(3).And.All.EqualTo("Passed"));
            Assert.That(Results("ServerVersion"), Has.Length.EqualTo(3).And.All.EqualTo("Passed"));
            Assert.That(Results("UserRoles"), Is.EqualTo(new[] { "Passed" }));
            Assert.That(Results("Route53Rights"), Is.EqualTo(new[] { "Passed" }), "the right is there, and nothing was changed");
            Assert.That(stage.World.Route53.Zones.Sets(SampleNames.ZoneId).Values.Count(s => s.Name == "shop.modestano.test."), Is.EqualTo(1));
            Assert.That(stage.Run("kubectl modestano check mrs marketplace"), Does.Contain("MongoReplicaSet marketplace/marketplace").And.Match(@"\d+ passed, \d+ warning"));
        }
    }

    private async Task Check_names_the_new_members_key_files_and_fails_for_one_that_nobody_reaches()
    {
        stage.Run("kubectl modestano init migration --replicaset marketplace --to eu-west-2 --member mongo-a.eu-west-2.modestano.test:27017 --member nobody.eu-west-2.modestano.test:27017 --record shop=198.51.100.10 > move.yaml");
        stage.Run("kubectl apply -f move.yaml");
        await stage.ReachAsync("mrs", "marketplace", o => o["status"]?["checks"]?.AsArray().Any(c => (string?)c!["name"] == "KeyFile") == true, "rows of the new members");
        var (code, output, error) = stage.Try("kubectl modestano check mrs marketplace");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(1), output + error);
            Assert.That(output, Does.Match(@"Failed   Reachable nobody\.eu-west-2\.modestano\.test:27017"));
            Assert.That(output, Does.Match(@"Unknown  KeyFile mongo-a\.eu-west-2\.modestano\.test:27017").And.Contain("compare sha256sum of security.keyFile"));
            Assert.That(output, Does.Match(@"Passed   NoOtherSet mongo-a\.eu-west-2"));
        }
    }

    private async Task The_last_day_leaves_the_set_and_the_records_as_they_are()
    {
        // As docs/install.md has it: objects first, while an operator runs, then the definitions.
        var sets = stage.World.Route53.Zones.Sets(SampleNames.ZoneId).Values.Select(s => $"{s.Name} {s.Type} {s.SetIdentifier} {s.Weight}").ToList();
        var before = await ConfigVersionAsync();
        stage.Run("kubectl delete rmig,wdr,mrs --all --timeout=60s");
        stage.Run($"kubectl delete --ignore-not-found -f {Repository.PathOf("config/crd/bases")} --timeout=60s");
        Assert.That(await ConfigVersionAsync(), Is.EqualTo(before));
        Assert.That(stage.World.Route53.Zones.Sets(SampleNames.ZoneId).Values.Select(s => $"{s.Name} {s.Type} {s.SetIdentifier} {s.Weight}"), Is.EqualTo(sets));
    }

    private async Task<string> ConfigVersionAsync() =>
        (await stage.World.AdministerAsync("mongo-a.eu-west-1.modestano.test:27017", new MongoDB.Bson.BsonDocument("replSetGetConfig", 1), CancellationToken.None))["config"]["version"].ToString()!;
}
