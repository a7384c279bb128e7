namespace Modestano.Crds.Tests;

/// <summary>What must not change once it is stored.</summary>
public sealed class ImmutabilityTests
{
    [TestCase("MongoReplicaSet", "spec.replicaSetName", "\"rs1\"", "spec.replicaSetName", "replicaSetName cannot be changed: MongoDB cannot rename a replica set")]
    [TestCase("WeightedDnsRecord", "spec.hostedZone.id", "\"Z1\"", "spec.hostedZone", "hostedZone cannot be changed: make a new object")]
    [TestCase("WeightedDnsRecord", "spec.name", "\"api.modestano.test\"", "spec.name", "name cannot be changed: make a new object")]
    [TestCase("WeightedDnsRecord", "spec.type", "\"AAAA\"", "spec.type", "type cannot be changed: make a new object")]
    [TestCase("RegionMigration", "spec.replicaSetRef.name", "\"other\"", "spec.replicaSetRef", "replicaSetRef cannot be changed: make a new migration")]
    [TestCase("RegionMigration", "spec.from", "\"eu-west-3\"", "spec.from", "from cannot be changed: make a new migration")]
    [TestCase("RegionMigration", "spec.to", "\"eu-west-3\"", "spec.to", "to cannot be changed: make a new migration")]
    [TestCase("RegionMigration", "spec.dnsRecordRefs.0.name", "\"api\"", "spec.dnsRecordRefs", "dnsRecordRefs cannot be changed: make a new migration")]
    [TestCase("RegionMigration", "spec.dnsRecordRefs", null, "spec", "dnsRecordRefs cannot be added or removed: make a new migration")]
    public void A_change_is_refused(string kind, string path, string? json, string field, string message)
    {
        var error = Kinds.Write(Kinds.Sample(kind).With(path, json), Kinds.Sample(kind)).Errors.Single();
        Assert.That(error.Field, Is.EqualTo(field));
        Assert.That(error.Detail, Does.EndWith(message));
    }

    [TestCase("MongoReplicaSet", "spec.primaryRegion", "\"eu-west-2\"")]
    [TestCase("WeightedDnsRecord", "spec.endpoints.1.weight", "10")]
    [TestCase("RegionMigration", "spec.intent", "\"Hold\"")]
    [TestCase("RegionMigration", "spec.trafficSteps.0.hold", "\"10m\"")]
    public void What_operations_need_to_change_stays_changeable(string kind, string path, string json) =>
        Assert.That(Kinds.Write(Kinds.Sample(kind).With(path, json), Kinds.Sample(kind)).Errors, Is.Empty);

    [Test]
    public void The_order_of_the_records_does_not_matter()
    {
        var old = Kinds.Sample("RegionMigration").With("spec.dnsRecordRefs", """[{"name": "a"}, {"name": "b"}]""");
        var value = Kinds.Sample("RegionMigration").With("spec.dnsRecordRefs", """[{"name": "b"}, {"name": "a"}]""");
        Assert.That(Kinds.Write(value, old).Errors, Is.Empty);
    }
}
