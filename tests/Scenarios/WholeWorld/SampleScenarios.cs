using System.Text.Json.Nodes;
using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Testbed;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.KubeApi.Http;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>The demo applies the committed samples, and the world has the names that they use.</summary>
public sealed class SampleScenarios
{
    [Test]
    [Category("RealClients")]
    public async Task The_demo_reads_its_samples_as_kubectl_kustomize_does()
    {
        var built = YamlText.ParseAll(await Kubectl.RunAsync("kustomize", RepositoryFolder.DemoSamples)).OfType<JsonObject>();
        Assert.That(ByKind(Kustomization.Read(RepositoryFolder.DemoSamples).Objects), Is.EqualTo(ByKind(built)));
    }

    [Test]
    public void The_world_has_the_names_that_the_samples_use()
    {
        var set = Sample<MongoReplicaSet>();
        var record = Sample<WeightedDnsRecord>();
        var migration = Sample<RegionMigration>();
        var secret = Samples().Single(o => (string?)o["kind"] == "Secret");

        Assert.That(set.Spec.ReplicaSetName, Is.EqualTo(SampleNames.ReplicaSet));
        Assert.That(set.Spec.PrimaryRegion, Is.EqualTo(SampleNames.OldRegion));
        foreach (var region in set.Spec.Regions)
        {
            Assert.That(region.Members.Select(m => m.Host), Is.EqualTo(SampleNames.Members(region.Name)));
        }

        Assert.That((string?)secret["stringData"]?["username"], Is.EqualTo(SampleNames.OperatorUser));
        Assert.That((string?)secret["stringData"]?["password"], Is.EqualTo(SampleNames.OperatorPassword));
        Assert.That((record.Spec.HostedZone.Id, record.Spec.Name), Is.EqualTo((SampleNames.ZoneId, SampleNames.Record)));
        Assert.That(record.Spec.Name, Does.EndWith("." + SampleNames.Zone));
        Assert.That(record.Spec.Endpoints.ToDictionary(e => e.Values!.Single(), e => e.Region), Is.EqualTo(SampleNames.Addresses));
        Assert.That((migration.Spec.From, migration.Spec.To), Is.EqualTo((SampleNames.OldRegion, SampleNames.NewRegion)));
    }

    private static IReadOnlyList<JsonObject> Samples() => Kustomization.Read(Path.Combine(RepositoryFolder.Config, "samples")).Objects;

    private static T Sample<T>() => KubernetesJson.Deserialize<T>(Samples().Single(o => (string?)o["kind"] == typeof(T).Name).ToJsonString());

    private static Dictionary<string, string> ByKind(IEnumerable<JsonObject> objects) => objects.ToDictionary(o => (string)o["kind"]!, o => Canonical(o));

    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(",", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"\"{p.Key}\":{Canonical(p.Value)}")) + "}",
        JsonArray list => "[" + string.Join(",", list.Select(Canonical)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };
}
