using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Tests.ReplicaSets.Planning;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>What speaks MongoDB's protocol and is not for this operator to manage: it says what it saw, and touches nothing.</summary>
public class NotSupportedTests
{
    private const string Member = "a1:27017";

    private static IEnumerable<TestCaseData> Kinds()
    {
        // Manual: hello (msg: isdbgrid; configsvr), shardingState (enabled).
        yield return Kind("A_mongos", Member, r => r with { Hello = Ok("{ isWritablePrimary: true, msg: 'isdbgrid' }"), Status = Failed(59, "CommandNotFound") }, "a mongos (hello: isdbgrid)");
        yield return Kind("A_config_server", Member, r => r with { Hello = Ok("{ isWritablePrimary: true, setName: 'rs0', configsvr: 2 }") }, "a config server (hello: configsvr)");
        yield return Kind("A_shard", Member, r => r with { ShardingState = Ok("{ enabled: true, shardName: 'shard01' }") }, "a shard (shardingState: enabled)");
        yield return Kind("A_DocumentDB_by_its_name", "market.cluster-c1.eu-west-1.docdb.amazonaws.com:27017", r => r, "Amazon DocumentDB (its host name)");
        yield return Kind("A_DocumentDB_by_what_it_does_not_know", Member, r => r with { Status = Failed(303, "") }, "no mongod (replSetGetStatus: 303)");
        yield return Kind("A_Cosmos_DB_by_its_name", "market.mongo.cosmos.azure.com:10255", r => r, "Azure Cosmos DB (its host name)");
        yield return Kind("A_mongod_that_is_no_shard", Member, r => r with { ShardingState = Ok("{ enabled: false }") }, null);
        yield return Kind("A_mongod_that_does_not_know_shardingState", Member, r => r with { ShardingState = Failed(59, "CommandNotFound") }, null);
    }

    [TestCaseSource(nameof(Kinds))]
    public void Is_told_by(string host, Func<MemberReplies, MemberReplies> answers, string? kind)
    {
        var replies = answers(new MemberReplies { Host = host, Hello = Recording.Reply("024-primary4-hello"), Status = Recording.Reply("028-primary4-replsetgetstatus") });
        Assert.That(MemberReader.Read(host, replies, null, null, stranger: null).NotSupportedAs, Is.EqualTo(kind));
    }

    [Test]
    public void A_member_of_the_set_that_is_one_stalls_it_with_what_was_seen()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1").With("a1", m => m with { NotSupportedAs = "a shard (shardingState: enabled)" });
        Assert.That(Words(observed), Does.StartWith("NotSupported: a1:27017 is a shard (shardingState: enabled)"));
    }

    [Test]
    public void A_wanted_member_that_is_one_is_not_added_and_the_rest_goes_on()
    {
        var config = Sets.Rested('a', "a1", "a2", "a3").With("a2", m => m with { Priority = 1 });
        var observed = Sets.Observed(config, "a1", "b1").With("b1", m => m with { NotSupportedAs = "a mongos (hello: isdbgrid)" });
        var wanted = Sets.Topology("a", "a1", "a2", "a3", "b1");
        Assert.That(Planner.Next(new(observed, wanted, Sets.Policy, PlanningHistory.Empty)), Is.TypeOf<PlanDecision.Act>(), "the priority");
        observed = observed with { Config = Sets.Rested('a', "a1", "a2", "a3") };
        Assert.That(Sets.Words(Planner.Next(new(observed, wanted, Sets.Policy, PlanningHistory.Empty))), Does.StartWith("NotSupported: b1:27017 cannot be added: it is a mongos"));
    }

    [Test]
    public void A_standalone_alone_is_not_initiated()
    {
        var observed = new ObservedReplicaSet { At = Sets.Now, Members = new Dictionary<string, ObservedMember> { [Member] = new() { Host = Member, Reachable = true, OwnStatus = OwnStatus.NoReplicationEnabled } } };
        Assert.That(Sets.Words(Planner.Next(new(observed, Sets.Topology("a", "a1") with { MayInitiate = true }, Sets.Policy, PlanningHistory.Empty))), Does.StartWith("NotSupported: a1:27017 is a standalone (replSetGetStatus: 76 NoReplicationEnabled)").And.Contain("--replSet rs0"));
    }

    private static string Words(ObservedReplicaSet observed) => Sets.Words(Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy, PlanningHistory.Empty)));

    private static CommandReply Ok(string reply) => new(BsonDocument.Parse(reply), null);

    private static CommandReply Failed(int code, string name) => new(null, FailureClassifier.FromCommand(code, name, "not supported"));

    private static TestCaseData Kind(string name, string host, Func<MemberReplies, MemberReplies> answers, string? kind) => new TestCaseData(host, answers, kind).SetName(name);
}
