using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>An arbiter of a set with users, as the official driver meets it. It has no data, so it has no users (recorded: real-5.0 002 to 004).</summary>
public sealed class ArbiterTests
{
    private const string Primary = "mongo-a.eu-west-1.modestano.test:27017";
    private const string Arbiter = "mongo-b.eu-west-1.modestano.test:27017";
    private static readonly MongoCredential Root = MongoCredential.CreateCredential("admin", "root", "rootpw");

    [Test]
    public async Task It_refuses_every_login_and_tells_anybody_who_leads()
    {
        await using var mongo = await StartAsync();

        var login = new BsonDocument { { "saslStart", 1 }, { "mechanism", "SCRAM-SHA-256" }, { "payload", new BsonBinaryData("n,,n=root,r=fyko"u8.ToArray()) } };
        var refused = await Assert.ThrowsAsync<MongoCommandException>(() => RunAsync(mongo, Arbiter, null, login));
        var hello = await RunAsync(mongo, Arbiter, null, new BsonDocument("hello", 1));

        Assert.That(refused!.Code, Is.EqualTo(18));
        Assert.That((hello["arbiterOnly"].AsBoolean, hello["primary"].AsString, hello["setName"].AsString), Is.EqualTo((true, Primary, "rs0")));
    }

    [Test]
    public async Task The_driver_does_not_even_try_to_log_in()
    {
        await using var mongo = await StartAsync();

        await RunAsync(mongo, Arbiter, Root, new BsonDocument("ping", 1));
        var status = await Assert.ThrowsAsync<MongoCommandException>(() => RunAsync(mongo, Arbiter, Root, new BsonDocument("replSetGetStatus", 1)));

        Assert.That((status!.Code, status.Message), Is.EqualTo((13, "Command replSetGetStatus failed: command replSetGetStatus requires authentication.")));
    }

    private static async Task<EmbeddedMongo> StartAsync()
    {
        var mongo = await EmbeddedMongo.StartAsync(new EmbeddedMongoOptions
        {
            Members = [.. new[] { Primary, Arbiter }.Select(host => new EmbeddedMongoMemberOptions { Host = host, Region = "eu-west-1", KeyFile = "a", LocalhostException = false })],
            Authorization = true,
            Users = [new EmbeddedMongoUser("root", "rootpw", [new RoleName("root", "admin")])],
        });
        await RunAsync(mongo, Primary, Root, BsonDocument.Parse(
            $"{{replSetInitiate: {{_id: 'rs0', members: [{{_id: 0, host: '{Primary}'}}, {{_id: 1, host: '{Arbiter}', arbiterOnly: true}}], settings: {{electionTimeoutMillis: 1000, heartbeatIntervalMillis: 200}}}}}}"));
        await EmbeddedSet.WaitAsync("an arbiter that knows its primary", async () =>
            (await RunAsync(mongo, Arbiter, null, new BsonDocument("hello", 1))).GetValue("primary", "") == Primary);
        return mongo;
    }

    private static async Task<BsonDocument> RunAsync(EmbeddedMongo mongo, string host, MongoCredential? credential, BsonDocument command)
    {
        var settings = mongo.ClientSettings(null, host);
        settings.Credential = credential;
        settings.ServerSelectionTimeout = TimeSpan.FromSeconds(20);
        var client = new MongoClient(settings);
        try
        {
            return await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(command);
        }
        finally
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }
    }
}
