using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>What follows on a forced reconfig.</summary>
public sealed class ForcedConfigTests
{
    [Test]
    public void A_new_primary_leaves_a_forced_config_as_it_is_and_the_next_reconfig_gives_it_a_term()
    {
        var set = TestSet.Of(3);
        set.Ok(1, new BsonDocument { { "replSetReconfig", set.Config(1) }, { "force", true } });
        set.Run(5);
        set[1].Crash();
        set.Until(() => set.PrimaryNumber() is not null and not 1, 30);
        var primary = set.PrimaryNumber()!.Value;

        Assert.That(set.Config(primary).Contains("term"), Is.False);
        set.Until(() => set.Described(primary).ConfigCommitted, 10);
        Assert.That(set.Reconfig(primary, _ => { }, new BsonDocument("maxTimeMS", 20000))["ok"].ToDouble(), Is.EqualTo(1));
        Assert.That(set.Config(primary)["term"].ToInt64(), Is.EqualTo(set.Described(primary).Term));
    }

    [Test]
    public void A_primary_that_cannot_be_elected_any_more_by_a_config_from_another_member_steps_down()
    {
        var set = TestSet.Of(3);
        var config = set.Config(2);
        config["members"][0]["votes"] = 0;
        config["members"][0]["priority"] = 0;
        set.Ok(2, new BsonDocument { { "replSetReconfig", config }, { "force", true } });

        set.Until(() => set.Described(1).State == "SECONDARY", 10);
        set.Until(() => set.PrimaryNumber() is not null, 30);

        Assert.That(set.PrimaryNumber(), Is.Not.EqualTo(1));
    }
}
