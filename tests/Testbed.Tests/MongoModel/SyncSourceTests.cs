using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>Who follows whom.</summary>
public sealed class SyncSourceTests
{
    [Test]
    public void An_initial_sync_copies_from_the_nearest_member()
    {
        var set = TwoRegions();
        set.Run(10);
        set.Add(6, "eu-west-2");
        set.Reconfig(1, config => config["members"].AsBsonArray.Add(TestSet.Member(6, priority: 0, votes: 0)));
        set.Until(() => set.Described(6).State == "SECONDARY", 30);

        var source = set.Trace.Last(line => line.Contains($"{TestSet.Host(6)} initial sync from", StringComparison.Ordinal)).Split(' ')[^1];

        Assert.That(source, Is.EqualTo(TestSet.Host(4)).Or.EqualTo(TestSet.Host(5)));
    }

    [Test]
    public void Without_chaining_every_member_follows_the_primary()
    {
        var set = TwoRegions(new BsonDocument("chainingAllowed", false));
        Write(set, seconds: 10);

        Assert.That(new[] { 2, 3, 4, 5 }.Select(number => Source(set, number)), Is.All.EqualTo(TestSet.Host(1)));
    }

    [Test]
    public void A_voter_follows_a_member_without_a_vote_where_it_reaches_no_other()
    {
        var set = TestSet.Of(3);
        set.Add(4);
        set.Reconfig(1, config => config["members"].AsBsonArray.Add(TestSet.Member(4, priority: 0, votes: 0)));
        set.Until(() => set.Described(4).State == "SECONDARY", 30);
        Write(set, seconds: 3);
        Assert.That(Source(set, 2), Is.EqualTo(TestSet.Host(1)).Or.EqualTo(TestSet.Host(3)), "a voter is preferred");

        set.Network.Faults.Partition([TestSet.Host(2)], [TestSet.Host(1), TestSet.Host(3)]);
        Write(set, seconds: 30);

        Assert.That(Source(set, 2), Is.EqualTo(TestSet.Host(4)));
    }

    [Test]
    public void A_member_follows_the_source_that_it_was_told()
    {
        var set = TestSet.Of(3);
        Write(set, seconds: 3);

        var reply = set.Ok(3, $"{{replSetSyncFrom: '{TestSet.Host(2)}'}}");
        Write(set, seconds: 3);

        Assert.That(reply["syncFromRequested"].AsString, Is.EqualTo(TestSet.Host(2)));
        Assert.That(reply["prevSyncTarget"].AsString, Is.EqualTo(TestSet.Host(1)));
        Assert.That(Source(set, 3), Is.EqualTo(TestSet.Host(2)));
    }

    [TestCase(4, 4, false)]
    [TestCase(5, 0, true)]
    public void From_5_0_on_a_source_is_left_for_one_that_is_nearer(int major, int minor, bool isLeft)
    {
        var set = TwoRegions(version: new ServerVersion(major, minor, 29, 13));
        Write(set, seconds: 5);
        var member = set[4].Process!;
        var last = member.Disk.Oplog.Last;
        var reply = new FetchReply(FetchOutcome.Entries, [], last, last, last.Term, 1, IsPrimary: true, SyncSource: null);

        Assert.That(member.Fetcher.Sources.ShouldLeave(TestSet.Host(1), reply, member.Disk.Oplog.First), Is.EqualTo(isLeft));
    }

    [Test]
    public void A_write_is_counted_through_a_chain()
    {
        var set = TestSet.Of(3);
        Write(set, seconds: 2);
        set.Ok(3, $"{{replSetSyncFrom: '{TestSet.Host(2)}'}}");
        Write(set, seconds: 3);

        var reply = set.Insert(1, 100_000, "{w: 3, wtimeout: 1000}");

        Assert.That(reply.Contains("writeConcernError"), Is.False, reply.ToString);
    }

    [Test]
    public void A_custom_write_concern_waits_for_members_with_different_tags()
    {
        var set = TestSet.Of(3);
        var changed = set.Reconfig(1, config =>
        {
            config["members"][0]["tags"] = new BsonDocument("region", "ie");
            config["members"][1]["tags"] = new BsonDocument("region", "ie");
            config["members"][2]["tags"] = new BsonDocument("region", "uk");
            config["settings"]["getLastErrorModes"] = BsonDocument.Parse("{both: {region: 2}}");
        });
        Assert.That(changed["ok"].ToDouble(), Is.EqualTo(1), changed.ToString);
        set.Run(3);
        Assert.That(set.Insert(1, 1, "{w: 'both', wtimeout: 1000}").Contains("writeConcernError"), Is.False);
        set[3].SetSpeed(new DiskOptions { ApplyStopped = true });

        var late = set.Insert(1, 2, "{w: 'both', wtimeout: 1000}");

        Assert.That(late["writeConcernError"]["code"].AsInt32, Is.EqualTo(64));
    }

    private static TestSet TwoRegions(BsonDocument? settings = null, ServerVersion? version = null)
    {
        var set = new TestSet(version: version);
        for (var number = 1; number <= 5; number++)
        {
            set.Add(number, number <= 3 ? "eu-west-1" : "eu-west-2");
        }

        set.Network.Faults.SetRoundTrip("eu-west-1", "eu-west-2", TimeSpan.FromMilliseconds(30));
        var config = new BsonDocument
        {
            { "_id", "rs0" }, { "members", new BsonArray(Enumerable.Range(1, 5).Select(number => TestSet.Member(number, number == 1 ? 2 : 1))) },
        };
        if (settings is not null)
        {
            config.Add("settings", settings);
        }

        set.Ok(1, new BsonDocument("replSetInitiate", config));
        set.Until(() => set.PrimaryNumber() == 1, 60);
        return set;
    }

    private static void Write(TestSet set, double seconds)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            _ = set.Start(1, BsonDocument.Parse("{insert: 'x', documents: [{a: 1}], $db: 'test', writeConcern: {w: 1}}"));
            set.Run(0.1);
        }
    }

    private static string Source(TestSet set, int number) => set.Ok(number, "{replSetGetStatus: 1}")["syncSourceHost"].AsString;
}
