using CsCheck;
using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoStorage;

/// <summary>Writes as plans of oplog operations.</summary>
public class WriteTests
{
    [Test]
    public void A_plan_changes_nothing_until_it_is_applied()
    {
        var at = new StoreOnAClock();
        var plan = at.Store.PlanWrite(StoreOnAClock.Command("{insert: 'items', documents: [{_id: 1}]}"));
        Assert.That(at.All("items"), Is.Empty);
        Assert.That(plan.Reply, Is.EqualTo(BsonDocument.Parse("{n: 1}")));
        Assert.That(plan.Operations.Select(operation => operation.ToBson()), Is.EqualTo(new[]
        {
            BsonDocument.Parse("{op: 'c', ns: 'shop.$cmd', o: {create: 'items', idIndex: {v: 2, key: {_id: 1}, name: '_id_'}}}"),
            BsonDocument.Parse("{op: 'i', ns: 'shop.items', o: {_id: 1}}"),
        }));
    }

    [Test]
    public void An_ordered_insert_stops_at_a_duplicate_and_an_unordered_one_goes_on()
    {
        var at = new StoreOnAClock();
        at.Run("{insert: 'x', documents: [{_id: 1}], $db: 'test'}");
        var ordered = at.Run("{insert: 'x', documents: [{_id: 1}, {_id: 2}], $db: 'test'}");
        Assert.That(ordered, Is.EqualTo(BsonDocument.Parse(
            """
            {n: 0, writeErrors: [{index: 0, code: 11000, keyPattern: {_id: 1}, keyValue: {_id: 1},
             errmsg: 'E11000 duplicate key error collection: test.x index: _id_ dup key: { _id: 1 }'}]}
            """)));
        var unordered = at.Run("{insert: 'x', documents: [{_id: 1}, {_id: 2}, {_id: 2}], ordered: false, $db: 'test'}");
        Assert.That(unordered["n"], Is.EqualTo((BsonValue)1));
        Assert.That(unordered["writeErrors"].AsBsonArray.Select(error => error["index"].AsInt32), Is.EqualTo(new[] { 0, 2 }));
    }

    [Test]
    public void An_update_logs_the_whole_document()
    {
        var at = new StoreOnAClock();
        at.Run("{insert: 'items', documents: [{_id: 1, v: 1}, {_id: 2, v: 1}]}");
        var reply = at.Run("{update: 'items', updates: [{q: {v: 1}, u: {$inc: {v: 1}}, multi: true}, {q: {_id: 1}, u: {$set: {v: 2}}}]}");
        Assert.That(reply, Is.EqualTo(BsonDocument.Parse("{n: 3, nModified: 2}")));
        Assert.That(at.Log[^1].ToBson(), Is.EqualTo(BsonDocument.Parse("{op: 'u', ns: 'shop.items', o: {_id: 2, v: 2}, o2: {_id: 2}}")));
    }

    [TestCase("{q: {_id: 7, a: {$gt: 1}}, u: {$set: {b: 1}, $setOnInsert: {c: 2}}, upsert: true}", "{ \"_id\" : 7, \"b\" : 1, \"c\" : 2 }")]
    [TestCase("{q: {_id: 7, k: 1}, u: {b: 1}, upsert: true}", "{ \"_id\" : 7, \"b\" : 1 }")]
    [TestCase("{q: {'a.b': 1, $and: [{_id: {$eq: 7}}]}, u: {$inc: {n: 1}}, upsert: true}", "{ \"_id\" : 7, \"a\" : { \"b\" : 1 }, \"n\" : 1 }")]
    public void An_upsert_makes_its_document_of_the_query_and_the_update(string statement, string document)
    {
        var at = new StoreOnAClock();
        var reply = at.Run($"{{update: 'items', updates: [{statement}]}}");
        Assert.That(reply, Is.EqualTo(BsonDocument.Parse("{n: 1, upserted: [{index: 0, _id: 7}], nModified: 0}")));
        Assert.That(at.All("items"), Is.EqualTo(new[] { document }));
    }

    [Test]
    public void A_delete_takes_one_or_all()
    {
        var at = new StoreOnAClock();
        at.Run("{insert: 'items', documents: [{_id: 1}, {_id: 2}, {_id: 3}]}");
        Assert.That(at.Run("{delete: 'items', deletes: [{q: {}, limit: 1}]}")["n"], Is.EqualTo((BsonValue)1));
        Assert.That(at.Run("{delete: 'items', deletes: [{q: {}, limit: 0}]}")["n"], Is.EqualTo((BsonValue)2));
    }

    [TestCase("{query: {_id: 1}, update: {$inc: {v: 1}}}", "{lastErrorObject: {n: 1, updatedExisting: true}, value: {_id: 1, v: 5}}")]
    [TestCase("{query: {_id: 1}, update: {$inc: {v: 1}}, new: true, fields: {_id: 0}}", "{lastErrorObject: {n: 1, updatedExisting: true}, value: {v: 6}}")]
    [TestCase("{query: {}, sort: {v: -1}, remove: true}", "{lastErrorObject: {n: 1}, value: {_id: 2, v: 9}}")]
    [TestCase("{query: {_id: 3}, remove: true}", "{lastErrorObject: {n: 0}, value: null}")]
    [TestCase("{query: {_id: 3}, update: {$set: {v: 1}}}", "{lastErrorObject: {n: 0, updatedExisting: false}, value: null}")]
    [TestCase("{query: {_id: 3}, update: {$set: {v: 1}}, upsert: true, new: true}",
        "{lastErrorObject: {n: 1, updatedExisting: false, upserted: 3}, value: {_id: 3, v: 1}}")]
    public void A_document_is_found_and_modified(string options, string reply)
    {
        var at = new StoreOnAClock();
        at.Run("{insert: 'items', documents: [{_id: 1, v: 5}, {_id: 2, v: 9}]}");
        var command = new BsonDocument("findAndModify", "items").AddRange(BsonDocument.Parse(options)).Add("$db", "shop");
        Assert.That(at.Store.PlanWrite(command).Reply, Is.EqualTo(BsonDocument.Parse(reply)));
    }

    [Test]
    public void A_unique_index_holds_for_inserts_updates_and_its_own_creation()
    {
        var at = new StoreOnAClock();
        at.Run("{insert: 'items', documents: [{_id: 1, sku: 'a'}, {_id: 2, sku: 'a'}]}");
        const string Index = "{createIndexes: 'items', indexes: [{key: {sku: 1}, name: 'sku_1', unique: true}]}";
        Assert.Throws<CommandFailedException>(() => at.Run(Index));
        at.Run("{update: 'items', updates: [{q: {_id: 2}, u: {$set: {sku: 'b'}}}]}");
        Assert.That(at.Run(Index), Is.EqualTo(BsonDocument.Parse(
            "{numIndexesBefore: 1, numIndexesAfter: 2, createdCollectionAutomatically: false, commitQuorum: 'votingMembers'}")));
        var error = at.Run("{update: 'items', updates: [{q: {_id: 2}, u: {$set: {sku: 'a'}}}]}")["writeErrors"][0];
        Assert.That(error["errmsg"].AsString, Is.EqualTo("E11000 duplicate key error collection: shop.items index: sku_1 dup key: { sku: \"a\" }"));
        Assert.That(at.Run("{insert: 'items', documents: [{_id: 3, sku: 'c'}]}")["n"], Is.EqualTo((BsonValue)1));
    }

    [TestCase("{insert: 'items', documents: [{}], nosuch: 1}", 40415, "BSON field 'insert.nosuch' is an unknown field.")]
    [TestCase("{insert: 'items', documents: []}", 16, "Write batch sizes must be between 1 and 100000. Got 0 operations.")]
    [TestCase("{drop: 'nosuch'}", 26, "ns not found")]
    [TestCase("{insert: ''}", 73, "Invalid namespace specified 'shop.'")]
    public void A_malformed_write_is_refused_as_a_whole(string command, int code, string message)
    {
        var error = Assert.Throws<CommandFailedException>(() => new StoreOnAClock().Run(command));
        Assert.That((error!.Error.Code, error.Message), Is.EqualTo((code, message)));
    }

    [Test]
    public void A_snapshot_keeps_its_moment()
    {
        var at = new StoreOnAClock();
        at.Run("{insert: 'items', documents: [{_id: 1, v: 1}]}");
        var (before, size) = (at.Store.Snapshot(), at.Store.SizeBytes);
        at.Run("{update: 'items', updates: [{q: {}, u: {$set: {v: 2, w: 3}}}]}");
        at.Run("{insert: 'items', documents: [{_id: 2}]}");
        Assert.That(before.DocumentsOf("shop.items"), Is.EqualTo(new[] { BsonDocument.Parse("{_id: 1, v: 1}") }));
        Assert.That((before.SizeBytes, at.Store.SizeBytes > size), Is.EqualTo((size, true)));
    }

    [Test]
    public void A_log_applied_again_from_any_earlier_point_ends_in_the_same_contents()
    {
        var write = Gen.OneOf(
            Gen.Select(Gen.Int[1, 5], Gen.Int[0, 9], (id, v) => $"{{insert: 'items', documents: [{{_id: {id}, v: {v}}}]}}"),
            Gen.Select(Gen.Int[1, 5], id => $"{{update: 'items', updates: [{{q: {{_id: {id}}}, u: {{$inc: {{v: 1}}}}, upsert: true}}]}}"),
            Gen.Select(Gen.Int[1, 5], id => $"{{delete: 'items', deletes: [{{q: {{_id: {id}}}, limit: 1}}]}}"));
        Gen.Select(write.List[1, 30], Gen.Int[0, 30]).Holds((writes, from) =>
        {
            var at = new StoreOnAClock();
            writes.ForEach(one => at.Run(one));
            var replica = at.Store.Snapshot();
            foreach (var operation in at.Log.Skip(from))
            {
                replica.Apply(operation);
            }

            Assert.That(
                replica.DocumentsOf("shop.items").OrderBy(document => document["_id"]),
                Is.EqualTo(at.Store.DocumentsOf("shop.items").OrderBy(document => document["_id"])));
        }, draws: 200);
    }
}
