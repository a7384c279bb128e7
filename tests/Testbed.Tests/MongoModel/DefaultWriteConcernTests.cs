using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>The implicit default write concern of 5.0 and later, and what it forbids.</summary>
public sealed class DefaultWriteConcernTests
{
    [Test]
    public void It_is_majority_without_arbiters()
    {
        var set = TestSet.Of(3);

        var reply = set.Ok(1, "{getDefaultRWConcern: 1}");

        Assert.That(reply["defaultWriteConcern"]["w"].AsString, Is.EqualTo("majority"));
        Assert.That(reply["defaultWriteConcernSource"].AsString, Is.EqualTo("implicit"));
    }

    [Test]
    public void A_reconfig_that_changes_it_is_refused_until_one_is_set()
    {
        var set = TestSet.Of(2);
        set.Add(3);
        void AddArbiter(BsonDocument config) => config["members"].AsBsonArray.Add(
            new BsonDocument { { "_id", 3 }, { "host", TestSet.Host(3) }, { "arbiterOnly", true } });

        var refused = set.Reconfig(1, AddArbiter);
        set.Ok(1, "{setDefaultRWConcern: 1, defaultWriteConcern: {w: 'majority'}}");
        var accepted = set.Reconfig(1, AddArbiter);

        Assert.That(refused["code"].AsInt32, Is.EqualTo(103));
        Assert.That(refused["errmsg"].AsString, Does.StartWith("Reconfig attempted to install a config that would change the implicit default write concern"));
        Assert.That(accepted["ok"].ToDouble(), Is.EqualTo(1), accepted.ToString);
        Assert.That(set.Ok(1, "{getDefaultRWConcern: 1}")["defaultWriteConcernSource"].AsString, Is.EqualTo("global"));
    }

    [Test]
    public void With_too_few_writers_it_is_one_and_left_out_of_the_answer()
    {
        var set = PrimaryAndArbiter(ServerVersion.Mongo70);

        var reply = set.Ok(1, "{getDefaultRWConcern: 1}");

        Assert.That(reply.Contains("defaultWriteConcern"), Is.False);
        Assert.That(reply["defaultWriteConcernSource"].AsString, Is.EqualTo("implicit"));
        Assert.That(reply["defaultReadConcern"]["level"].AsString, Is.EqualTo("local"));
    }

    [Test]
    public void A_forced_reconfig_may_not_change_it_either()
    {
        var set = TestSet.Of(2);
        set.Add(3);

        var refused = set.Reconfig(
            1, config => config["members"].AsBsonArray.Add(new BsonDocument { { "_id", 3 }, { "host", TestSet.Host(3) }, { "arbiterOnly", true } }), new BsonDocument("force", true));

        Assert.That(refused["code"].AsInt32, Is.EqualTo(103));
        Assert.That(refused["errmsg"].AsString, Does.Contain("implicit default write concern"));
    }

    [Test]
    public void It_comes_with_the_feature_compatibility_version_and_not_with_the_binary()
    {
        var set = TestSet.Of(2, version: ServerVersion.Mongo50);
        set.Add(3);
        set.Ok(1, "{setFeatureCompatibilityVersion: '4.4'}");

        Assert.That(set.Ok(1, "{getDefaultRWConcern: 1}").Names, Does.Not.Contain("defaultWriteConcern").And.Not.Contain("defaultWriteConcernSource"));
        Assert.That(set.Join(3, new BsonDocument("arbiterOnly", true))["ok"].ToDouble(), Is.EqualTo(1));
    }

    [Test]
    public void It_cannot_be_unset()
    {
        var set = TestSet.Of(1);
        set.Ok(1, "{setDefaultRWConcern: 1, defaultWriteConcern: {w: 1}}");

        var reply = set.Send(1, "{setDefaultRWConcern: 1, defaultWriteConcern: {}}");

        Assert.That(reply["code"].AsInt32, Is.EqualTo(20));
    }

    [Test]
    public void Before_5_0_it_can_be_unset()
    {
        var set = TestSet.Of(1, version: ServerVersion.Mongo44);
        set.Ok(1, "{setDefaultRWConcern: 1, defaultWriteConcern: {w: 1}}");

        set.Ok(1, "{setDefaultRWConcern: 1, defaultWriteConcern: {}}");

        Assert.That(set.Ok(1, "{getDefaultRWConcern: 1}").Contains("defaultWriteConcern"), Is.False);
    }

    [Test]
    public void What_was_set_is_replicated()
    {
        var set = TestSet.Of(3);
        set.Ok(1, "{setDefaultRWConcern: 1, defaultWriteConcern: {w: 1}}");
        set.Ok(1, "{replSetStepDown: 30, secondaryCatchUpPeriodSecs: 2}");
        set.Until(() => set.PrimaryNumber() is not null, 5);

        Assert.That(set.Ok(set.PrimaryNumber()!.Value, "{getDefaultRWConcern: 1}")["defaultWriteConcern"]["w"].ToInt32(), Is.EqualTo(1));
    }

    [Test]
    public void Before_5_0_writes_wait_for_the_primary_alone()
    {
        var set = TestSet.Of(3, version: ServerVersion.Mongo44);
        set[2].SetSpeed(new DiskOptions { ApplyStopped = true });
        set[3].SetSpeed(new DiskOptions { ApplyStopped = true });
        var start = set.Now;

        set.Ok(1, "{insert: 'x', documents: [{a: 1}], $db: 'test'}");

        Assert.That(set.Now, Is.EqualTo(start));
    }

    internal static TestSet PrimaryAndArbiter(ServerVersion version)
    {
        var set = new TestSet(version: version);
        set.Add(1);
        set.Add(2);
        set.Ok(1, new BsonDocument("replSetInitiate", new BsonDocument
        {
            { "_id", "rs0" },
            { "members", new BsonArray { TestSet.Member(1), new BsonDocument { { "_id", 2 }, { "host", TestSet.Host(2) }, { "arbiterOnly", true } } } },
        }));
        set.Until(() => set.Described(1) is { IsWritablePrimary: true, ConfigCommitted: true }, 60);
        set.Run(5);
        return set;
    }
}
