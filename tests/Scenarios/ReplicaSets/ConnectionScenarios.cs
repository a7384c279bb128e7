using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using MongoDB.Bson;
using MongoDB.Driver;
using Prometheus;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Clients to members over real wires: logins, TLS, and what each failure is called.</summary>
[CancelAfter(240_000)]
[Category("EmbeddedOnly")]
public sealed class ConnectionScenarios
{
    private const string Host = "mongo-a.eu-west-1.modestano.test:27017";
    private const string AddressOnly = "127.0.3.1:27117";
    private static readonly ObjectKey Set = new("shop", "marketplace");
    private static readonly RoleName[] Roles = [new("clusterManager", "admin"), new("clusterMonitor", "admin"), new("read", "local")];

    /// <summary>Longer than any handshake takes on a machine that is busy with other tests: no case here waits until it ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly BsonDocument Status = new("replSetGetStatus", 1);

    [TestCase("SCRAM-SHA-256")]
    [TestCase("SCRAM-SHA-1")]
    public async Task A_user_logs_in_by(string mechanism)
    {
        await using var mongo = await StartAsync();
        await using var operating = Operator(mongo);

        var failure = await FailureAsync(operating, Login() with { Mechanism = mechanism });

        Assert.That(failure.Code, Is.EqualTo(94), "logged in, and told that it was never initialised");
    }

    [Test]
    public async Task A_wrong_password_is_an_authentication_failure()
    {
        await using var mongo = await StartAsync();
        await using var operating = Operator(mongo);

        Assert.That((await FailureAsync(operating, Login() with { Password = "wrong" })).Kind, Is.EqualTo(MongoFailureKind.AuthenticationFailed));
    }

    [Test]
    public async Task A_closed_port_is_unreachable()
    {
        await using var mongo = await StartAsync();
        await using var operating = Operator(mongo);
        mongo.Member(Host).Model.Crash();

        var failure = await FailureAsync(operating, Login());

        Assert.That(failure.Kind, Is.EqualTo(MongoFailureKind.Unreachable), failure.Message);
    }

    [Test]
    public async Task A_certificate_of_the_CA_in_the_spec_is_trusted_and_another_one_is_not()
    {
        await using var mongo = await StartAsync(new EmbeddedMongoTls());
        await using var operating = Operator(mongo);
        var authority = Pem(mongo.CertificateAuthorityPem!);

        var trusted = await FailureAsync(operating, Login() with { UseTls = true, CertificateAuthorities = authority });
        var unknown = await FailureAsync(operating, Login() with { UseTls = true });
        var plain = await FailureAsync(operating, Login());

        Assert.That(trusted.Code, Is.EqualTo(94));
        Assert.That(unknown.Kind, Is.EqualTo(MongoFailureKind.TlsFailed));
        Assert.That((plain.Kind, plain.Message), Is.EqualTo((MongoFailureKind.Unreachable, "the member closed the connection: it may speak TLS only")));
    }

    [Test, Category("Hostile")]
    public async Task Where_CAs_are_to_be_asked_a_members_certificate_that_names_nobody_to_ask_is_refused()
    {
        await using var mongo = await StartAsync(new EmbeddedMongoTls());
        await using var operating = Operator(mongo, checkRevocation: true);

        var failure = await FailureAsync(operating, Login() with { UseTls = true, CertificateAuthorities = Pem(mongo.CertificateAuthorityPem!) });

        Assert.That(failure.Kind, Is.EqualTo(MongoFailureKind.TlsFailed));
        Assert.That(failure.Message, Does.Contain("--mongo-check-revocation"));
    }

    [Test]
    public async Task A_member_without_TLS_is_told_from_one_that_does_not_answer()
    {
        await using var mongo = await StartAsync();
        await using var operating = Operator(mongo);

        var failure = await FailureAsync(operating, Login() with { UseTls = true });

        Assert.That((failure.Kind, failure.Message), Is.EqualTo((MongoFailureKind.TlsFailed, "the member does not speak TLS")));
    }

    [Test]
    public async Task A_certificate_logs_its_user_in_and_one_of_nobody_does_not()
    {
        const string Subject = "CN=modestano-operator,OU=platform,O=Modestano";
        await using var mongo = await StartAsync(new EmbeddedMongoTls(AskForClientCertificates: true, RequireClientCertificates: true), certificateUser: Subject);
        await using var operating = Operator(mongo);
        var known = await FailureAsync(operating, ByCertificate(mongo, Subject));
        var nobody = await FailureAsync(operating, ByCertificate(mongo, "CN=somebody,O=Modestano"));
        var without = await FailureAsync(operating, Login() with { UseTls = true, CertificateAuthorities = Pem(mongo.CertificateAuthorityPem!) });
        Assert.That(known.Code, Is.EqualTo(94), $"logged in, and told that it was never initialised: {known}");
        Assert.That(nobody.Kind, Is.EqualTo(MongoFailureKind.AuthenticationFailed), nobody.Message);
        Assert.That((without.Kind, without.Message), Is.EqualTo((MongoFailureKind.TlsFailed, "the member closed the connection: it may ask for a client certificate")));
    }

    [Test]
    public async Task The_user_of_the_manual_is_made_through_the_localhost_exception_and_may_do_what_the_operator_does()
    {
        await using var mongo = await EmbeddedMongo.StartAsync(new EmbeddedMongoOptions
        {
            Authorization = true,
            Members = [new EmbeddedMongoMemberOptions { Host = AddressOnly }],
            Proxy = false,
        });
        var onTheMachine = new MongoClient(mongo.ClientSettings(null));
        var admin = onTheMachine.GetDatabase("admin");
        await admin.RunCommandAsync<BsonDocument>(BsonDocument.Parse($"{{ replSetInitiate: {{ _id: 'rs0', members: [ {{ _id: 0, host: '{AddressOnly}' }} ] }} }}"));
        await Eventually.Is(() => mongo.Primary is not null, "there is a primary");
        await admin.RunCommandAsync<BsonDocument>(CreateUserOfTheManual("s3cret"));
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(onTheMachine.Cluster);
        await using var operating = Operator(mongo);
        var login = new ReplicaSetConnection { Mechanism = "SCRAM-SHA-256", UserName = "modestano-operator", Password = "s3cret", UseTls = false };
        var replies = (await operating.GetRequiredService<IReplicaSetGateway>().ObserveAsync(new ReplicaSetTarget(Set, login), [AddressOnly], ObservationReach.AllMembers, CancellationToken.None)).Single();
        CommandReply[] all =
        [
            replies.Hello, replies.Status, replies.Config, replies.SystemReplset, replies.OplogFirst, replies.OplogLast, replies.OplogStats, replies.BuildInfo,
            replies.FeatureCompatibility, replies.CurrentOperations, replies.DefaultConcerns, replies.Databases,
        ];
        Assert.That(all.Select(r => r.Failure), Has.All.Null);
        Assert.That(all.Select(r => r.Document), Has.All.Not.Null);
    }

    [Test]
    public async Task No_login_is_tried_on_an_arbiter_and_its_hello_tells_whom_it_takes_for_the_primary()
    {
        const string Arbiter = "127.0.3.2:27117";
        await using var mongo = await EmbeddedMongo.StartAsync(new EmbeddedMongoOptions
        {
            Authorization = true,
            Proxy = false,
            Users = [new EmbeddedMongoUser("operator", "s3cret", Roles)],

            // An arbiter holds no data, and so no users (recorded: 18 to the set's own user).
            Members = [new EmbeddedMongoMemberOptions { Host = AddressOnly }, new EmbeddedMongoMemberOptions { Host = Arbiter, HasUsers = false, LocalhostException = false }],
        });
        await using var operating = Operator(mongo);
        var target = new ReplicaSetTarget(Set, Login().ToConnection());
        var config = BsonDocument.Parse($"{{ _id: 'rs0', members: [ {{ _id: 0, host: '{AddressOnly}' }}, {{ _id: 1, host: '{Arbiter}', arbiterOnly: true }} ] }}");
        await operating.GetRequiredService<IMemberCalls>().RunAsync(target, AddressOnly, "admin", new BsonDocument("replSetInitiate", config), TimeSpan.FromSeconds(20), CancellationToken.None);
        await Eventually.Is(async () => mongo.Primary is not null && (await mongo.DescribeAsync()).Any(m => m.State == "ARBITER"), "there are a primary and an arbiter");

        var replies = await operating.GetRequiredService<IReplicaSetGateway>().ObserveAsync(target, [AddressOnly], ObservationReach.AllMembers, CancellationToken.None);

        var arbiter = replies.Single(r => r.Host == Arbiter);
        Assert.That((arbiter.Connection, arbiter.LoggedIn, arbiter.Status), Is.EqualTo(((MongoFailure?)null, false, CommandReply.NotAsked)));
        Assert.That((arbiter.Hello.Document?["arbiterOnly"].ToBoolean(), arbiter.Hello.Document?["primary"].AsString), Is.EqualTo((true, AddressOnly)));
    }

    /// <summary>The command that docs/replica-sets.md tells people to run, in the form in which mongosh sends it.</summary>
    private static BsonDocument CreateUserOfTheManual(string password)
    {
        var manual = File.ReadAllText(Path.Combine(RepositoryRoot.PathOf(), "docs", "replica-sets.md"));
        var begin = manual.IndexOf("createUser(", StringComparison.Ordinal) + "createUser(".Length;
        var user = BsonDocument.Parse(manual[begin..(manual.IndexOf("})", begin, StringComparison.Ordinal) + 1)].Replace("passwordPrompt()", $"'{password}'", StringComparison.Ordinal));
        return new BsonDocument { { "createUser", user["user"] }, { "pwd", user["pwd"] }, { "roles", user["roles"] } };
    }

    private static TestConnection ByCertificate(EmbeddedMongo mongo, string subject)
    {
        using var issued = mongo.CertificateAuthority!.IssueClient(subject);
        var own = new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = "own" },
            Type = "kubernetes.io/tls",
            Data = new Dictionary<string, byte[]>
            {
                ["tls.crt"] = Encoding.UTF8.GetBytes(issued.ExportCertificatePem()),
                ["tls.key"] = Encoding.UTF8.GetBytes(issued.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            },
        };
        var ca = new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = "ca" },
            Type = ApiGroup.Name + "/ca",
            Data = new Dictionary<string, byte[]> { ["ca.crt"] = Encoding.UTF8.GetBytes(mongo.CertificateAuthorityPem!) },
        };
        var spec = new ConnectionSpec
        {
            Mechanism = "MONGODB-X509",
            Tls = new TlsSpec { CaSecretRef = new SecretKeyReference { Name = "ca" }, ClientCertificateSecretRef = new LocalObjectReference { Name = "own" } },
        };
        return Login() with { Whole = ConnectionParser.Parse(spec, new Dictionary<string, V1Secret> { ["own"] = own, ["ca"] = ca }) };
    }

    [Test]
    public async Task A_set_at_rest_keeps_three_connections_and_a_forgotten_one_none()
    {
        await using var mongo = await StartAsync(proxy: false);
        await using var operating = Operator(mongo);
        await FailureAsync(operating, Login(), AddressOnly);
        Assert.That(Sockets(), Is.InRange(2, 3), "monitor, round-trip monitor and one command connection");
        var threads = Process.GetCurrentProcess().Threads.Count;

        operating.GetRequiredService<IMemberCalls>().Forget(Set);

        await Eventually.Is(() => Sockets() == 0, "every connection is closed");
        TestContext.Out.WriteLine($"threads before {threads}, after {Process.GetCurrentProcess().Threads.Count}");
    }

    private static int Sockets() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(c => c.State == TcpState.Established && c.RemoteEndPoint.ToString() == AddressOnly);

    private static async Task<MongoFailure> FailureAsync(ServiceProvider operating, TestConnection connection, string host = Host)
    {
        var target = new ReplicaSetTarget(Set, connection.ToConnection());
        try
        {
            await operating.GetRequiredService<IMemberCalls>().RunAsync(target, host, "admin", Status, Patience, CancellationToken.None);
            throw new AssertionException("an uninitialised member answers with an error");
        }
        catch (MongoCallException e)
        {
            return e.Failure;
        }
    }

    private static Task<EmbeddedMongo> StartAsync(EmbeddedMongoTls? tls = null, bool proxy = true, string? certificateUser = null) => EmbeddedMongo.StartAsync(new EmbeddedMongoOptions
    {
        Authorization = true,
        Tls = tls,
        Proxy = proxy,
        Users =
        [
            new EmbeddedMongoUser("operator", "s3cret", Roles),
            .. certificateUser is null ? Array.Empty<EmbeddedMongoUser>() : [new EmbeddedMongoUser(certificateUser, null, Roles, "$external")],
        ],
        Members = [new EmbeddedMongoMemberOptions { Host = proxy ? Host : AddressOnly }],
    });

    private static ServiceProvider Operator(EmbeddedMongo mongo, bool checkRevocation = false)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));

        // A machine that runs every test at once is slow: the causes are looked at here, not the speed.
        services.AddSingleton(new OperatorOptions
        {
            MongoProbeTimeout = Patience,
            MongoLeastSecurity = LeastSecurity.Any,
            MongoCheckRevocation = checkRevocation,
            Grants = GrantsFile.Parse("hosts: [{namespaces: ['*'], suffixes: ['*'], cidrs: [127.0.0.0/8], ports: [27017, 27117]}]", "grants.yaml"),
            MongoSocks5Proxy = mongo.ProxyEndPoint is { } proxy ? new HostPort(proxy.Address.ToString(), proxy.Port) : null,
        });
        services.AddSingleton<IEntityQueue<MongoReplicaSet>>(new SilentQueue());
        services.AddReplicaSets();
        return services.BuildServiceProvider();
    }

    private static X509Certificate2Collection Pem(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private static TestConnection Login() => new("SCRAM-SHA-256", "s3cret", false, null);

    private sealed record TestConnection(string Mechanism, string Password, bool UseTls, X509Certificate2Collection? CertificateAuthorities)
    {
        /// <summary>The connection as a spec and its Secrets make it, instead of the above.</summary>
        public ReplicaSetConnection? Whole { get; init; }

        public ReplicaSetConnection ToConnection() => Whole ??
            new() { Mechanism = Mechanism, UserName = "operator", Password = Password, UseTls = UseTls, CertificateAuthorities = CertificateAuthorities };
    }

    private sealed class SilentQueue : IEntityQueue<MongoReplicaSet>
    {
        public void Enqueue(ObjectKey key)
        {
        }

        public void EnqueueAfter(ObjectKey key, TimeSpan delay)
        {
        }
    }
}
