using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Events;
using MongoDB.Driver.Core.Servers;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>The official driver on three members: discovery, monitoring, and writes through changes of primary.</summary>
public class DriverOnReplicaSetTests
{
    [Test]
    public async Task The_driver_discovers_all_members_from_one_seed_and_follows_a_new_primary()
    {
        await using var set = await EmbeddedSet.StartAsync();
        var types = new List<ServerType>();
        var client = set.Connect(settings =>
        {
            settings.Servers = [MongoServerAddress.Parse(EmbeddedSet.Hosts[2])];
            settings.ClusterConfigurator = builder => builder.Subscribe<ServerDescriptionChangedEvent>(changed =>
            {
                lock (types)
                {
                    types.Add(changed.NewDescription.Type);
                }
            });
        });
        await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        await EmbeddedSet.WaitAsync("all members known", () => Task.FromResult(
            client.Cluster.Description.Servers.Count(server => server.Type is ServerType.ReplicaSetPrimary or ServerType.ReplicaSetSecondary) == 3));
        Assert.That(client.Cluster.Description.Type, Is.EqualTo(ClusterType.ReplicaSet));

        var before = set.Mongo.Primary!.Host;
        await StepDownAsync(set);
        await EmbeddedSet.WaitAsync("the driver sees another primary", () => Task.FromResult(
            client.Cluster.Description.Servers.Any(server => server.Type == ServerType.ReplicaSetPrimary && EndPointOf(server) != before)));
        lock (types)
        {
            Assert.That(types, Does.Contain(ServerType.ReplicaSetPrimary).And.Contain(ServerType.ReplicaSetSecondary));
        }
    }

    [Test]
    public async Task No_write_is_lost_and_no_error_shows_through_a_step_down_and_a_crash()
    {
        await using var set = await EmbeddedSet.StartAsync();
        var items = set.Connect().GetDatabase("shop").WithWriteConcern(WriteConcern.WMajority).GetCollection<BsonDocument>("items");
        var acknowledged = new List<int>();
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var id = 0; !enough.IsCancellationRequested; id++)
            {
                await items.InsertOneAsync(new BsonDocument("_id", id));
                await items.UpdateOneAsync(new BsonDocument("_id", id), new BsonDocument("$inc", new BsonDocument("n", 1)));
                lock (acknowledged)
                {
                    acknowledged.Add(id);
                }
            }
        });

        await WritesGoOnAsync(acknowledged, writing);
        await StepDownAsync(set);
        await WritesGoOnAsync(acknowledged, writing);
        var crashed = set.Mongo.Primary!;
        crashed.Model.Crash();
        await WritesGoOnAsync(acknowledged, writing);
        crashed.Model.Restart();
        await EmbeddedSet.WaitAsync("the crashed member is back", async () =>
            (await set.Mongo.DescribeAsync()).Single(member => member.Host == crashed.Host).State == "SECONDARY");
        await enough.CancelAsync();
        await writing;

        var stored = await items.WithReadConcern(ReadConcern.Majority).Find(new BsonDocument("n", 1)).ToListAsync();
        Assert.That(stored.Select(document => document["_id"].AsInt32), Is.SupersetOf(acknowledged));
    }

    [TestCase(ServerMonitoringMode.Poll)]
    [TestCase(ServerMonitoringMode.Stream)]
    public async Task A_direct_connection_reads_a_secondarys_own_state(ServerMonitoringMode monitoring)
    {
        await using var set = await EmbeddedSet.StartAsync();
        var secondary = EmbeddedSet.Hosts.First(host => host != set.Mongo.Primary!.Host);
        var admin = set.ConnectTo(secondary, settings => settings.ServerMonitoringMode = monitoring).GetDatabase("admin");
        var status = await admin.RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetStatus", 1));
        Assert.That(status["members"].AsBsonArray.Single(member => member.AsBsonDocument.Contains("self"))["stateStr"], Is.EqualTo((BsonValue)"SECONDARY"));
        var error = await Assert.ThrowsAsync<MongoNotPrimaryException>(
            () => set.ConnectTo(secondary).GetDatabase("shop").GetCollection<BsonDocument>("items").InsertOneAsync(new BsonDocument()));
        Assert.That(error!.Message, Does.Contain("not primary"));
    }

    [Test]
    public async Task A_member_that_died_refuses_connections_until_it_is_started_again()
    {
        await using var set = await EmbeddedSet.StartAsync();
        var secondary = set.Mongo.Member(EmbeddedSet.Hosts.First(host => host != set.Mongo.Primary!.Host));
        secondary.Model.Crash();
        await EmbeddedSet.WaitAsync("its connections are gone", () => Task.FromResult(secondary.ConnectionCount == 0));
        var ping = new BsonDocument("ping", 1);
        IMongoDatabase Admin() => set.ConnectTo(secondary.Host, settings => settings.ServerSelectionTimeout = TimeSpan.FromSeconds(1)).GetDatabase("admin");
        await Assert.ThrowsAsync<TimeoutException>(() => Admin().RunCommandAsync<BsonDocument>(ping));
        secondary.Model.Restart();
        await EmbeddedSet.WaitAsync("it answers again", async () =>
        {
            try
            {
                return (await Admin().RunCommandAsync<BsonDocument>(ping))["ok"] == 1;
            }
            catch (TimeoutException)
            {
                return false;
            }
        });
    }

    private static async Task StepDownAsync(EmbeddedSet set)
    {
        var primary = set.Mongo.Primary!.Host;
        await set.ConnectTo(primary).GetDatabase("admin").RunCommandAsync<BsonDocument>(
            new BsonDocument { { "replSetStepDown", 30 }, { "secondaryCatchUpPeriodSecs", 2 } });
    }

    private static async Task WritesGoOnAsync(List<int> acknowledged, Task writing)
    {
        int Count()
        {
            lock (acknowledged)
            {
                return acknowledged.Count;
            }
        }

        var goal = Count() + 50;
        await EmbeddedSet.WaitAsync("writes go on", async () =>
        {
            if (writing.IsFaulted)
            {
                await writing;
            }

            return Count() >= goal;
        });
    }

    private static string EndPointOf(ServerDescription server) =>
        server.EndPoint is System.Net.DnsEndPoint name ? $"{name.Host}:{name.Port}" : server.EndPoint.ToString()!;
}
