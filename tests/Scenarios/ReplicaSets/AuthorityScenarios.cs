using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>A Secret with the wrong authority: told, and once it is corrected nobody has to wait until it is read again as a matter of routine.</summary>
public sealed class AuthorityScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;

    /// <summary>The least age of what is read again after a refusal, and a pass.</summary>
    private const double AtOnce = 30;

    [Test]
    public void A_corrected_CA_Secret_is_read_at_once_before_the_first_connection_and_later()
    {
        var (right, wrong) = (Authority("CN=right"), Authority("CN=wrong"));
        var network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(1));
        foreach (var host in ReplicaSetWorld.Hosts(Ireland))
        {
            network.AddMember(new MemberOptions { Host = host, Region = Ireland });
        }

        using var world = new ReplicaSetWorld(network, calls => new MembersWithTls(calls, right));
        world.InitiateIreland();
        Put(world, wrong);
        world.Apply(Spec());
        world.RunFor(60);
        Assert.That(world.Status.Primary, Is.Null, world.Story());
        Assert.That(world.Status.Members!.Select(m => m.Message), Is.All.Contains("authority"));

        Put(world, right);
        Assert.That(world.RunUntil(w => w.Status.Primary is not null, AtOnce).TotalSeconds, Is.LessThan(AtOnce));
        world.RunUntilSettled();

        // The members get certificates of another authority: what was right is wrong now, in the middle of the work.
        var next = Authority("CN=next");
        MembersWithTls.Renew(world, next);
        world.Apply(Spec() with { Settings = new Crds.V1Alpha1.ReplicaSetSettings { HeartbeatTimeoutSecs = 9 } });
        world.RunFor(120);
        Assert.That(world.Status.Members!.Select(m => m.Message), Is.All.Contains("authority"), world.Story());
        Put(world, next);
        world.RunUntilSettled(60);
    }

    private static MongoReplicaSetSpec Spec() => new()
    {
        ReplicaSetName = "rs0",
        PrimaryRegion = Ireland,
        Regions = [ReplicaSetWorld.Region(Ireland, 3)],
        Connection = new ConnectionSpec { Tls = new TlsSpec { CaSecretRef = new SecretKeyReference { Name = "mongo-ca" } } },
        Reconfiguration = new ReconfigurationSpec { Adoption = "Automatic", StabilizationWindow = Duration.FromSeconds(5), MinOplogWindow = Duration.FromSeconds(1) },
    };

    private static void Put(ReplicaSetWorld world, X509Certificate2 authority) => world.Secrets["mongo-ca"] = new V1Secret
    {
        Metadata = new V1ObjectMeta { Name = "mongo-ca" },
        Type = ApiGroup.Name + "/ca",
        Data = new Dictionary<string, byte[]> { ["ca.crt"] = Encoding.UTF8.GetBytes(authority.ExportCertificatePem()) },
    };

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>Members whose certificates are of one authority: who trusts another one breaks the handshake off.</summary>
    private sealed class MembersWithTls : IMemberCalls
    {
        private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<SimulatedMemberCalls, MembersWithTls> All = [];

        private readonly IMemberCalls _members;
        private X509Certificate2 _authority;

        public MembersWithTls(IMemberCalls members, X509Certificate2 authority)
        {
            (_members, _authority) = (members, authority);
            All.AddOrUpdate((SimulatedMemberCalls)members, this);
        }

        public static void Renew(ReplicaSetWorld world, X509Certificate2 authority) => (All.TryGetValue(world.Calls, out var members) ? members : throw new InvalidOperationException())._authority = authority;

        public Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken) =>
            target.Connection.CertificateAuthorities?.Any(c => c.Thumbprint == _authority.Thumbprint) == true
                ? _members.RunAsync(target, host, database, command, deadline, cancellationToken)
                : Task.FromException<(BsonDocument, TimeSpan)>(new MongoCallException(
                    host, command.GetElement(0).Name, new MongoFailure(MongoFailureKind.TlsFailed, 0, "", "the certificate is of an authority that is not trusted")));

        public void Begin(ObjectKey set) => _members.Begin(set);

        public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => _members.RoundTrip(target, host);

        public void Rest(ObjectKey set, string? host) => _members.Rest(set, host);

        public void Forget(ObjectKey set) => _members.Forget(set);
    }
}
