using System.Net;
using System.Net.Sockets;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Mongo.Wire;
using Modestano.Operator.Runtime;
using Modestano.Operator.Tests.Migrations;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>
/// A name that leads to an address that may be called when it is looked at, and to another one afterwards: real listeners stand at both, and only
/// the first is ever connected to.
/// </summary>
[Category("Hostile")]
public sealed class RebindingTests
{
    private static readonly IPAddress Permitted = IPAddress.Parse("127.0.0.9");

    /// <summary>This machine itself: a connection to it ends at 127.0.0.1.</summary>
    private static readonly IPAddress Forbidden = IPAddress.Any;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TcpListener _there = null!;
    private TcpListener _here = null!;

    private int Port => ((IPEndPoint)_there.LocalEndpoint).Port;

    [SetUp]
    public void Listen()
    {
        _there = new TcpListener(Permitted, 0);
        _there.Start();
        _here = new TcpListener(IPAddress.Loopback, Port);
        _here.Start();
    }

    [TearDown]
    public void Stop()
    {
        _there.Dispose();
        _here.Dispose();
    }

    [Test]
    public async Task A_second_look_would_lead_to_this_machine()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Forbidden, Port);
        Assert.That(_here.Pending(), Is.True);
    }

    [Test]
    public async Task A_probe_is_sent_to_the_address_that_was_looked_at_each_time_that_it_is_repeated()
    {
        var names = new ChangingName(Permitted, Forbidden);
        var probing = ProbeAsync(names);
        var connections = 0;
        while (await Task.WhenAny(probing, AcceptAsync()) != probing)
        {
            // It has broken off once more.
        }

        async Task AcceptAsync()
        {
            // What breaks off is tried again.
            using var connection = await _there.AcceptTcpClientAsync();
            connections++;
        }

        Assert.That((await probing).Result, Is.EqualTo(GateVerdict.Failing));
        Assert.That(connections, Is.GreaterThan(1), "it is tried again");
        Assert.That(names.Looks, Is.EqualTo(1));
        Assert.That(_here.Pending(), Is.False);
    }

    [Test]
    public async Task A_probe_of_a_name_that_leads_to_this_machine_is_not_sent()
    {
        var gate = await ProbeAsync(new ChangingName(Forbidden, Permitted));
        Assert.That((gate.Result, gate.Message), Is.EqualTo((GateVerdict.Unknown, "endpoint eu-west-2: its address is not probed: it is a link-local, metadata or multicast address, or none of a host")));
        Assert.That(_here.Pending() || _there.Pending(), Is.False);
    }

    [Test]
    public async Task A_member_is_connected_to_at_addresses_that_were_looked_at_for_that_connection()
    {
        var names = new ChangingName(Permitted, Forbidden);
        using var client = Client(names);
        var asking = client.RunAsync("admin", new BsonDocument("hello", 1), Patience, CancellationToken.None);
        using (await _there.AcceptTcpClientAsync().WaitAsync(Patience))
        {
            // It hangs up: the driver connects again, by a name that leads elsewhere now.
        }

        await Assert.ThrowsAsync<MongoCallException>(() => asking);
        var refused = (await Assert.ThrowsAsync<MongoCallException>(() => client.RunAsync("admin", new BsonDocument("hello", 1), Patience, CancellationToken.None)))!;
        Assert.That(refused.Failure.Kind, Is.EqualTo(MongoFailureKind.NotGranted), refused.Failure.Message);
        Assert.That(names.Looks, Is.GreaterThan(1));
        Assert.That(_here.Pending(), Is.False, "nobody learns even whether somebody listens there");
    }

    [Test]
    public async Task A_member_whose_name_leads_to_this_machine_is_not_connected_to()
    {
        using var client = Client(new ChangingName(Forbidden, Forbidden));
        var refused = (await Assert.ThrowsAsync<MongoCallException>(() => client.RunAsync("admin", new BsonDocument("hello", 1), Patience, CancellationToken.None)))!;
        Assert.That(refused.Failure.Kind, Is.EqualTo(MongoFailureKind.NotGranted), refused.Failure.Message);
        Assert.That(_here.Pending(), Is.False);
    }

    [Test]
    public void A_connection_that_leads_there_all_the_same_is_given_up_before_a_byte_is_sent()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, Port);
        Assert.Throws<HostNotGrantedException>(() => new GrantedAddresses(Options(NameResolution.OfTheMachine), new ObjectKey("shop", "marketplace"), $"mongo.rebind.test:{Port}").Check(socket));
    }

    private MongoConnectionOptions Options(NameResolution names) => new()
    {
        LeastSecurity = LeastSecurity.Any,
        Grants = GrantsFile.Parse($"hosts: [{{namespaces: [shop], suffixes: [rebind.test], cidrs: [{Permitted}/32], ports: [{Port}]}}]", "grants.yaml"),
        ProbeTimeout = Patience,
        Names = names,
    };

    private MemberClient Client(NameResolution names) => new(
        new ObjectKey("shop", "marketplace"), $"mongo.rebind.test:{Port}", new ReplicaSetConnection { UseTls = false }, Options(names),
        new MemberBudgets(ReplyBudget.Default().Open("shop"), new HashingBudget(ScramRounds.Most, TimeProvider.System)), _ => { });

    private async Task<GateStatus> ProbeAsync(NameResolution names)
    {
        var stage = new MigrationStage(s => s with { Gates = new GatesSpec { Probes = [new ProbeGate { Name = "health", EndpointRef = "shop", Path = "/", Scheme = "http", Port = Port }] } });
        stage.Record!.Spec = stage.Record.Spec with { Endpoints = [.. stage.Record.Spec.Endpoints.Select(e => e with { Values = ["web.rebind.test"] })] };
        stage.Migration.Status = new RegionMigrationStatus { Gates = [new GateStatus { Name = "health", FailingSince = stage.Now.UtcDateTime.AddMinutes(-1) }] };
        var grants = GrantsFile.Parse($"providers: [{{name: production, namespaces: [shop], zones: [Z1], nameSuffixes: [modestano.test], probes: {{ports: [{Port}]}}}}]\nprobes: {{allowLoopback: true}}", "grants.yaml");
        return (await new ProbeGateSource(grants, Outgoing.TestPipelines.Of(), TimeProvider.System, names).EvaluateAsync(stage.Context(), "eu-west-2", CancellationToken.None)).Single();
    }

    /// <summary>A name with one address for the first look, and another one from then on.</summary>
    private sealed class ChangingName(IPAddress first, IPAddress then) : NameResolution
    {
        private int _looks;

        public int Looks => _looks;

        public override IPAddress[] Find(string name) => [Interlocked.Increment(ref _looks) == 1 ? first : then];

        public override Task<IPAddress[]> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Find(name));
    }
}
