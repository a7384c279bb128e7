using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>Index builds of collections that hold documents (manual: index builds on populated collections, setIndexCommitQuorum).</summary>
public sealed class IndexBuildTests
{
    private static readonly BsonDocument Create = BsonDocument.Parse("{createIndexes: 'x', indexes: [{key: {a: 1}, name: 'a_1'}], $db: 'test'}");

    private static readonly BsonDocument Current = BsonDocument.Parse(
        "{aggregate: 1, pipeline: [{$currentOp: {allUsers: true}}, {$match: {'command.createIndexes': {$exists: true}}}], cursor: {}, $db: 'admin'}");

    [Test]
    public void A_build_with_the_default_quorum_waits_for_a_dead_voter_until_the_quorum_is_lowered()
    {
        var (set, build) = WithDeadVoter();

        Assert.That(build.IsCompleted, Is.False);
        Assert.That(set.Ok(1, Current)["cursor"]["firstBatch"].AsBsonArray, Has.Count.EqualTo(1));
        set.Ok(1, "{setIndexCommitQuorum: 'x', indexNames: ['a_1'], commitQuorum: 'majority', $db: 'test'}");
        set.Until(() => build.IsCompleted, 5);
        Assert.That(build.Result["ok"].ToDouble(), Is.EqualTo(1), build.Result.ToString);
        Assert.That(set.Ok(1, Current)["cursor"]["firstBatch"].AsBsonArray, Is.Empty);
    }

    [Test]
    public void A_build_goes_on_when_the_dead_voter_loses_its_vote()
    {
        var (set, build) = WithDeadVoter();

        set.Reconfig(1, config => config["members"][2] = TestSet.Member(3, priority: 0, votes: 0));

        set.Until(() => build.IsCompleted, 15);
        Assert.That(build.Result["ok"].ToDouble(), Is.EqualTo(1), build.Result.ToString);
    }

    [Test]
    public void A_voter_that_builds_no_indexes_makes_the_default_quorum_impossible()
    {
        var set = TestSet.Of(2);
        set.Add(3);
        set.Join(3, new BsonDocument { { "buildIndexes", false }, { "priority", 0 } });
        set.Until(() => set.Ok(1, "{replSetGetStatus: 1}")["votingMembersCount"] == 3, 30);
        set.Insert(1, 1);

        var refused = set.Send(1, Create);
        var lower = set.Ok(1, new BsonDocument(Create).Add("commitQuorum", "majority"));

        Assert.That((refused["code"].AsInt32, refused["codeName"].AsString), Is.EqualTo((278, "UnsatisfiableCommitQuorum")));
        Assert.That(lower["commitQuorum"].AsString, Is.EqualTo("majority"));
    }

    [Test]
    public void An_empty_collection_gets_its_index_whoever_is_down()
    {
        var set = TestSet.Of(3);
        set[3].Crash();

        Assert.That(set.Ok(1, Create)["numIndexesAfter"].AsInt32, Is.EqualTo(2));
    }

    [Test]
    public void A_step_down_ends_the_wait()
    {
        var (set, build) = WithDeadVoter();

        set.Ok(1, "{replSetStepDown: 30, secondaryCatchUpPeriodSecs: 2}");

        set.Until(() => build.IsCompleted, 5);
        Assert.That(build.Result["code"].AsInt32, Is.EqualTo(11602));
    }

    private static (TestSet Set, Task<BsonDocument> Build) WithDeadVoter()
    {
        var set = TestSet.Of(3);
        set.Insert(1, 1);
        set[3].Crash();
        set.Run(15);
        var build = set.Start(1, Create.DeepClone().AsBsonDocument);
        set.Run(30);
        return (set, build);
    }
}
