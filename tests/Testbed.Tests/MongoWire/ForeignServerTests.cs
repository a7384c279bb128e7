using Modestano.Testbed.Mongo.Foreign;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>What tells a router or a look-alike from a member.</summary>
public sealed class ForeignServerTests
{
    [Test]
    public void A_mongos_names_itself_in_hello_and_belongs_to_no_set()
    {
        var hello = Ask(ForeignKind.Mongos, "hello");

        Assert.That(hello["msg"].AsString, Is.EqualTo("isdbgrid"));
        Assert.That(hello.Contains("setName"), Is.False);
        Assert.That(Ask(ForeignKind.Mongos, "replSetGetConfig")["code"].AsInt32, Is.EqualTo(59));
    }

    [TestCase(ForeignKind.DocumentDb, 303)]
    [TestCase(ForeignKind.CosmosDb, 59)]
    public void A_look_alike_says_that_it_is_a_primary_and_knows_no_config(ForeignKind kind, int code)
    {
        Assert.That(Ask(kind, "hello").Names, Does.Contain("setName"));
        Assert.That(Ask(kind, "replSetGetConfig")["code"].AsInt32, Is.EqualTo(code));
    }

    private static BsonDocument Ask(ForeignKind kind, string command) =>
        new ForeignServer(kind, "a:27017").Answer(new BsonDocument { { command, 1 }, { "$db", "admin" } }, new ClientSession(1, null, null));
}
