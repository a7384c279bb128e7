using System.Text.Json.Nodes;
using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Demo.Manifests;

namespace Modestano.Crds.Tests;

public sealed class SampleTests
{
    // What may differ between the samples and the demo: durations and TTLs.
    private static readonly string[] DurationsAndTtls = ["stabilizationWindow", "minOplogWindow", "ttl", "interval", "hold"];

    [TestCase("MongoReplicaSet")]
    [TestCase("WeightedDnsRecord")]
    [TestCase("RegionMigration")]
    public void A_sample_is_accepted(string kind)
    {
        var (unknown, errors) = Kinds.Write(Kinds.Sample(kind));
        Assert.That(unknown, Is.Empty);
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void A_replica_set_keeps_its_meaning_through_the_types() => AssertRoundTrip<MongoReplicaSet>("MongoReplicaSet");

    [Test]
    public void A_record_keeps_its_meaning_through_the_types() => AssertRoundTrip<WeightedDnsRecord>("WeightedDnsRecord");

    [Test]
    public void A_migration_keeps_its_meaning_through_the_types() => AssertRoundTrip<RegionMigration>("RegionMigration");

    [Test]
    public void The_demo_changes_only_durations_and_TTLs()
    {
        var demo = Kustomization.Read(Repository.PathOf("config/samples/demo"));
        var plain = Kustomization.Read(Repository.PathOf("config/samples"));
        var changed = demo.Objects.Zip(plain.Objects).SelectMany(pair => Differences(pair.First, pair.Second, "")).ToList();
        Assert.That(demo.Objects, Has.Count.EqualTo(plain.Objects.Count));
        Assert.That(changed, Has.Count.EqualTo(demo.Changes.Count));
        Assert.That(changed.Select(path => path[(path.LastIndexOf('.') + 1)..]).Distinct(), Is.SubsetOf(DurationsAndTtls));
    }

    [Test]
    public void The_demo_is_accepted()
    {
        var objects = Kustomization.Read(Repository.PathOf("config/samples/demo")).Objects.Where(o => (string)o["kind"]! != "Secret");
        Assert.That(objects.SelectMany(o => Kinds.Write(o).Errors), Is.Empty);
    }

    [Test]
    public void The_samples_refer_to_one_another()
    {
        var set = KubernetesJson.Deserialize<MongoReplicaSet>(Kinds.Sample("MongoReplicaSet").ToJsonString());
        var record = KubernetesJson.Deserialize<WeightedDnsRecord>(Kinds.Sample("WeightedDnsRecord").ToJsonString());
        var migration = KubernetesJson.Deserialize<RegionMigration>(Kinds.Sample("RegionMigration").ToJsonString());
        var secret = Repository.Documents(Repository.Read("config/samples/marketplace/credentials.yaml")).Single();

        Assert.That(migration.Spec.ReplicaSetRef.Name, Is.EqualTo(set.Metadata.Name));
        Assert.That(migration.Spec.DnsRecordRefs!.Select(r => r.Name), Is.EqualTo(new[] { record.Metadata.Name }));
        Assert.That(set.Spec.Regions.Select(r => r.Name), Is.EqualTo(new[] { migration.Spec.From, migration.Spec.To }));
        Assert.That(record.Spec.Endpoints.Select(e => e.Region), Is.EqualTo(new[] { migration.Spec.From, migration.Spec.To }));
        Assert.That(set.Spec.Connection.CredentialsSecretRef!.Name, Is.EqualTo((string)secret["metadata"]!["name"]!));
        Assert.That((string)secret["type"]!, Is.EqualTo(ApiGroup.CredentialsSecretType));
    }

    // The types read what is written, fill in what the server fills in, and write what the server accepts.
    private static void AssertRoundTrip<T>(string kind)
    {
        var written = KubernetesJson.Deserialize<T>(Kinds.Sample(kind).ToJsonString());
        var stored = Kinds.Sample(kind);
        Kinds.Write(stored);
        var read = KubernetesJson.Deserialize<T>(stored.ToJsonString());
        Assert.That(KubernetesJson.Serialize(written), Is.EqualTo(KubernetesJson.Serialize(read)));

        var (unknown, errors) = Kinds.Write(JsonNode.Parse(KubernetesJson.Serialize(written))!.AsObject());
        Assert.That(unknown, Is.Empty);
        Assert.That(errors, Is.Empty);
    }

    private static IEnumerable<string> Differences(JsonNode? left, JsonNode? right, string path) => (left, right) switch
    {
        (JsonObject a, JsonObject b) => a.Select(p => p.Key).Union(b.Select(p => p.Key)).SelectMany(k => Differences(a[k], b[k], $"{path}.{k}")),
        (JsonArray a, JsonArray b) when a.Count == b.Count => a.Zip(b).SelectMany((pair, i) => Differences(pair.First, pair.Second, $"{path}.{i}")),
        _ => JsonNode.DeepEquals(left, right) ? [] : [path],
    };
}
