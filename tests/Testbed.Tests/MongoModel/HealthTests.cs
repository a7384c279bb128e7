using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>How members see each other's trouble, and how soon.</summary>
public sealed class HealthTests
{
    [Test]
    public void A_frozen_member_shows_as_down_after_a_heartbeat_interval_and_its_timeout()
    {
        var set = TestSet.Of(3);
        set[3].Pause();

        var wait = set.Until(() => Seen(set, 3)["health"] == 0, 20);

        // Seen: 12.0 s, 2 s interval + 10 s timeout.
        Assert.That(wait.TotalSeconds, Is.InRange(10, 12.05));
        Assert.That(Seen(set, 3)["stateStr"].AsString, Is.EqualTo("(not reachable/healthy)"));
        Assert.That(Seen(set, 3)["optimeDate"].ToUniversalTime(), Is.EqualTo(DateTime.UnixEpoch));
        Assert.That(Seen(set, 3)["lastHeartbeatMessage"].AsString, Is.EqualTo("Couldn't get a connection within the time limit"));
    }

    [Test]
    public void A_killed_member_shows_as_down_at_the_next_heartbeat()
    {
        var set = TestSet.Of(3);
        set[3].Crash();

        var wait = set.Until(() => Seen(set, 3)["health"] == 0, 20);

        Assert.That(wait.TotalSeconds, Is.LessThan(2.05));
        Assert.That(Seen(set, 3)["lastHeartbeatMessage"].AsString, Does.EndWith("Connection refused"));
    }

    [Test]
    public void A_member_that_goes_on_is_seen_up_within_a_tenth_of_a_second()
    {
        var set = TestSet.Of(3);
        set[3].Pause();
        set.Run(20);
        set[3].Resume();

        var wait = set.Until(() => Seen(set, 3)["health"] == 1, 5);

        Assert.That(wait.TotalMilliseconds, Is.LessThan(100));
    }

    [Test]
    public void While_a_member_is_down_its_last_heartbeat_goes_on_and_the_received_one_stands_still()
    {
        var set = TestSet.Of(3);
        set[3].Crash();
        set.Run(5);
        var before = Seen(set, 3);
        set.Run(5);
        var after = Seen(set, 3);

        Assert.That(after["lastHeartbeat"].ToUniversalTime(), Is.GreaterThan(before["lastHeartbeat"].ToUniversalTime()));
        Assert.That(after["lastHeartbeatRecv"], Is.EqualTo(before["lastHeartbeatRecv"]));
    }

    [Test]
    public void A_lagging_member_looks_healthy_and_only_its_optime_stands_still()
    {
        var set = TestSet.Of(3);
        set[3].SetSpeed(new DiskOptions { ApplyStopped = true });
        for (var i = 0; i < 20; i++)
        {
            set.Insert(1, i);
            set.Run(1);
        }

        var seen = Seen(set, 3);
        var primary = Seen(set, 1);

        Assert.That(seen["stateStr"].AsString, Is.EqualTo("SECONDARY"));
        Assert.That(seen["health"].ToDouble(), Is.EqualTo(1));
        Assert.That((primary["optimeDate"].ToUniversalTime() - seen["optimeDate"].ToUniversalTime()).TotalSeconds, Is.GreaterThan(15));
    }

    [Test]
    public void A_member_with_another_key_file_is_accepted_without_a_vote_and_never_answers()
    {
        var set = new TestSet();
        set.Add(1, keyFile: "ours");
        set.Add(2, keyFile: "another");
        set.Ok(1, new BsonDocument("replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray { TestSet.Member(1) } } }));
        set.Run(2);

        var reply = set.Reconfig(1, config => config["members"].AsBsonArray.Add(TestSet.Member(2, priority: 0, votes: 0)));
        set.Run(5);

        Assert.That(reply["ok"].ToDouble(), Is.EqualTo(1));
        var seen = Seen(set, 2);
        Assert.That(seen["health"].ToDouble(), Is.Zero);
        Assert.That(seen["authenticated"].AsBoolean, Is.False);
        Assert.That(seen["lastHeartbeatMessage"].AsString, Is.Empty);
    }

    [Test]
    public void Of_a_member_that_was_never_heard_of_the_health_is_minus_one_until_its_first_heartbeat_ends()
    {
        var set = new TestSet();
        set.Add(1);
        set.Add(2);
        set.Ok(1, new BsonDocument("replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray { TestSet.Member(1) } } }));
        set.Run(2);
        set.Reconfig(1, config => config["members"].AsBsonArray.Add(TestSet.Member(2, priority: 0, votes: 0)));
        set.Until(() => Seen(set, 2)["health"] == 1, 5);
        set[1].Crash();
        set[2].Pause();
        set.Run(0.1);
        set[1].Restart();
        set.Until(() => set.Described(1).State is "SECONDARY", 5);

        var early = Seen(set, 2);
        var wait = set.Until(() => Seen(set, 2)["health"] == 0, 20);

        Assert.That((early["health"].ToDouble(), early["state"].ToInt32(), early["stateStr"].AsString), Is.EqualTo((-1.0, 6, "UNKNOWN")));
        Assert.That((early["lastHeartbeat"].ToUniversalTime(), early["pingMs"].ToInt64()), Is.EqualTo((DateTime.UnixEpoch, 0L)));
        Assert.That(wait.TotalSeconds, Is.InRange(5, 10.1), "the time limit of a heartbeat");
    }

    private static BsonDocument Seen(TestSet set, int number) =>
        set.Ok(1, "{replSetGetStatus: 1}")["members"].AsBsonArray.Select(member => member.AsBsonDocument)
            .Single(member => member["name"] == TestSet.Host(number));
}
