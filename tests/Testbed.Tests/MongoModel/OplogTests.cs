using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>The oplog as a window: what falls out of it, who cannot follow any more, who has to go back.</summary>
public sealed class OplogTests
{
    [Test]
    public void The_window_rolls_when_the_oplog_is_full()
    {
        var set = Small();
        var first = FirstSecond(set, 1);
        Fill(set, 1, 100);

        Assert.That(FirstSecond(set, 1), Is.GreaterThan(first));
        var stats = set.Ok(1, "{collStats: 'oplog.rs', $db: 'local'}");
        Assert.That(stats["size"].ToInt64(), Is.LessThanOrEqualTo(stats["maxSize"].ToInt64()));
    }

    [Test]
    public void A_member_that_falls_off_the_oplog_turns_to_recovering_and_says_so_itself()
    {
        var set = Small();
        set[3].Crash();
        Fill(set, 1, 200);
        set[3].Restart();
        var restarted = set.Now;
        set.Until(() => set.Described(3).State == "RECOVERING", 10);

        var own = set.Ok(3, "{replSetGetStatus: 1}");
        var asSeen = set.Ok(1, "{replSetGetStatus: 1}")["members"][2];

        // Seen: SECONDARY for 1.0 s after the restart, then RECOVERING.
        Assert.That((set.Now - restarted).TotalSeconds, Is.InRange(0.5, 3));
        Assert.That(own["tooStale"].AsBoolean, Is.True);
        Assert.That(own["members"][2]["maintenanceMode"].AsInt32, Is.EqualTo(1));
        set.Run(2.5);
        Assert.That(set.Ok(1, "{replSetGetStatus: 1}")["members"][2]["stateStr"].AsString, Is.EqualTo("RECOVERING"));
        Assert.That(asSeen["health"].ToDouble(), Is.EqualTo(1));
        var read = set.Send(3, "{find: 'x', $db: 'test', $readPreference: {mode: 'secondary'}}");
        Assert.That(read["code"].AsInt32, Is.EqualTo(13436));
    }

    [Test]
    public void A_member_whose_disk_is_replaced_syncs_from_scratch()
    {
        var set = Small();
        set[3].Crash();
        Fill(set, 1, 200);
        set[3].WipeDisk();
        set[3].Restart();

        set.Until(() => set.Described(3).State == "SECONDARY" && set.Described(3).LastApplied == set.Described(1).LastApplied, 30);
    }

    [Test]
    public void What_only_the_old_primary_had_is_rolled_back()
    {
        var set = TestSet.Of(3);
        var closed = new List<ConnectionsClosedReason>();
        set[1].ConnectionsClosed += closed.Add;
        set.Insert(1, 1);
        set.Network.Faults.Partition([TestSet.Host(1)], [TestSet.Host(2), TestSet.Host(3)]);
        set.Insert(1, 2, "{w: 1}");
        set.Until(() => set.All().Any(member => member.Host != TestSet.Host(1) && member.IsWritablePrimary), 30);
        set.Insert(set.PrimaryNumber()!.Value, 3);
        set.Network.Faults.Heal();
        set.Run(20);

        Assert.That(Ids(set, 1), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(closed, Is.EqualTo(new[] { ConnectionsClosedReason.RolledBack }));
        Assert.That(set.Ok(1, "{serverStatus: 1}")["repl"]["rbid"].AsInt32, Is.EqualTo(2));
        Assert.That(set.Network.Violations, Is.Empty);
    }

    [Test]
    public void A_delayed_member_applies_operations_after_its_delay()
    {
        var set = TestSet.Of(3);
        var reply = set.Reconfig(1, config =>
        {
            config["members"][2]["priority"] = 0;
            config["members"][2]["hidden"] = true;
            config["members"][2]["secondaryDelaySecs"] = 30;
        });
        Assert.That(reply["ok"].ToDouble(), Is.EqualTo(1), reply.ToString);
        set.Insert(1, 5);

        set.Run(25);
        Assert.That(Ids(set, 3), Is.Empty);
        set.Run(15);
        Assert.That(Ids(set, 3), Is.EqualTo(new[] { 5 }));
    }

    [Test]
    public void A_repeated_write_is_answered_by_the_new_primary_without_doing_it_again()
    {
        var set = TestSet.Of(3);
        var write = BsonDocument.Parse(
            "{update: 'x', updates: [{q: {_id: 1}, u: {$inc: {n: 1}}, upsert: true}], txnNumber: NumberLong(1), writeConcern: {w: 'majority'}, $db: 'test'}");
        write["lsid"] = new BsonDocument("id", new BsonBinaryData(Guid.Parse("22222222-2222-2222-2222-222222222222"), GuidRepresentation.Standard));
        var first = set.Ok(1, write.DeepClone().AsBsonDocument);
        set.Ok(1, "{replSetStepDown: 30, secondaryCatchUpPeriodSecs: 2}");
        set.Until(() => set.PrimaryNumber() is not null, 5);

        var second = set.Ok(set.PrimaryNumber()!.Value, write.DeepClone().AsBsonDocument);

        Assert.That(second["n"], Is.EqualTo(first["n"]));
        Assert.That(second["upserted"], Is.EqualTo(first["upserted"]));
        var found = set.Ok(set.PrimaryNumber()!.Value, "{find: 'x', $db: 'test'}")["cursor"]["firstBatch"][0];
        Assert.That(found["n"].AsInt32, Is.EqualTo(1));
    }

    [Test]
    public void An_idle_primary_writes_a_no_op_every_ten_seconds()
    {
        var set = TestSet.Of(3);
        var before = set.Described(1).LastApplied;
        set.Run(60);

        Assert.That(set.Described(1).LastApplied.Seconds - before.Seconds, Is.InRange(50, 60));
    }

    private static TestSet Small()
    {
        var set = new TestSet();
        for (var number = 1; number <= 3; number++)
        {
            set.Network.AddMember(new MemberOptions { Host = TestSet.Host(number), OplogSizeBytes = 8 * 1024 });
        }

        set.Ok(1, new BsonDocument("replSetInitiate", new BsonDocument
        {
            { "_id", "rs0" }, { "members", new BsonArray { TestSet.Member(1, 2), TestSet.Member(2), TestSet.Member(3) } },
        }));
        set.Until(() => set.PrimaryNumber() == 1, 30);
        set.Run(5);
        return set;
    }

    private static void Fill(TestSet set, int primary, int writes)
    {
        for (var i = 0; i < writes; i++)
        {
            set.Insert(primary, i);
            set.Run(0.2);
        }
    }

    private static int FirstSecond(TestSet set, int number) =>
        set.Ok(number, "{find: 'oplog.rs', sort: {$natural: 1}, limit: 1, $db: 'local'}")["cursor"]["firstBatch"][0]["ts"].AsBsonTimestamp.Timestamp;

    private static int[] Ids(TestSet set, int number) =>
    [
        .. set.Ok(number, "{find: 'x', sort: {_id: 1}, $db: 'test', $readPreference: {mode: 'nearest'}}")["cursor"]["firstBatch"].AsBsonArray
            .Select(document => document["_id"].AsInt32),
    ];
}
