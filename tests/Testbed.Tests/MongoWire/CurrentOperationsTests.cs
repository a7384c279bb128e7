using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>Connections in <c>$currentOp</c>, as the manual describes its output.</summary>
public class CurrentOperationsTests
{
    private static readonly MongoCredential Root = MongoCredential.CreateCredential("admin", "root", "rootpw");

    private static readonly EmbeddedMongoOptions Options = new()
    {
        Members = [],
        Authorization = true,
        Users =
        [
            new EmbeddedMongoUser("root", "rootpw", [new RoleName("root", "admin")]),
            new EmbeddedMongoUser("shop", "shoppw", [new RoleName("readWrite", "shop")]),
        ],
    };

    [Test]
    public async Task Idle_connections_show_who_they_are_until_they_are_closed()
    {
        await using var set = await EmbeddedSet.StartAsync(Options, Root);
        var host = EmbeddedSet.Hosts[1];
        var shop = set.ConnectTo(host, s => (s.ApplicationName, s.Credential) = ("checkout", MongoCredential.CreateCredential("admin", "shop", "shoppw")));
        await shop.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        var connections = await AskAsync(set, host, "{ allUsers: true, idleConnections: true }");

        var mine = connections.Single(c => c.GetValue("appName", "") == "checkout" && c.Contains("effectiveUsers"));
        Assert.Multiple(() =>
        {
            Assert.That(mine["effectiveUsers"], Is.EqualTo((BsonValue)new BsonArray { new BsonDocument { { "user", "shop" }, { "db", "admin" } } }));
            Assert.That(mine["active"].AsBoolean, Is.False);
            Assert.That(mine["clientMetadata"]["driver"]["name"].AsString, Does.StartWith("mongo-csharp-driver"));
            Assert.That(mine["client"].AsString, Does.Match(@"^127\.\d+\.\d+\.\d+:\d+$"));
            Assert.That(mine["host"].AsString, Is.EqualTo(host));
            Assert.That(connections.Where(c => c.GetValue("appName", "") == "checkout" && !c.Contains("effectiveUsers")), Is.Not.Empty, "the driver's monitor never logs in");
            Assert.That(connections.Count(c => c.Contains("clientMetadata") && c["clientMetadata"]["driver"]["name"] == "NetworkInterfaceTL"), Is.EqualTo(2), "the other two members");
        });

        Assert.That((await AskAsync(set, host, "{ allUsers: true }")).All(c => c["active"].AsBoolean), Is.True, "without idleConnections only what is at work");
        Assert.That((await AskAsync(set, host, "{ idleConnections: true }")).Select(c => c["effectiveUsers"][0]["user"].AsString).Distinct(), Is.EqualTo(new[] { "root" }), "without allUsers only one's own");

        ClusterRegistry.Instance.UnregisterAndDisposeCluster(shop.Cluster);
        await EmbeddedSet.WaitAsync("its connections are gone", async () => (await AskAsync(set, host, "{ allUsers: true, idleConnections: true }")).All(c => c.GetValue("appName", "") != "checkout"));
    }

    [Test]
    public async Task Only_a_user_with_inprog_sees_the_connections_of_others()
    {
        await using var set = await EmbeddedSet.StartAsync(Options, Root);
        var shop = set.ConnectTo(EmbeddedSet.Hosts[0], s => s.Credential = MongoCredential.CreateCredential("admin", "shop", "shoppw"));
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => shop.GetDatabase("admin").RunCommandAsync<BsonDocument>(Command("{ allUsers: true, idleConnections: true }")));
        Assert.That(error!.Code, Is.EqualTo(13));
    }

    [Test]
    public async Task A_driver_lets_go_of_a_member_that_is_hidden()
    {
        await using var set = await EmbeddedSet.StartAsync(Options, Root);
        var shop = set.Connect(s => s.ApplicationName = "checkout");
        foreach (var host in EmbeddedSet.Hosts)
        {
            await EmbeddedSet.WaitAsync($"{host} sees the application", async () => await IsConnectedAsync(host));
        }

        var primary = set.Mongo.Primary!.Host;
        var hidden = EmbeddedSet.Hosts.First(h => h != primary);
        var config = (await Admin(set, primary).RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetConfig", 1)))["config"].AsBsonDocument;
        var member = config["members"].AsBsonArray.Single(m => m["host"] == hidden);
        (member["hidden"], member["priority"], config["version"]) = (true, 0, config["version"].ToInt32() + 1);
        await Admin(set, primary).RunCommandAsync<BsonDocument>(new BsonDocument("replSetReconfig", config));

        await EmbeddedSet.WaitAsync("the hidden member is left alone", async () => !await IsConnectedAsync(hidden));
        Assert.That(await IsConnectedAsync(primary), Is.True);
        await shop.GetDatabase("shop").GetCollection<BsonDocument>("items").InsertOneAsync(new BsonDocument("_id", 1));

        async Task<bool> IsConnectedAsync(string host) => (await AskAsync(set, host, "{ allUsers: true, idleConnections: true }")).Any(c => c.GetValue("appName", "") == "checkout");
    }

    private static IMongoDatabase Admin(EmbeddedSet set, string host) => set.ConnectTo(host).GetDatabase("admin");

    private static async Task<List<BsonDocument>> AskAsync(EmbeddedSet set, string host, string stage) =>
        [.. (await Admin(set, host).RunCommandAsync<BsonDocument>(Command(stage)))["cursor"]["firstBatch"].AsBsonArray.Select(c => c.AsBsonDocument)];

    private static BsonDocument Command(string stage) => new()
    {
        { "aggregate", 1 },
        { "pipeline", new BsonArray { new BsonDocument("$currentOp", BsonDocument.Parse(stage)) } },
        { "cursor", new BsonDocument("batchSize", 1000) },
    };
}
