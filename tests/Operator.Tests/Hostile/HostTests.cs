using System.Net;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;
using Modestano.Operator.Tests.ReplicaSets.Control;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>A namespace names MongoDB hosts that are not its own.</summary>
[Category("Hostile")]
public sealed class HostTests
{
    private const string File =
        """
        hosts:
        - namespaces: [shop]
          suffixes: [example.internal]
          cidrs: [10.20.0.0/16, "fd12:3456::/48"]
        - namespaces: [lab]
          suffixes: ["*"]
          cidrs: [127.0.0.0/8, 0.0.0.0/0]
          ports: [27017, 27018]
        """;

    private static readonly ReplicaSetTarget Target = new(new ObjectKey("shop", "marketplace"), new ReplicaSetConnection { UseTls = false });

    [TestCase("shop", "mongo-1.example.internal:27017", null)]
    [TestCase("shop", "10.20.1.2:27017", null)]
    [TestCase("shop", "[fd12:3456::7]:27017", null)]
    [TestCase("shop", "mongo-1.example.internal:6443", "not granted", TestName = "Another_port_is_not_granted")]
    [TestCase("lab", "mongo-1.example.internal:27018", null, TestName = "A_port_that_is_named_is_granted")]
    [TestCase("other", "mongo-1.example.internal:27017", "not granted", TestName = "Another_namespace_is_not_granted")]
    [TestCase("shop", "mongo.neighbour.internal:27017", "not granted")]
    [TestCase("shop", "169.254.169.254:27017", "not granted")]
    [TestCase("shop", "127.0.0.1:27017", "not granted")]
    [TestCase("lab", "127.0.0.1:27017", null, TestName = "Loopback_is_granted_where_a_range_names_it")]
    [TestCase("lab", "127.1:27017", null, TestName = "A_short_spelling_of_loopback_is_loopback")]
    [TestCase("lab", "8.8.8.8:27017", null)]
    [TestCase("lab", "169.254.169.254:27017", "not granted", TestName = "A_wide_range_does_not_open_metadata")]
    [TestCase("lab", "[::ffff:169.254.169.254]:27017", "not granted")]
    [TestCase("lab", "[64:ff9b::a9fe:a9fe]:27017", "not granted", TestName = "Metadata_behind_NAT64_is_not_granted")]
    [TestCase("lab", "[2002:a9fe:a9fe::1]:27017", "not granted", TestName = "Metadata_behind_6to4_is_not_granted")]
    [TestCase("lab", "168.63.129.16:27017", "not granted")]
    [TestCase("lab", "0xa9fea9fe:27017", "not granted", TestName = "A_hexadecimal_spelling_of_metadata_is_not_granted")]
    [TestCase("lab", "2852039166:27017", "not granted", TestName = "A_decimal_spelling_of_metadata_is_not_granted")]
    [TestCase("shop", "mongo-1.example.internal%25:27017", "not granted", TestName = "A_host_with_a_per_cent_sign_is_none")]
    [TestCase("shop", "fe80::1%eth0.example.internal:27017", "not granted")]
    public void A_host_is_connected_to_only_with_a_grant(string inNamespace, string host, string? refusal)
    {
        var grants = GrantsFile.Parse(File, "grants.yaml");
        Assert.That(grants.RefusalForHost(inNamespace, host), refusal is null ? Is.Null : Does.Contain(refusal).And.Contain(host).And.Contain(inNamespace));
    }

    [TestCase("shop", "10.1.1.1", true)]
    [TestCase("shop", "127.0.0.1", false)]
    [TestCase("shop", "::1", false)]
    [TestCase("shop", "169.254.169.254", false)]
    [TestCase("shop", "fd00:ec2::254", false)]
    [TestCase("lab", "127.0.0.1", true)]
    [TestCase("lab", "169.254.169.254", false)]
    public void A_granted_name_leads_to_loopback_or_metadata_only_where_a_range_names_it(string inNamespace, string address, bool allowed)
    {
        var refusal = GrantsFile.Parse(File, "grants.yaml").RefusalForAddress(inNamespace, "mongo-1.example.internal:27017", IPAddress.Parse(address));
        Assert.That(refusal is null, Is.EqualTo(allowed), refusal);
        Assert.That(refusal ?? "", Does.Not.Contain(address), "what a name leads to is not for everybody to see");
    }

    [Test]
    public async Task A_set_without_a_login_reaches_no_host_without_a_grant()
    {
        var stage = new ControllerStage(ControllerStage.ThreePlusThree("eu-west-1"), Grants.None);
        stage.Set.Initiate("mongo-a.eu-west-1:27017");

        await stage.PassAsync();

        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("NotGranted"));
        Assert.That(stage.Condition(ConditionTypes.Stalled).Message, Does.Contain("'mongo-a.eu-west-1:27017' is not granted to namespace 'shop'"));
        Assert.That(stage.Set.Asked, Is.Empty, "nobody was sent anything");
    }

    [Test]
    public async Task No_call_of_the_gateway_reaches_a_host_without_a_grant()
    {
        var calls = new RecordedCalls();
        var gateway = new MongoReplicaSetGateway(calls, new MongoConnectionOptions { LeastSecurity = LeastSecurity.Any, Grants = GrantsFile.Parse(File, "grants.yaml") }, TimeProvider.System);
        const string foreign = "mongo.neighbour.internal:27017";
        var second = TimeSpan.FromSeconds(1);
        foreach (var reach in Enum.GetValues<ObservationReach>())
        {
            var replies = await gateway.ObserveAsync(Target, [foreign], reach, CancellationToken.None);
            Assert.That(replies.Single().Connection?.Kind, Is.EqualTo(MongoFailureKind.NotGranted), $"{reach}");
        }

        Assert.That((await gateway.ApplicationsAsync(Target, [foreign], CancellationToken.None))[foreign], Is.Null);
        Step[] steps =
        [
            new Reconfig { Summary = "", Purpose = default, RunOn = foreign, BaseVersion = 1, BaseTerm = 1 },
            new StepDown { Summary = "", PrimaryHost = foreign, Term = 1, CatchUpSecs = 1, StepDownSecs = 10, Successors = [] },
            new Initiate { Summary = "", SetName = "rs0", Member = new ConfigMember { Id = 0, Host = foreign } },
            new SetDefaultWriteConcern { Summary = "", W = "majority" },
        ];
        foreach (var step in steps)
        {
            var result = await gateway.ExecuteAsync(Target, step, foreign, second, CancellationToken.None);
            Assert.That((result.Outcome, result.Failure?.Kind), Is.EqualTo((StepOutcome.Refused, MongoFailureKind.NotGranted)), step.Kind);
        }

        Assert.That(await gateway.AwaitPrimaryAsync(Target, [foreign], TimeSpan.FromMilliseconds(50), CancellationToken.None), Is.Null);
        Assert.That(calls.Hosts, Is.Empty);
    }

    [Test]
    public async Task A_member_that_a_configuration_names_is_not_called_without_a_grant()
    {
        var calls = new RecordedCalls { Config = new BsonDocument("members", new BsonArray { new BsonDocument { { "_id", 0 }, { "host", "169.254.169.254:80" } }, new BsonDocument { { "_id", 1 }, { "host", "mongo-2.example.internal:27017" } } }) };
        var gateway = new MongoReplicaSetGateway(calls, new MongoConnectionOptions { LeastSecurity = LeastSecurity.Any, Grants = GrantsFile.Parse(File, "grants.yaml") }, TimeProvider.System);

        await gateway.ObserveAsync(Target, ["mongo-1.example.internal:27017"], ObservationReach.AllMembers, CancellationToken.None);

        Assert.That(calls.Hosts.Distinct(), Is.EquivalentTo(new[] { "mongo-1.example.internal:27017", "mongo-2.example.internal:27017" }));
    }

    [TestCase("rs0", 2, true)]
    [TestCase("another", 2, false, TestName = "Whom_a_configuration_of_another_set_names_is_not_called")]
    [TestCase("rs0", 51, false, TestName = "Whom_a_configuration_that_is_none_names_is_not_called")]
    public async Task A_member_that_a_configuration_names_is_called(string name, int members, bool isCalled)
    {
        var named = Enumerable.Range(1, members).Select(i => new BsonDocument { { "_id", i }, { "host", $"mongo-{i}.example.internal:27017" } });
        var calls = new RecordedCalls { Config = new BsonDocument { { "_id", name }, { "members", new BsonArray(named) } } };
        var gateway = new MongoReplicaSetGateway(calls, new MongoConnectionOptions { LeastSecurity = LeastSecurity.Any, Grants = GrantsFile.Parse(File, "grants.yaml") }, TimeProvider.System);

        await gateway.ObserveAsync(Target with { SetName = "rs0" }, ["mongo-1.example.internal:27017"], ObservationReach.AllMembers, CancellationToken.None);

        Assert.That(calls.Hosts.Contains("mongo-2.example.internal:27017"), Is.EqualTo(isCalled));
    }

    [Test]
    public async Task A_missing_grant_does_not_keep_a_migrated_set_from_its_way_back()
    {
        var stage = new ControllerStage(ControllerStage.ThreePlusThree("eu-west-2"), GrantsFile.Parse("hosts: [{namespaces: [shop], suffixes: [eu-west-1]}]", "grants.yaml"));
        stage.Set.Initiate("mongo-a.eu-west-1:27017", "mongo-b.eu-west-1:27017", "mongo-c.eu-west-1:27017");
        await stage.PassAsync();
        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("NotGranted"), "without a migration it waits for the grant");

        stage.Migrations.Put(MongoReplicaSetControllerTests.Migration(revision: 1, "eu-west-1"));
        await stage.PassAsync();
        await stage.PassAsync();

        Assert.That(stage.Condition(ConditionTypes.Stalled).Reason, Is.Not.EqualTo("NotGranted"));
        Assert.That(stage.Set.Asked, Is.Not.Empty);
    }
}
