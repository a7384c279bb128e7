using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Tests.MongoWire;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>
/// What real drivers sent to a real 4.9 set, byte for byte, sent to an embedded one: each reply has the same fields with the same types, and
/// the same outcome and error.
/// </summary>
public class RecordedTrafficTests
{
    // Compared by value; everything else (times, ids, hosts, contents) by its type.
    private static readonly string[] Compared = ["ok", "errmsg", "code", "codeName", "n", "nIndexesWas", "ns", "helloOk", "ismaster", "secondary", "readOnly"];

    // What the application stored; the recorded run had written more than its distinct requests tell.
    private static readonly string[] Opaque = ["firstBatch", "value"];

    [TestCase("csharp3-14")]
    [TestCase("pymongo3-11")]
    public async Task Recorded_traffic_is_answered_alike(string driver)
    {
        await using var set = await EmbeddedSet.StartAsync(new EmbeddedMongoOptions { Members = [], Version = ServerVersion.Mongo49 });
        var primary = set.Mongo.Primary!;
        var secondary = set.Mongo.Members.First(member => member != primary);
        using var toPrimary = await RawClient.ConnectAsync(primary.EndPoint);
        using var toSecondary = await RawClient.ConnectAsync(secondary.EndPoint);
        await toPrimary.SendAsync(BsonDocument.Parse("{insert: 'c', documents: [{k: 2}, {k: 3}], $db: 'ptest'}"));
        await toPrimary.ReceiveAsync();
        var exchanges = RecordedExchange.All(driver).ToList();
        var handshake = exchanges.First(exchange => exchange.IsHandshake);
        await AskAsync(handshake.IsToSecondary ? toPrimary : toSecondary, handshake);

        var differences = new List<string>();
        foreach (var exchange in exchanges)
        {
            var reply = await AskAsync(exchange.IsToSecondary ? toSecondary : toPrimary, exchange);
            Compare(exchange.Name, exchange.Reply, reply, differences);
        }

        Assert.That(exchanges, Has.Count.GreaterThan(10));
        Assert.That(differences, Is.Empty, string.Join('\n', differences));
    }

    private static async Task<BsonDocument> AskAsync(RawClient client, RecordedExchange exchange)
    {
        await client.SendBytesAsync(exchange.RequestBytes());
        return await client.ReceiveDocumentAsync();
    }

    private static void Compare(string at, BsonValue recorded, BsonValue actual, List<string> differences)
    {
        if (recorded.BsonType != actual.BsonType)
        {
            differences.Add($"{at}: recorded {recorded.BsonType} {recorded}, is {actual.BsonType} {actual}");
        }
        else if (recorded is BsonDocument document)
        {
            CompareFields(at, document, actual.AsBsonDocument, differences);
        }
        else if (recorded is BsonArray { Count: > 0 } array && actual is BsonArray { Count: > 0 } other)
        {
            Compare($"{at}[0]", array[0], other[0], differences);
        }
        else if (Compared.Contains(at[(at.LastIndexOf('.') + 1)..]) && recorded != actual)
        {
            differences.Add($"{at}: recorded {recorded}, is {actual}");
        }
    }

    private static void CompareFields(string at, BsonDocument recorded, BsonDocument actual, List<string> differences)
    {
        if (!recorded.Names.ToHashSet().SetEquals(actual.Names))
        {
            differences.Add($"{at}: recorded fields {string.Join(' ', recorded.Names)}, are {string.Join(' ', actual.Names)}");
        }

        foreach (var field in recorded.Where(field => actual.Contains(field.Name) && !Opaque.Contains(field.Name)))
        {
            Compare($"{at}.{field.Name}", field.Value, actual[field.Name], differences);
        }
    }
}
