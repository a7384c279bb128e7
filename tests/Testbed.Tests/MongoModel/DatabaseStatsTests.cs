using Modestano.Testbed.Mongo.Model;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary><c>dbStats</c> as the manual and the server's source have it, the same on every release.</summary>
public sealed class DatabaseStatsTests
{
    private static IReadOnlyList<ServerVersion> Releases => ServerVersion.Supported;

    // Manual, dbStats: the member must be PRIMARY or SECONDARY. A member's own database local is always at hand.
    [TestCaseSource(nameof(Releases))]
    public void A_member_that_is_in_no_set_answers_it_of_local_alone(ServerVersion release)
    {
        var set = new TestSet(version: release);
        set.Add(1);

        var admin = set.Send(1, "{dbStats: 1, $db: 'admin', $readPreference: {mode: 'nearest'}}");
        var local = set.Ok(1, "{dbStats: 1, $db: 'local'}");

        Assert.That((admin["code"].AsInt32, admin["errmsg"].AsString), Is.EqualTo((13436, "node is not in primary or recovering state")));
        Assert.That(local["fsTotalSize"].ToInt64(), Is.EqualTo(1L << 40));
        Assert.That(local["fsUsedSize"].ToInt64(), Is.EqualTo(10L << 30));
    }

    // dbcommands.cpp: of a database that is not there everything is 0, the volume too.
    [TestCaseSource(nameof(Releases))]
    public void Of_a_database_that_is_not_there_the_volume_is_zero(ServerVersion release)
    {
        var set = TestSet.Of(1, version: release);

        var missing = set.Ok(1, "{dbStats: 1, $db: 'nowhere'}");
        var there = set.Ok(1, "{dbStats: 1, $db: 'admin'}");

        Assert.That((missing["dataSize"].ToInt64(), missing["fsUsedSize"].ToInt64(), missing["fsTotalSize"].ToInt64()), Is.EqualTo((0L, 0L, 0L)));
        Assert.That(there["fsTotalSize"].ToInt64(), Is.Positive);
    }

    [Test]
    public void A_secondary_answers_without_a_read_preference()
    {
        var set = TestSet.Of(2);
        set.Insert(1, 1);
        set.Run(3);

        Assert.That(set.Ok(2, "{dbStats: 1, $db: 'test'}")["dataSize"].ToInt64(), Is.EqualTo(set.Ok(1, "{dbStats: 1, $db: 'test'}")["dataSize"].ToInt64()).And.Positive);
    }
}
