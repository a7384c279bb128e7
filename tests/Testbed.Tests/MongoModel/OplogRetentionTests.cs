using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary><c>oplogMinRetentionHours</c> (4.4 and later; manual: oplog, minimum oplog retention period).</summary>
public sealed class OplogRetentionTests
{
    private const int Size = 20_000;

    [Test]
    public void A_retention_keeps_entries_beyond_the_size_of_the_oplog_and_is_told()
    {
        var kept = Filled(TimeSpan.FromHours(1));
        var dropped = Filled(TimeSpan.Zero);

        Assert.That(Used(kept), Is.GreaterThan(Size));
        Assert.That(kept["status"]["oplogTruncation"]["oplogMinRetentionHours"].ToDouble(), Is.EqualTo(1));
        Assert.That(kept["status"]["oplogTruncation"]["truncateCount"].ToInt64(), Is.Zero);
        Assert.That(Used(dropped), Is.LessThanOrEqualTo(Size));
        Assert.That(dropped["status"]["oplogTruncation"].AsBsonDocument.Contains("oplogMinRetentionHours"), Is.False);
        Assert.That(dropped["status"]["oplogTruncation"]["truncateCount"].ToInt64(), Is.Positive);
    }

    [Test]
    public void It_is_changed_while_the_member_runs()
    {
        var set = TestSet.Of(1);

        set.Ok(1, "{replSetResizeOplog: 1, minRetentionHours: 2.5}");

        Assert.That(set.Ok(1, "{serverStatus: 1}")["oplogTruncation"]["oplogMinRetentionHours"].ToDouble(), Is.EqualTo(2.5));
        Assert.That(set.Send(1, "{replSetResizeOplog: 1, minRetentionHours: -1}")["code"].AsInt32, Is.EqualTo(2));
    }

    private static long Used(BsonDocument of) => of["stats"]["size"].ToInt64();

    private static BsonDocument Filled(TimeSpan retention)
    {
        var set = new TestSet();
        set.Network.AddMember(new MemberOptions { Host = TestSet.Host(1), OplogSizeBytes = Size, OplogMinRetention = retention });
        set.Ok(1, new BsonDocument("replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray { TestSet.Member(1) } } }));
        set.Until(() => set.Described(1).IsWritablePrimary, 20);
        for (var i = 0; i < 300; i++)
        {
            set.Insert(1, i, "{w: 1}");
        }

        return new BsonDocument { { "status", set.Ok(1, "{serverStatus: 1}") }, { "stats", set.Ok(1, "{collStats: 'oplog.rs', $db: 'local'}") } };
    }
}
