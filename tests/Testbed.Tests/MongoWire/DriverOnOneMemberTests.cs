using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>The official driver against one member: framing, hello, sessions, document sequences.</summary>
public class DriverOnOneMemberTests
{
    [TestCase("serverMonitoringMode=poll")]
    [TestCase("serverMonitoringMode=stream")]
    public async Task The_driver_connects_and_pings(string options)
    {
        await using var member = new RunningMember(new StandaloneMember());
        var reply = await member.Connect(options: options).GetDatabase("admin")
            .RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        Assert.That(reply["ok"], Is.EqualTo((BsonValue)1.0));
    }

    [Test]
    public async Task Documents_written_by_the_driver_are_read_back()
    {
        await using var member = new RunningMember(new StandaloneMember());
        var items = member.Connect().GetDatabase("shop").GetCollection<BsonDocument>("items");
        await items.InsertManyAsync(Enumerable.Range(1, 250).Select(i => new BsonDocument { { "_id", i }, { "price", i * 10 } }));
        await items.UpdateManyAsync(Builders<BsonDocument>.Filter.Gt("price", 2000), Builders<BsonDocument>.Update.Inc("price", 1));
        var read = await items.Find(FilterDefinition<BsonDocument>.Empty).Sort("{_id: 1}").ToListAsync();
        Assert.That(read, Has.Count.EqualTo(250));
        Assert.That(read[^1]["price"], Is.EqualTo((BsonValue)2501));
        Assert.That(await items.CountDocumentsAsync(Builders<BsonDocument>.Filter.Lt("price", 50)), Is.EqualTo(4));
    }

    [Test]
    public async Task A_duplicate_key_reaches_the_application_as_a_write_error()
    {
        await using var member = new RunningMember(new StandaloneMember());
        var items = member.Connect().GetDatabase("shop").GetCollection<BsonDocument>("items");
        await items.InsertOneAsync(new BsonDocument("_id", 1));
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => items.InsertOneAsync(new BsonDocument("_id", 1)));
        Assert.That(error!.WriteError.Category, Is.EqualTo(ServerErrorCategory.DuplicateKey));
        Assert.That(error.WriteError.Message, Does.StartWith("E11000 duplicate key error collection: shop.items index: _id_ dup key: { _id: 1 }"));
    }
}
