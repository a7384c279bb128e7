using System.Text.Json.Nodes;

namespace Modestano.Crds.Tests;

/// <summary>Bad input is refused by the API server, with a message that names the field and what is allowed.</summary>
public sealed class RefusalTests
{
    private const string Members = "spec.regions.0.members";

    [TestCase("MongoReplicaSet", "spec.primaryRegoin", "\"eu-west-2\"", "spec.primaryRegoin")]
    [TestCase("MongoReplicaSet", "spec.regions.0.members.0.vote", "1", "spec.regions[0].members[0].vote")]
    [TestCase("WeightedDnsRecord", "spec.endpoints.0.wieght", "1", "spec.endpoints[0].wieght")]
    [TestCase("RegionMigration", "spec.trafficStep", "[]", "spec.trafficStep")]
    public void A_misspelt_field_is_named(string kind, string path, string json, string unknown) =>
        Assert.That(Kinds.Write(Kinds.Sample(kind).With(path, json)).Unknown, Is.EqualTo(new[] { unknown }));

    private static IEnumerable<TestCaseData> ReplicaSets =>
    [
        Case("MongoReplicaSet", "A host without a port", $"{Members}.0.host", "\"mongo-1.example.internal\"", "spec.regions[0].members[0].host", "host must be host:port"),
        Case("MongoReplicaSet", "A port that does not exist", $"{Members}.0.host", "\"mongo-1:65536\"", "spec.regions[0].members[0].host", "host must have a port from 1 to 65535"),
        Case("MongoReplicaSet", "Port 0", $"{Members}.0.host", "\"mongo-1:0\"", "spec.regions[0].members[0].host", "host must have a port from 1 to 65535"),
        Case("MongoReplicaSet", "A host with a scheme", $"{Members}.0.host", "\"mongodb://mongo-1:27017\"", "spec.regions[0].members[0].host", "no scheme, path or blank"),
        Case("MongoReplicaSet", "A host with a blank", $"{Members}.0.host", "\"mongo-1 :27017\"", "spec.regions[0].members[0].host", "no scheme, path or blank"),
        Case("MongoReplicaSet", "An IPv6 address without brackets", $"{Members}.0.host", "\"2001:db8::7:27017\"", "spec.regions[0].members[0].host", "an IPv6 address in brackets"),
        Case("MongoReplicaSet", "An arbiter without a vote", $"{Members}.0", """{"host": "h:1", "arbiterOnly": true, "votes": 0}""", "spec.regions[0].members[0]", "an arbiter has a vote and nothing else"),
        Case("MongoReplicaSet", "A vote for a member that builds no indexes", $"{Members}.0", """{"host": "h:1", "buildIndexes": false, "votes": 1}""", "spec.regions[0].members[0]", "an index build waits for every voting member"),
        Case("MongoReplicaSet", "Two votes", $"{Members}.0.votes", "2", "spec.regions[0].members[0].votes", "should be less than or equal to 1"),
        Case("MongoReplicaSet", "A priority above 1000", $"{Members}.0.priority", "1001", "spec.regions[0].members[0].priority", "must be a number from 0 to 1000"),
        Case("MongoReplicaSet", "A negative fraction as priority", $"{Members}.0.priority", "\"-0.5\"", "spec.regions[0].members[0].priority", "must be a number from 0 to 1000"),
        Case("MongoReplicaSet", "A hidden member with a priority", $"{Members}.0", """{"host": "h:1", "hidden": true, "priority": "0.5"}""", "spec.regions[0].members[0]", "a hidden member has priority 0"),
        Case("MongoReplicaSet", "An arbiter with a priority", $"{Members}.0", """{"host": "h:1", "arbiterOnly": true, "priority": 1}""", "spec.regions[0].members[0]", "an arbiter has priority 0"),
        Case("MongoReplicaSet", "A delayed member with a priority", $"{Members}.0", """{"host": "h:1", "secondaryDelaySecs": 60, "priority": 1}""", "spec.regions[0].members[0]", "a delayed member has priority 0"),
        Case("MongoReplicaSet", "A voteless member with a priority", $"{Members}.0", """{"host": "h:1", "votes": 0, "priority": 1}""", "spec.regions[0].members[0]", "a member with votes: 0 has priority 0"),
        Case("MongoReplicaSet", "A host twice", $"{Members}.1.host", "\"mongo-a.eu-west-1.modestano.test:27017\"", "spec.regions[0].members[1]", "Duplicate value"),
        Case("MongoReplicaSet", "A primary region that is not listed", "spec.primaryRegion", "\"eu-west-3\"", "spec", "primaryRegion must be the name of one of the regions"),
        Case("MongoReplicaSet", "No connection", "spec.connection", null, "spec.connection", "Required value"),
        Case("MongoReplicaSet", "No credentials over TLS", "spec.connection", "{}", "spec.connection", "credentialsSecretRef is required"),
        Case("MongoReplicaSet", "An unknown mode", "spec.reconfiguration.mode", "\"Yolo\"", "spec.reconfiguration.mode", "supported values: \"Observe\", \"Plan\", \"Apply\""),
        Case("MongoReplicaSet", "A lag that is no duration", "spec.reconfiguration.maxReplicationLag", "\"10 seconds\"", "spec.reconfiguration.maxReplicationLag", "should match"),
        Case("MongoReplicaSet", "A lag limit of two hours", "spec.reconfiguration.maxReplicationLag", "\"2h\"", "spec.reconfiguration.maxReplicationLag", "must be a duration from 1s to 1h"),
        Case("MongoReplicaSet", "A recovery without its fenced hosts", "spec.recovery", """{"configVersion": 3, "configTerm": 1}""", "spec.recovery.fencedHosts", "Required value"),
    ];

    private static IEnumerable<TestCaseData> Records =>
    [
        Case("WeightedDnsRecord", "A weight of 256", "spec.endpoints.0.weight", "256", "spec.endpoints[0].weight", "should be less than or equal to 255"),
        Case("WeightedDnsRecord", "All weights 0", "spec.endpoints.0.weight", "0", "spec", "at least one endpoint needs a weight above 0"),
        Case("WeightedDnsRecord", "Values and alias", "spec.endpoints.0.alias", """{"dnsName": "a", "hostedZoneId": "Z1", "evaluateTargetHealth": true}""", "spec.endpoints[0]", "set exactly one of values and alias"),
        Case("WeightedDnsRecord", "Neither values nor alias", "spec.endpoints.0.values", null, "spec.endpoints[0]", "set exactly one of values and alias"),
        Case("WeightedDnsRecord", "A zone by id and name", "spec.hostedZone.name", "\"modestano.test\"", "spec.hostedZone", "set exactly one of id and name"),
        Case("WeightedDnsRecord", "A zone id that is none", "spec.hostedZone.id", "\"/hostedzone/Z1\"", "spec.hostedZone.id", "should match"),
        Case("WeightedDnsRecord", "A type that cannot be weighted here", "spec.type", "\"SRV\"", "spec.type", "supported values: \"A\", \"AAAA\", \"CNAME\", \"TXT\""),
        Case("WeightedDnsRecord", "A step of no traffic", "spec.shift.maxStepPercent", "0", "spec.shift.maxStepPercent", "should be greater than or equal to 1"),
        Case("WeightedDnsRecord", "A negative TTL", "spec.ttl", "-1", "spec.ttl", "should be greater than or equal to 0"),
        Case("WeightedDnsRecord", "An identifier twice", "spec.endpoints.1.setIdentifier", "\"eu-west-1\"", "spec.endpoints[1]", "Duplicate value"),
        Case("WeightedDnsRecord", "Records that are taken over unseen", "spec.adoption", """{"mode": "Adopt"}""", "spec.adoption", "mode: Adopt needs expectedFingerprint"),
        Case("WeightedDnsRecord", "Records that are taken over with nothing seen", "spec.adoption", """{"mode": "Adopt", "expectedFingerprint": ""}""", "spec.adoption", "mode: Adopt needs expectedFingerprint"),
        Case("WeightedDnsRecord", "An owner's records that are taken over unseen", "spec.adoption", """{"mode": "Adopt", "previousOwner": "i/shop/shop"}""", "spec.adoption", "mode: Adopt needs expectedFingerprint"),
        Case("WeightedDnsRecord", "A CNAME with two values", "spec", """
            {"providerRef": {"name": "p"}, "hostedZone": {"id": "Z1"}, "name": "n", "type": "CNAME",
             "endpoints": [{"setIdentifier": "a", "weight": 1, "values": ["x", "y"]}]}
            """, "spec", "a CNAME endpoint has exactly one value"),
    ];

    private static IEnumerable<TestCaseData> Migrations =>
    [
        Case("RegionMigration", "From and to the same region", "spec.to", "\"eu-west-1\"", "spec", "from and to must be different regions"),
        Case("RegionMigration", "Steps that go back", "spec.trafficSteps.0.percent", "60", "spec.trafficSteps", "trafficSteps must be ascending"),
        Case("RegionMigration", "Steps that end early", "spec.trafficSteps.2.percent", "90", "spec.trafficSteps", "the last traffic step must have percent: 100"),
        Case("RegionMigration", "No steps", "spec.trafficSteps", "[]", "spec.trafficSteps", "should have at least 1 items"),
        Case("RegionMigration", "A hold that is no duration", "spec.trafficSteps.0.hold", "\"\"", "spec.trafficSteps[0].hold", "should be at least 2 chars long"),
        Case("RegionMigration", "A window of no kind", "spec.windows", """[{"schedule": "0 22 * * *", "duration": "1h"}]""", "spec.windows[0].kind", "Required value"),
        Case("RegionMigration", "A window of another kind", "spec.windows", """[{"kind": "Maybe", "schedule": "0 22 * * *", "duration": "1h"}]""", "spec.windows[0].kind", "supported values: \"Allow\", \"Deny\""),
        Case("RegionMigration", "A schedule with seconds", "spec.windows", """[{"kind": "Allow", "schedule": "0 0 22 * * *", "duration": "1h"}]""", "spec.windows[0].schedule", "should match"),
        Case("RegionMigration", "A window of half a minute", "spec.windows", """[{"kind": "Allow", "schedule": "0 22 * * *", "duration": "30s"}]""", "spec.windows[0].duration", "must be a duration from 1m to 744h"),
        Case("RegionMigration", "An offset for a time zone", "spec.windows", """[{"kind": "Allow", "schedule": "0 22 * * *", "duration": "1h", "timeZone": "UTC+1:00"}]""", "spec.windows[0].timeZone", "should match"),
        Case("RegionMigration", "An intent that does not exist", "spec.intent", "\"Abort\"", "spec.intent", "supported values: \"Proceed\", \"Hold\", \"RollBack\""),
        Case("RegionMigration", "A query without bounds", "spec.gates.prometheus", """[{"name": "e", "prometheusRef": "m", "query": "up"}]""", "spec.gates.prometheus[0]", "set min, max or both"),
        Case("RegionMigration", "A query that nothing could pass", "spec.gates.prometheus", """[{"name": "e", "prometheusRef": "m", "query": "up", "min": "10", "max": "9.5"}]""", "spec.gates.prometheus[0]", "min must not be above max: no value could pass"),
        Case("RegionMigration", "A probe and a query of one name", "spec.gates", """{"probes": [{"name": "e", "endpointRef": "shop", "path": "/"}], "prometheus": [{"name": "e", "prometheusRef": "m", "query": "up", "min": "1"}]}""", "spec.gates", "a probe and a query need different names"),
        Case("RegionMigration", "A negative part", "spec.dnsRecordRefs.0.targetWeights", """{"a": -1, "b": 1}""", "spec.dnsRecordRefs[0].targetWeights", "the parts of targetWeights are 0 or more, and one of them is above 0"),
        Case("RegionMigration", "Parts of nothing", "spec.dnsRecordRefs.0.targetWeights", """{"a": 0}""", "spec.dnsRecordRefs[0].targetWeights", "the parts of targetWeights are 0 or more, and one of them is above 0"),
        Case("RegionMigration", "A probe of a relative path", "spec.gates.probes", """[{"name": "p", "endpointRef": "shop", "path": "healthz"}]""", "spec.gates.probes[0].path", "should match '^/([^/].*)?$'"),
    ];

    [TestCaseSource(nameof(ReplicaSets))]
    [TestCaseSource(nameof(Records))]
    [TestCaseSource(nameof(Migrations))]
    public void A_wrong_value_is_refused_with_the_field_and_what_is_allowed(string kind, string path, string? json, string field, string detail)
    {
        var errors = Kinds.Write(Kinds.Sample(kind).With(path, json)).Errors;
        Assert.That(errors.Where(e => e.Field == field).Select(e => e.Detail), Has.Some.Contains(detail), string.Join("\n", errors));
    }

    [TestCase("mongo_1.example.internal:27017")]
    [TestCase("_mongo:1")]
    [TestCase("mongo-1.example.internal.:65535")]
    [TestCase("[2001:db8::7]:27017")]
    [TestCase("192.0.2.7:27017")]
    public void A_host_that_MongoDB_takes_is_accepted(string host) =>
        Assert.That(Kinds.Write(Kinds.Sample("MongoReplicaSet").With($"{Members}.0.host", $"\"{host}\"")).Errors, Is.Empty);

    [TestCase("{}")]
    [TestCase("""{"mode": "Never", "previousOwner": "i/shop/shop"}""")]
    [TestCase("""{"mode": "Adopt", "expectedFingerprint": "0123456789abcdef"}""")]
    public void Looking_first_and_adopting_what_was_seen_is_accepted(string adoption) =>
        Assert.That(Kinds.Write(Kinds.Sample("WeightedDnsRecord").With("spec.adoption", adoption)).Errors, Is.Empty);

    [Test]
    public void Eight_voting_members_are_refused()
    {
        var set = Kinds.Sample("MongoReplicaSet");
        foreach (var region in set["spec"]!["regions"]!.AsArray())
        {
            var name = (string)region!["name"]!;
            region["members"] = new JsonArray([.. "abcd".Select(m => new JsonObject { ["host"] = $"mongo-{m}.{name}:27017", ["votes"] = 1 })]);
        }

        Assert.That(Kinds.Write(set).Errors.Single().Detail, Does.Contain("a replica set has at most 7 voting members"));
        Assert.That(Kinds.Write(set.With("spec.regions.0.members.0.votes", "0")).Errors, Is.Empty);
    }

    [Test]
    public void Fifty_one_members_are_refused()
    {
        var set = Kinds.Sample("MongoReplicaSet");
        for (var i = 0; i < 45; i++)
        {
            set.With($"{Members}.-", $$"""{"host": "mongo-{{i}}:27017"}""");
        }

        Assert.That(Kinds.Write(set).Errors.Single().Detail, Does.Contain("a replica set has at most 50 members"));
    }

    private static TestCaseData Case(string kind, string title, string path, string? json, string field, string detail) =>
        new TestCaseData(kind, path, json, field, detail).SetArgDisplayNames(title);
}
