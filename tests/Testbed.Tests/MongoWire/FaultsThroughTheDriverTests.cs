using System.Diagnostics;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;
using MongoDB.Driver;
using WriteConcern = MongoDB.Driver.WriteConcern;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>Each fault that members and links can have, and each behaviour that takes its time, as the official driver meets it on real sockets.</summary>
public sealed class FaultsThroughTheDriverTests
{
    // Each in a region of its own, so that a majority is always across regions.
    private static readonly string[] Regions =
        ["mongo-a.eu-west-1.modestano.test:27017", "mongo-a.eu-west-2.modestano.test:27017", "mongo-a.eu-west-3.modestano.test:27017"];

    private const string Newcomer = "mongo-d.eu-west-1.modestano.test:27017";

    [Test]
    public async Task A_majority_write_takes_the_round_trip_between_the_regions()
    {
        await using var set = await EmbeddedSet.StartAsync(hosts: Regions);
        var items = Items(set);
        await items.InsertOneAsync(new BsonDocument());
        await OnLoopAsync(set, () => Pairs().ForEach(pair => set.Mongo.Network.Faults.SetRoundTrip(pair.One, pair.Other, TimeSpan.FromMilliseconds(200))));

        Assert.That(await LongestOfAsync(items, 3), Is.GreaterThan(TimeSpan.FromMilliseconds(195)));
    }

    [Test]
    public async Task Lost_packets_show_as_writes_that_take_a_retransmission()
    {
        await using var set = await EmbeddedSet.StartAsync(hosts: Regions);
        await OnLoopAsync(set, () => Pairs().ForEach(pair => set.Mongo.Network.Faults.SetLoss(pair.One, pair.Other, 0.5)));

        // With every member asked, a write without any loss is one in sixteen.
        Assert.That(await LongestOfAsync(Items(set).WithWriteConcern(new WriteConcern(3)), 4), Is.GreaterThan(TimeSpan.FromMilliseconds(200)), "a packet is sent again after 200 ms");
    }

    [Test]
    public async Task What_only_a_primary_on_the_wrong_side_of_a_partition_took_is_rolled_back()
    {
        await using var set = await EmbeddedSet.StartAsync();
        var old = set.Mongo.Primary!.Host;
        var others = EmbeddedSet.Hosts.Where(host => host != old).ToList();
        await set.ConnectTo(old).GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        await OnLoopAsync(set, () => set.Mongo.Network.Faults.Partition([old], others));
        await Direct(set, old).WithWriteConcern(WriteConcern.W1).InsertOneAsync(new BsonDocument("_id", "lost"));
        await EmbeddedSet.WaitAsync("the other side has a primary", async () =>
            (await set.Mongo.DescribeAsync()).Any(member => member.Host != old && member.IsWritablePrimary));
        await EmbeddedSet.WaitAsync("the old one stepped down", async () => !(await set.Mongo.DescribeAsync()).Single(member => member.Host == old).IsWritablePrimary);
        await Direct(set, set.Mongo.Primary!.Host).WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(new BsonDocument("_id", "kept"));

        await OnLoopAsync(set, set.Mongo.Network.Faults.Heal);
        await EmbeddedSet.WaitAsync("the old primary has what the new one has", async () =>
            (await set.Mongo.DescribeAsync()).Single(member => member.Host == old).State == "SECONDARY" && await IdsAsync(Direct(set, old)) is ["kept"]);
    }

    [Test]
    public async Task A_path_that_is_cut_one_way_makes_one_member_look_down_to_one_other()
    {
        await using var set = await EmbeddedSet.StartAsync(heartbeatTimeoutSecs: 1);
        var primary = set.Mongo.Primary!.Host;
        var (silent, third) = (EmbeddedSet.Hosts.First(host => host != primary), EmbeddedSet.Hosts.Last(host => host != primary));

        await OnLoopAsync(set, () => set.Mongo.Network.Faults.Cut(silent, primary));
        await EmbeddedSet.WaitAsync("the primary does not hear it", async () => await HealthAsync(set, primary, silent) == 0);
        Assert.That(await HealthAsync(set, third, silent), Is.EqualTo(1));
        await OnLoopAsync(set, () => set.Mongo.Network.Faults.Mend(silent, primary));
        await EmbeddedSet.WaitAsync("the primary hears it again", async () => await HealthAsync(set, primary, silent) == 1);
    }

    [Test]
    public async Task A_paused_member_is_down_to_the_others_and_silent_to_its_clients_until_it_goes_on()
    {
        await using var set = await EmbeddedSet.StartAsync(heartbeatTimeoutSecs: 1);
        var primary = set.Mongo.Primary!.Host;
        var paused = EmbeddedSet.Hosts.First(host => host != primary);
        var admin = set.ConnectTo(paused).GetDatabase("admin");
        await admin.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));

        set.Mongo.Member(paused).Model.Pause();
        var ping = admin.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        await EmbeddedSet.WaitAsync("it shows as down", async () => await HealthAsync(set, primary, paused) == 0);
        Assert.That(ping.IsCompleted, Is.False);
        set.Mongo.Member(paused).Model.Resume();
        Assert.That((await ping)["ok"].ToDouble(), Is.EqualTo(1));
        await EmbeddedSet.WaitAsync("it shows as up", async () => await HealthAsync(set, primary, paused) == 1);
    }

    [Test]
    public async Task A_slow_disk_makes_its_member_lag_and_only_a_write_that_needs_it_wait()
    {
        await using var set = await EmbeddedSet.StartAsync();
        var slow = EmbeddedSet.Hosts.First(host => host != set.Mongo.Primary!.Host);
        set.Mongo.Member(slow).Model.SetSpeed(new DiskOptions { ApplyDelay = TimeSpan.FromMilliseconds(700) });
        var items = Items(set);

        Assert.That(await LongestOfAsync(items.WithWriteConcern(new WriteConcern(3)), 2), Is.GreaterThan(TimeSpan.FromMilliseconds(690)));
        Assert.That(await LongestOfAsync(items, 2), Is.LessThan(TimeSpan.FromSeconds(20)), "a majority does without it");
    }

    [Test]
    public async Task A_skewed_clock_shows_in_the_members_own_time_and_the_set_works()
    {
        await using var set = await EmbeddedSet.StartAsync();
        var skewed = EmbeddedSet.Hosts.First(host => host != set.Mongo.Primary!.Host);
        await OnLoopAsync(set, () => set.Mongo.Member(skewed).Model.ClockSkew = TimeSpan.FromHours(1));

        var hello = await set.ConnectTo(skewed).GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1));
        Assert.That(hello["localTime"].ToUniversalTime() - DateTime.UtcNow, Is.EqualTo(TimeSpan.FromHours(1)).Within(TimeSpan.FromMinutes(1)));
        await Items(set).WithWriteConcern(new WriteConcern(3)).InsertOneAsync(new BsonDocument());
    }

    [Test]
    public async Task The_oplog_forgets_its_oldest_entries_when_it_is_full()
    {
        await using var set = await EmbeddedSet.StartAsync(oplogSizeBytes: 1024 * 1024);
        var items = Items(set);
        await items.InsertOneAsync(new BsonDocument());
        var before = await OldestAsync(set);
        for (var i = 0; i < 30; i++)
        {
            await items.InsertOneAsync(new BsonDocument("text", new string('x', 100_000)));
        }

        Assert.That(await OldestAsync(set), Is.GreaterThan(before));
    }

    [Test]
    public async Task A_voter_that_joins_is_newly_added_while_it_syncs_and_tells_how_far_it_is()
    {
        await using var set = await EmbeddedSet.StartAsync(spare: [Newcomer]);
        await Items(set).InsertOneAsync(new BsonDocument("text", new string('x', 1_000_000)));
        set.Mongo.Member(Newcomer).Model.SetSpeed(new DiskOptions { InitialSyncBytesPerSecond = 300_000 });
        await ReconfigAsync(set, config => config["members"].AsBsonArray.Add(new BsonDocument { { "_id", 3 }, { "host", Newcomer } }));

        await EmbeddedSet.WaitAsync("it tells of its initial sync", async () =>
            (await StatusAsync(set, Newcomer)).GetValue("initialSyncStatus", new BsonDocument()).AsBsonDocument.GetValue("approxTotalBytesCopied", 0).ToInt64() > 0);
        Assert.That((await StoredAsync(set)).GetValue("newlyAdded", false).AsBoolean, Is.True);
        Assert.That((await StatusAsync(set, set.Mongo.Primary!.Host))["votingMembersCount"].AsInt32, Is.EqualTo(3), "it has no vote yet");
        await EmbeddedSet.WaitAsync("it is a voter like the others", async () =>
            (await StatusAsync(set, set.Mongo.Primary!.Host))["votingMembersCount"].AsInt32 == 4 && !(await StoredAsync(set)).Contains("newlyAdded"));
    }

    [Test]
    public async Task The_member_of_the_highest_priority_takes_over_once_it_has_caught_up_and_the_old_primary_hands_over()
    {
        await using var set = await EmbeddedSet.StartAsync();
        var items = Items(set);
        var favoured = EmbeddedSet.Hosts.First(host => host != set.Mongo.Primary!.Host);
        await ReconfigAsync(set, config => config["members"].AsBsonArray.Single(member => member["host"] == favoured)["priority"] = 5);
        var writes = 0;
        await EmbeddedSet.WaitAsync("it is primary", async () =>
        {
            await items.InsertOneAsync(new BsonDocument("_id", writes++));
            return set.Mongo.Primary?.Host == favoured;
        });

        Assert.That(await items.WithReadConcern(ReadConcern.Majority).CountDocumentsAsync(new BsonDocument()), Is.EqualTo(writes));
    }

    /// <summary>What a member has; null: it does not let itself be read, as it may have begun to roll back just now.</summary>
    private static async Task<List<string>?> IdsAsync(IMongoCollection<BsonDocument> items)
    {
        try
        {
            return [.. (await items.Find(new BsonDocument()).ToListAsync()).Select(document => document["_id"].AsString)];
        }
        catch (MongoException)
        {
            return null;
        }
    }

    private static List<(string One, string Other)> Pairs() => [("eu-west-1", "eu-west-2"), ("eu-west-1", "eu-west-3"), ("eu-west-2", "eu-west-3")];

    private static IMongoCollection<BsonDocument> Items(EmbeddedSet set) =>
        set.Connect().GetDatabase("shop").WithWriteConcern(WriteConcern.WMajority).GetCollection<BsonDocument>("items");

    private static IMongoCollection<BsonDocument> Direct(EmbeddedSet set, string host) =>
        set.ConnectTo(host).GetDatabase("shop").WithReadPreference(ReadPreference.SecondaryPreferred).GetCollection<BsonDocument>("items");

    private static async Task<TimeSpan> LongestOfAsync(IMongoCollection<BsonDocument> items, int writes)
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < writes; i++)
        {
            var since = Stopwatch.StartNew();
            try
            {
                await items.InsertOneAsync(new BsonDocument());
            }
            catch (MongoWriteException e) when (e.WriteConcernError?.Code == 11602)
            {
                // A path that is bad enough costs an election, and the driver tries only once more.
            }

            longest = since.Elapsed > longest ? since.Elapsed : longest;
        }

        return longest;
    }

    private static Task<BsonDocument> StatusAsync(EmbeddedSet set, string host) =>
        set.ConnectTo(host).GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument { { "replSetGetStatus", 1 }, { "initialSync", 1 } });

    private static async Task<int> HealthAsync(EmbeddedSet set, string seenBy, string host) =>
        (int)(await StatusAsync(set, seenBy))["members"].AsBsonArray.Single(member => member["name"] == host)["health"].ToDouble();

    private static async Task<BsonDocument> StoredAsync(EmbeddedSet set)
    {
        var config = await set.ConnectTo(set.Mongo.Primary!.Host).GetDatabase("local").GetCollection<BsonDocument>("system.replset").Find(new BsonDocument()).SingleAsync();
        return config["members"].AsBsonArray.Single(member => member["host"] == Newcomer).AsBsonDocument;
    }

    private static async Task<BsonTimestamp> OldestAsync(EmbeddedSet set) =>
        (await set.ConnectTo(set.Mongo.Primary!.Host).GetDatabase("local").GetCollection<BsonDocument>("oplog.rs")
            .Find(new BsonDocument()).Sort(new BsonDocument("$natural", 1)).FirstAsync())["ts"].AsBsonTimestamp;

    private static async Task ReconfigAsync(EmbeddedSet set, Action<BsonDocument> change)
    {
        var admin = set.ConnectTo(set.Mongo.Primary!.Host).GetDatabase("admin");
        var config = (await admin.RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetConfig", 1)))["config"].AsBsonDocument;
        config["version"] = config["version"].ToInt32() + 1;
        change(config);
        await admin.RunCommandAsync<BsonDocument>(new BsonDocument("replSetReconfig", config));
    }

    private static Task OnLoopAsync(EmbeddedSet set, Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        set.Mongo.Network.Loop.Post(() =>
        {
            action();
            done.SetResult();
        });
        return done.Task;
    }
}
