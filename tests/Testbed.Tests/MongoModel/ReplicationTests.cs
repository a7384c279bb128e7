
namespace Modestano.Testbed.Tests.MongoModel;

public sealed class ReplicationTests
{
    [Test]
    public void A_majority_write_reaches_every_member()
    {
        var set = TestSet.Of(3);

        var reply = set.Insert(1, 7);
        set.Run(5);

        Assert.That(reply["n"].AsInt32, Is.EqualTo(1));
        foreach (var number in new[] { 1, 2, 3 })
        {
            var found = set.Ok(number, "{find: 'x', $db: 'test', $readPreference: {mode: 'nearest'}}");
            Assert.That(found["cursor"]["firstBatch"].AsBsonArray, Has.Count.EqualTo(1), $"member {number}");
        }
    }

    [Test]
    public void A_step_down_hands_over_to_a_secondary()
    {
        var set = TestSet.Of(3);
        var before = set.Now;

        set.Ok(1, "{replSetStepDown: 30, secondaryCatchUpPeriodSecs: 2}");
        set.Until(() => set.PrimaryNumber() is not null and not 1, 5);

        Assert.That((set.Now - before).TotalMilliseconds, Is.LessThan(100));
    }

    [Test]
    public void A_killed_primary_is_replaced_after_an_election_timeout()
    {
        var set = TestSet.Of(3);
        set[1].Crash();
        var gap = set.Until(() => set.PrimaryNumber() is not null and not 1, 30);
        Assert.That(gap.TotalSeconds, Is.InRange(8, 12.5));
    }

    [Test]
    public void A_delayed_member_asks_its_source_no_more_often_than_there_is_news()
    {
        var set = TestSet.Of(3);
        set.Reconfig(1, config => config["members"][2].AsBsonDocument.Set("secondaryDelaySecs", 60).Set("priority", 0).Set("hidden", true));
        set.Run(5);
        var before = set.Network.Loop.ActionsRun;
        set.Insert(1, 7);
        set.Run(30);

        Assert.That(set.Described(3).LastApplied, Is.LessThan(set.Described(1).LastApplied));
        Assert.That(set.Network.Loop.ActionsRun - before, Is.LessThan(2000));
    }

    [Test]
    public void A_delayed_member_catches_up_within_seconds_when_its_delay_is_taken_away()
    {
        var set = TestSet.Of(3);
        set.Reconfig(1, config => config["members"][2].AsBsonDocument.Set("secondaryDelaySecs", 60).Set("priority", 0).Set("hidden", true));
        set.Run(5);
        set.Insert(1, 7);
        set.Run(5);
        Assert.That(set.Described(3).LastApplied, Is.LessThan(set.Described(1).LastApplied));

        set.Reconfig(1, config => config["members"][2].AsBsonDocument.Set("secondaryDelaySecs", 0));
        set.Run(5);

        Assert.That(set.Described(3).LastApplied, Is.EqualTo(set.Described(1).LastApplied));
    }

    [Test]
    public void A_standalone_takes_writes()
    {
        var set = new TestSet();
        set.Add(1, replSetName: null);

        Assert.That(set.Insert(1, 1, "{w: 1}")["n"].AsInt32, Is.EqualTo(1));
    }
}
