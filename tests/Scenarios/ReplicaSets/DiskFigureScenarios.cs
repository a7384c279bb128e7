using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>
/// What the operator reads of data and volumes (<c>dbStats</c>), on every release. A member that is in no set answers it of <c>local</c> alone, and
/// a server that knows nothing of its volume says 0 or -1, which is no figure.
/// </summary>
public class DiskFigureScenarios
{
    private const string Primary = "a.eu-west-1:27017";
    private const string Fresh = "b.eu-west-1:27017";

    private static IReadOnlyList<ServerVersion> Releases => ServerVersion.Supported;

    [TestCaseSource(nameof(Releases))]
    public void The_free_disk_of_a_member_that_was_never_initialised_is_read(ServerVersion release)
    {
        using var world = Started(release, new DataVolume(1L << 40, 300L << 30));

        Assert.That(GatewayOf.Observe(world, [Primary, Fresh]).Member(Fresh).FreeDiskBytes, Is.EqualTo((1L << 40) - (300L << 30)));
    }

    [TestCaseSource(nameof(Releases))]
    public void A_volume_that_the_server_cannot_look_at_is_not_known_and_not_full(ServerVersion release)
    {
        using var world = Started(release, DataVolume.Unreadable);

        Assert.That(GatewayOf.Observe(world, [Primary, Fresh]).Member(Fresh).FreeDiskBytes, Is.Null);
    }

    [TestCaseSource(nameof(Releases))]
    public void A_storage_engine_in_memory_has_no_volume(ServerVersion release)
    {
        using var world = Started(release, null);

        Assert.That(GatewayOf.Observe(world, [Primary, Fresh]).Member(Fresh).FreeDiskBytes, Is.Null);
    }

    [TestCaseSource(nameof(Releases))]
    public void The_data_of_all_databases_but_local_is_summed_uncompressed(ServerVersion release)
    {
        using var world = Started(release, new DataVolume(1L << 40, 300L << 30));
        var before = GatewayOf.DataSize(world, Primary);
        var written = new BsonDocument { { "_id", 1 }, { "text", new string('x', 5000) } };
        foreach (var database in (string[])["shop", "stock"])
        {
            world.Network.Execute(Primary, new BsonDocument { { "insert", "goods" }, { "documents", new BsonArray { written } }, { "$db", database } });
        }

        Assert.That(GatewayOf.DataSize(world, Primary) - before, Is.EqualTo(2 * written.ToBson().Length));
    }

    private static ReplicaSetWorld Started(ServerVersion release, DataVolume? volume)
    {
        var network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(1));
        network.AddMember(new MemberOptions { Host = Primary, Region = ReplicaSetWorld.Ireland, Version = release });
        network.AddMember(new MemberOptions { Host = Fresh, Region = ReplicaSetWorld.Ireland, Version = release, Volume = volume });
        var config = new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray { new BsonDocument { { "_id", 0 }, { "host", Primary } } } } };
        network.Execute(Primary, new BsonDocument { { "replSetInitiate", config }, { "$db", "admin" } });
        network.RunFor(TimeSpan.FromSeconds(15));
        return new ReplicaSetWorld(network);
    }
}
