using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Samples;

/// <summary>The real operator works on every sample of a replica set, in virtual time, until it rests as the sample says.</summary>
public sealed class SetSampleScenarios
{
    private static readonly IReadOnlyDictionary<string, string> Votes = new Dictionary<string, string>
    {
        ["arbiter"] = "eu-west-1:3 eu-west-2:1",
        ["demo"] = "eu-west-1:3 eu-west-2:2",
        ["kubernetes-members"] = "eu-west-1:3 eu-west-2:2",
        ["marketplace"] = "eu-west-1:3 eu-west-2:2",
        ["tls"] = "eu-west-1:3",
        ["x509"] = "eu-west-1:3",
    };

    private static IEnumerable<string> Folders() => Sample.FoldersWith<MongoReplicaSet>();

    [TestCaseSource(nameof(Folders))]
    public void A_set_comes_to_rest_as_its_sample_says(string folder)
    {
        var spec = Sample.Of<MongoReplicaSet>(folder).Spec;
        using var world = new ReplicaSetWorld(Network(spec));
        world.Calls.Authorization = true;
        foreach (var secret in Secrets(spec.Connection))
        {
            world.Secrets[secret.Metadata.Name] = secret;
        }

        Initiate(world, spec.Regions.Single(r => r.Name == spec.PrimaryRegion));
        world.Apply(spec);
        if (spec.Reconfiguration.Mode == "Plan")
        {
            world.RunUntil(w => w.Status.Plan is not null);
            Assert.That(world.Status.Plan!.Select(s => s.Summary).ToList(), Has.Count.EqualTo(1).And.All.Contains("set tags of"), "one step, and no vote in it");
        }
        else
        {
            world.RunUntilSettled(limitSeconds: 3600);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(world.Status.Conditions!.Where(c => c is { Type: ConditionTypes.Stalled, Status: "True" }), Is.Empty, world.Story());
            Assert.That(world.Status.Summary!.Votes, Is.EqualTo(Votes[folder]));
            Assert.That(world.Status.Members!.Select(m => m.Host), Is.EquivalentTo(spec.Regions.SelectMany(r => r.Members).Select(m => m.Host)));
        }
    }

    private static SimulatedReplicaSetNetwork Network(MongoReplicaSetSpec spec)
    {
        var network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(1));
        foreach (var region in spec.Regions)
        {
            foreach (var member in region.Members)
            {
                network.AddMember(new MemberOptions { Host = member.Host, Region = region.Name, ReplSetName = spec.ReplicaSetName });
            }
        }

        return network;
    }

    private static void Initiate(ReplicaSetWorld world, RegionSpec home)
    {
        var members = home.Members.Select((m, id) => new BsonDocument { { "_id", id }, { "host", m.Host } }.Add("arbiterOnly", true, m.ArbiterOnly == true));
        world.Network.Execute(home.Members[0].Host, new BsonDocument { { "replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray(members) } } }, { "$db", "admin" } });
        Assert.That(world.Network.RunUntil(() => world.Primary is not null, TimeSpan.FromSeconds(60)), "initiated");
        world.Network.RunFor(TimeSpan.FromSeconds(30));
    }

    private static IEnumerable<V1Secret> Secrets(ConnectionSpec connection)
    {
        if (connection.CredentialsSecretRef is { } login)
        {
            yield return Secret(login.Name, ApiGroup.CredentialsSecretType, ("username", "modestano-operator"), ("password", "for-this-test-only"));
        }

        if (connection.Tls.CaSecretRef is { } authority)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = new CertificateRequest("CN=modestano-operator,O=Modestano", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var pem = certificate.ExportCertificatePem();
            yield return connection.Tls.ClientCertificateSecretRef is null
                ? Secret(authority.Name, $"{ApiGroup.Name}/ca", ("ca.crt", pem))
                : Secret(authority.Name, "kubernetes.io/tls", ("ca.crt", pem), ("tls.crt", pem), ("tls.key", key.ExportPkcs8PrivateKeyPem()));
        }
    }

    private static V1Secret Secret(string name, string type, params (string Key, string Value)[] data) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Type = type,
        Data = data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value)),
    };
}
