using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoStorage;

/// <summary>Reads and their cursors.</summary>
public class ReadTests
{
    private static readonly (string Command, string Batch)[] Cases =
    [
        ("{find: 'items', filter: {n: {$gt: 1}}, sort: {n: -1}, limit: 2, projection: {n: 1, _id: 0}}", "[{n: 5}, {n: 4}]"),
        ("{find: 'items', sort: {$natural: -1}, limit: 1, projection: {n: 0}}", "[{_id: 5, kind: 'b'}]"),
        ("{find: 'items', skip: 4}", "[{_id: 5, n: 5, kind: 'b'}]"),
        ("{find: 'nosuch'}", "[]"),
        ("{aggregate: 'items', pipeline: [{$match: {}}, {$group: {_id: 1, n: {$sum: 1}}}], cursor: {}}", "[{_id: 1, n: 5}]"),
        ("{aggregate: 'items', pipeline: [{$group: {_id: '$kind', most: {$max: '$n'}}}, {$sort: {_id: 1}}], cursor: {}}",
            "[{_id: 'a', most: 3}, {_id: 'b', most: 5}]"),
        ("{aggregate: 'items', pipeline: [{$match: {kind: 'a'}}, {$count: 'all'}], cursor: {}}", "[{all: 3}]"),
        ("{aggregate: 'items', pipeline: [{$sort: {n: -1}}, {$skip: 1}, {$limit: 1}, {$project: {kind: 1}}], cursor: {}}", "[{_id: 4, kind: 'b'}]"),
    ];

    private static readonly (string Command, int Code, string Message)[] Refused =
    [
        ("{find: 'x', nosuch: 1, $db: 'test'}", 9, "Failed to parse: { find: \"x\", nosuch: 1, $db: \"test\" }. Unrecognized field 'nosuch'."),
        ("{nosuch: 1}", 59, "no such command: 'nosuch'"),
        ("{getMore: NumberLong(7), collection: 'items'}", 43, "cursor id 7 not found"),
        ("{aggregate: 'items', pipeline: [{$nosuch: 1}], cursor: {}}", 40324, "Unrecognized pipeline stage name: '$nosuch'"),
        ("{aggregate: 'items', pipeline: [{$lookup: {}}], cursor: {}}", 115, "Pipeline stage $lookup is not supported by this member"),
        ("{aggregate: 'items', pipeline: []}", 9, "The 'cursor' option is required, except for aggregate with the explain argument"),
    ];

    [TestCaseSource(nameof(Cases))]
    public void A_read_gives_what_the_server_gives((string Command, string Batch) given)
    {
        var reply = Filled().Run(given.Command);
        Assert.That(reply["cursor"]["firstBatch"], Is.EqualTo(MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonArray>(given.Batch)));
    }

    [TestCaseSource(nameof(Refused))]
    public void A_read_is_refused_with_the_servers_words((string Command, int Code, string Message) given)
    {
        var error = Assert.Throws<CommandFailedException>(() => Filled().Store.Read(StoreOnAClock.Command(given.Command)));
        Assert.That((error!.Error.Code, error.Message), Is.EqualTo((given.Code, given.Message)));
    }

    [Test]
    public void A_cursor_gives_batch_after_batch_until_it_is_used_up()
    {
        var at = Filled();
        var first = at.Run("{find: 'items', batchSize: 2}")["cursor"];
        Assert.That(first["firstBatch"].AsBsonArray, Has.Count.EqualTo(2));
        var next = at.Run($"{{getMore: NumberLong('{first["id"]}'), collection: 'items', batchSize: 2}}")["cursor"];
        Assert.That(next["nextBatch"][0]["_id"], Is.EqualTo((BsonValue)3));
        var last = at.Run($"{{getMore: NumberLong('{first["id"]}'), collection: 'items'}}")["cursor"];
        Assert.That((last["nextBatch"].AsBsonArray.Count, last["id"].AsInt64), Is.EqualTo((1, 0L)));
    }

    [Test]
    public void A_collection_that_is_not_stored_is_read_from_the_documents_given()
    {
        var oplog = new[] { BsonDocument.Parse("{ts: 1}"), BsonDocument.Parse("{ts: 2}") };
        var command = StoreOnAClock.Command("{find: 'oplog.rs', sort: {$natural: -1}, limit: 1, $db: 'local'}");
        var reply = Filled().Store.Read(command, oplog);
        Assert.That(reply, Is.EqualTo(BsonDocument.Parse("{cursor: {firstBatch: [{ts: 2}], id: NumberLong(0), ns: 'local.oplog.rs'}}")));
    }

    [Test]
    public void Databases_collections_and_indexes_are_listed()
    {
        var at = Filled();
        Assert.That(at.Run("{listDatabases: 1, nameOnly: true, $db: 'admin'}"), Is.EqualTo(BsonDocument.Parse(
            "{databases: [{name: 'admin'}, {name: 'config'}, {name: 'local'}, {name: 'shop'}]}")));
        Assert.That(at.Run("{listCollections: 1, nameOnly: true}"), Is.EqualTo(BsonDocument.Parse(
            "{cursor: {id: NumberLong(0), ns: 'shop.$cmd.listCollections', firstBatch: [{name: 'items', type: 'collection'}]}}")));
        Assert.That(at.Run("{listIndexes: 'items'}")["cursor"]["firstBatch"][0], Is.EqualTo(BsonDocument.Parse("{v: 2, key: {_id: 1}, name: '_id_'}")));
        Assert.That(at.Run("{count: 'items', query: {kind: 'a'}}")["n"], Is.EqualTo((BsonValue)3));
        Assert.That(at.Run("{distinct: 'items', key: 'kind'}")["values"], Is.EqualTo(new BsonArray { "a", "b" }));
    }

    private static StoreOnAClock Filled()
    {
        var at = new StoreOnAClock();
        at.Run("""
            {insert: 'items', documents: [{_id: 1, n: 1, kind: 'a'}, {_id: 2, n: 2, kind: 'a'}, {_id: 3, n: 3, kind: 'a'},
             {_id: 4, n: 4, kind: 'b'}, {_id: 5, n: 5, kind: 'b'}]}
            """);
        return at;
    }
}
