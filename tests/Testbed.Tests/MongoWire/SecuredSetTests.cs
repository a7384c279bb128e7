using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>A set with users and TLS, as a production set has them.</summary>
public class SecuredSetTests
{
    private static readonly EmbeddedMongoOptions Options = new()
    {
        Members = [],
        Authorization = true,
        Tls = new EmbeddedMongoTls(),
        Users =
        [
            new EmbeddedMongoUser("root", "rootpw", [new RoleName("root", "admin")]),
            new EmbeddedMongoUser("operator", "operatorpw", [new RoleName("clusterManager", "admin"), new RoleName("clusterMonitor", "admin")]),
        ],
    };

    [Test]
    public async Task A_prepared_member_outside_the_set_answers_a_logged_in_operator_that_it_was_never_initialised()
    {
        await using var mongo = await EmbeddedMongo.StartAsync(Options with
        {
            Members = [new EmbeddedMongoMemberOptions { Host = "mongo-a.eu-west-2.modestano.test:27017", Region = "eu-west-2" }],
        });
        var settings = mongo.ClientSettings(null);
        settings.Credential = MongoCredential.CreateCredential("admin", "operator", "operatorpw");
        var client = new MongoClient(settings);
        var error = await Assert.ThrowsAsync<MongoCommandException>(
            () => client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetStatus", 1)));
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        Assert.That((error!.Code, error.CodeName), Is.EqualTo((94, "NotYetInitialized")));
    }

    [Test]
    public async Task Users_made_on_the_primary_log_in_on_every_member()
    {
        await using var set = await EmbeddedSet.StartAsync(Options, MongoCredential.CreateCredential("admin", "root", "rootpw"));
        await set.Connect().GetDatabase("admin").RunCommandAsync<BsonDocument>(BsonDocument.Parse(
            "{createUser: 'shop', pwd: 'shoppw', roles: [{role: 'readWrite', db: 'shop'}], writeConcern: {w: 3}}"));
        foreach (var host in EmbeddedSet.Hosts)
        {
            var client = set.ConnectTo(host, settings => settings.Credential = MongoCredential.CreateCredential("admin", "shop", "shoppw"));
            var reply = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("connectionStatus", 1));
            Assert.That(reply["authInfo"]["authenticatedUsers"][0]["user"], Is.EqualTo((BsonValue)"shop"), host);
        }
    }
}
