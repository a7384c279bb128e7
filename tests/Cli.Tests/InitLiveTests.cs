using Modestano.Testbed;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Cli.Tests;

/// <summary><c>init</c> over the real protocols: MongoDB.Driver through the proxy, Route 53 by AWS's signing, kubectl for what comes out.</summary>
public sealed class InitLiveTests
{
    private const string Uri = "mongodb://modestano-operator@mongo-b.eu-west-1.modestano.test:27017/?proxyHost={0}&proxyPort={1}";

    private World world = null!;
    private string folder = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        folder = Directory.CreateTempSubdirectory("modestano-init-").FullName;
        world = await World.StartAsync(new WorldOptions { Folder = folder, ConfigFolder = Repository.PathOf("config"), RequestsPerSecond = 1000, PropagationDelay = TimeSpan.Zero }, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), SampleNames.OperatorPassword + "\n");
        foreach (var (name, value) in world.OperatorEnvironment.Where(v => v.Key.StartsWith("AWS_", StringComparison.Ordinal)))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await world.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task A_running_set_becomes_a_manifest_that_kubectl_takes()
    {
        var before = world.Mongo.AdminCommands.Count;
        var (code, yaml, errors) = await PluginStage.RunBareAsync(["init", "replicaset", "--uri", Reach(Uri), "--password-file", Path.Combine(folder, "password"), "--name", "marketplace"]);
        Assert.That(code, Is.Zero, errors);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(yaml, Does.Contain("replicaSetName: rs0").And.Contain("primaryRegion: eu-west-1").And.Contain("credentialsSecretRef: {name: marketplace-operator}").And.Contain("tls: {mode: Disabled}"));
            Assert.That(yaml, Does.Contain("host: mongo-a.eu-west-1.modestano.test:27017").And.Not.Contain("eu-west-2"));
            Assert.That(yaml + errors, Does.Not.Contain(SampleNames.OperatorPassword), "secrets are never printed");
            Assert.That(world.Mongo.AdminCommands.Skip(before).Select(c => c.Name).Distinct(), Is.Not.Contains("replSetReconfig"));
            Assert.That(Applied(yaml), Does.Contain("mongoreplicaset.mongo.modestano.io/marketplace"));
        }
    }

    [TestCase("mongodb://modestano-operator:wrong-secret@mongo-b.eu-west-1.modestano.test:27017/?proxyHost={0}&proxyPort={1}", "the login is refused")]
    [TestCase("mongodb://shop:for-the-shop-only@mongo-b.eu-west-1.modestano.test:27017/?authSource=admin&proxyHost={0}&proxyPort={1}", "it needs the role clusterMonitor on admin, and nothing more")]
    [TestCase("mongodb://u:wrong-secret@nobody.eu-west-2.modestano.test:27017/?proxyHost={0}&proxyPort={1}", "no answer from nobody.eu-west-2.modestano.test:27017")]
    [TestCase("mongodb://u@mongo-b.eu-west-1.modestano.test:27017", "--password-file")]
    [TestCase("mongo://u:wrong-secret@x", "--uri is no connection string of MongoDB")]
    public async Task What_cannot_be_read_is_told_in_words_without_a_secret(string uri, string words)
    {
        var (code, output, errors) = await PluginStage.RunBareAsync(["init", "replicaset", "--uri", Reach(uri), "--timeout", "1"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((code, output), Is.EqualTo((1, "")));
            Assert.That(errors, Does.StartWith("error: ").And.Contain(words).And.Not.Contain("wrong-secret").And.Not.Contain("for-the-shop-only"));
        }
    }

    [Test]
    public async Task Weighted_records_become_a_manifest_with_the_fingerprint_that_adopts_them()
    {
        Change("weighted.modestano.test", Weighted("eu-west-1", 200, "192.0.2.10"), Weighted("eu-west-2", 55, "198.51.100.10"));
        var (code, yaml, errors) = await PluginStage.RunBareAsync(["init", "record", "--zone", "modestano.test", "--name", "weighted.modestano.test"]);
        Assert.That(code, Is.Zero, errors);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(yaml, Does.Contain("hostedZone: {id: Z0MODESTANOTEST}").And.Contain("setIdentifier: eu-west-1\n    region: eu-west-1\n    weight: 200\n    values: [\"192.0.2.10\"]"));
            Assert.That(yaml, Does.Match("adoption: {mode: Adopt, expectedFingerprint: \"?[0-9a-f]{32}\"?}"));
            Assert.That(Applied(yaml), Does.Contain("weighteddnsrecord.mongo.modestano.io/weighted"));
        }

        RecordSet Weighted(string id, int weight, string value) => new() { Name = "weighted.modestano.test.", Type = "A", SetIdentifier = id, Weight = weight, Ttl = 60, Values = [value] };
    }

    [Test]
    public async Task A_simple_record_becomes_one_endpoint_that_keeps_all_traffic()
    {
        Change("simple.modestano.test", new RecordSet { Name = "simple.modestano.test.", Type = "A", Ttl = 300, Values = ["192.0.2.10"] });
        var (code, yaml, errors) = await PluginStage.RunBareAsync(["init", "record", "--zone", "Z0MODESTANOTEST", "--name", "simple.modestano.test", "--region-of", "192"]);
        Assert.That(code, Is.Zero, errors);
        Assert.That(yaml, Does.Contain("ttl: 300").And.Contain("weight: 255"));
        Assert.That(Applied(yaml), Does.Contain("weighteddnsrecord.mongo.modestano.io/simple"));
    }

    [TestCase("latency.modestano.test", "is routed by latency, not by weights")]
    [TestCase("nothing.modestano.test", "has no record nothing.modestano.test")]
    [TestCase("shop.example.com", "is not within the zone modestano.test")]
    public async Task A_record_that_cannot_be_expressed_is_refused_in_words(string name, string words)
    {
        Change("latency.modestano.test", new RecordSet { Name = "latency.modestano.test.", Type = "A", SetIdentifier = "x", Region = "eu-west-1", Ttl = 60, Values = ["192.0.2.10"] });
        var (code, _, errors) = await PluginStage.RunBareAsync(["init", "record", "--zone", "modestano.test", "--name", name]);
        Assert.That((code, errors), Is.EqualTo((1, errors)));
        Assert.That(errors, Does.Contain(words));
    }

    [Test]
    public async Task A_migration_is_made_of_what_the_cluster_has()
    {
        Applied(File.ReadAllText(Repository.PathOf("config/samples/marketplace/mongoreplicaset.yaml")).Split("  - name: eu-west-2")[0] + "  reconfiguration: {mode: Plan}\n");
        Applied(File.ReadAllText(Repository.PathOf("config/samples/marketplace/weighteddnsrecord.yaml")));
        var (code, yaml, errors) = await PluginStage.RunBareAsync(
            ["init", "migration", "--replicaset", "marketplace", "--to", "eu-west-3", "--member", "mongo-a.eu-west-3.modestano.test:27017@eu-west-3a", "--member", "mongo-b.eu-west-3.modestano.test:27017", "--record", "shop=203.0.113.10", "--kubeconfig", world.Kubeconfig]);
        Assert.That(code, Is.Zero, errors);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(yaml, Does.Contain("  - name: eu-west-3\n    members:\n    - host: mongo-a.eu-west-3.modestano.test:27017\n      zone: eu-west-3a"));
            Assert.That(yaml, Does.Contain("setIdentifier: eu-west-3\n    region: eu-west-3\n    weight: 0\n    values:\n    - \"203.0.113.10\"").And.Contain("kind: RegionMigration").And.Contain("name: eu-west-1-to-eu-west-3"));
            Assert.That(yaml, Does.Not.Contain("maxReplicationLag: 10s").And.Not.Contain("bootstrap"), "what the API server fills in is left out");
            Assert.That(errors, Does.Contain("note: where the members of the new region ask for a login"));
            Assert.That(Applied(yaml).Split('\n'), Has.Length.GreaterThanOrEqualTo(3));
        }
    }

    private string Reach(string uri) => string.Format(System.Globalization.CultureInfo.InvariantCulture, uri, world.Mongo.ProxyEndPoint!.Address, world.Mongo.ProxyEndPoint!.Port);

    private string Applied(string yaml)
    {
        var file = Path.Combine(folder, Path.GetRandomFileName() + ".yaml");
        File.WriteAllText(file, yaml);
        return Tool.Run("kubectl", "--kubeconfig", world.Kubeconfig, "apply", "-f", file);
    }

    private void Change(string name, params RecordSet[] sets)
    {
        Assert.That(sets.Select(s => s.Name), Is.All.EqualTo(name + "."));
        var there = world.Route53.Zones.Sets(SampleNames.ZoneId).Values;
        AppliedChange[] missing = [.. sets.Where(s => there.All(t => t.Key != s.Key)).Select(s => new AppliedChange("CREATE", s))];

        // A zone takes one batch after the other: who comes while it is busy comes again, as every client does.
        Assert.That(() => missing.Length == 0 || IsTaken(missing), Is.True.After(5000, 20));
    }

    private bool IsTaken(AppliedChange[] changes)
    {
        try
        {
            world.Route53.Zones.Apply(SampleNames.ZoneId, null, changes);
            return true;
        }
        catch (Modestano.Testbed.Route53.Route53RefusalException)
        {
            return false;
        }
    }
}
