using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoStorage;

/// <summary>What an update makes of a document.</summary>
public class UpdateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly (string Before, string Update, string After)[] Cases =
    [
        ("{_id: 1, a: 1}", "{$set: {a: 2, 'b.c': 3}}", "{_id: 1, a: 2, b: {c: 3}}"),
        ("{_id: 1}", "{$set: {z: 1, a: 1}}", "{_id: 1, a: 1, z: 1}"),
        ("{_id: 1, a: [1]}", "{$set: {'a.2': 3}}", "{_id: 1, a: [1, null, 3]}"),
        ("{_id: 1, a: 1, b: {c: 1, d: 2}}", "{$unset: {a: '', 'b.c': '', x: ''}}", "{_id: 1, b: {d: 2}}"),
        ("{_id: 1, a: 1}", "{$inc: {a: 2, b: 1}}", "{_id: 1, a: 3, b: 1}"),
        ("{_id: 1, a: 2147483647}", "{$inc: {a: 1}}", "{_id: 1, a: NumberLong(2147483648)}"),
        ("{_id: 1, a: 3}", "{$mul: {a: 1.5, b: 2}}", "{_id: 1, a: 4.5, b: 0}"),
        ("{_id: 1, a: 3, b: 3}", "{$min: {a: 2, b: 4}, $max: {c: 1}}", "{_id: 1, a: 2, b: 3, c: 1}"),
        ("{_id: 1, a: [1]}", "{$push: {a: 2, b: 1}}", "{_id: 1, a: [1, 2], b: [1]}"),
        ("{_id: 1, a: [1, 2]}", "{$push: {a: {$each: [3, 4], $slice: -3}}}", "{_id: 1, a: [2, 3, 4]}"),
        ("{_id: 1, a: [1, 2]}", "{$push: {a: {$each: [9], $position: 0}}}", "{_id: 1, a: [9, 1, 2]}"),
        ("{_id: 1, a: [1]}", "{$addToSet: {a: {$each: [1, 2, 2]}}}", "{_id: 1, a: [1, 2]}"),
        ("{_id: 1, a: [1, 5, 9]}", "{$pull: {a: {$gt: 4}}}", "{_id: 1, a: [1]}"),
        ("{_id: 1, a: [{b: 1, c: 1}, {b: 2}]}", "{$pull: {a: {b: 1}}}", "{_id: 1, a: [{b: 2}]}"),
        ("{_id: 1, a: [1, 2, 1]}", "{$pullAll: {a: [1]}}", "{_id: 1, a: [2]}"),
        ("{_id: 1, a: [1, 2]}", "{$pop: {a: -1}}", "{_id: 1, a: [2]}"),
        ("{_id: 1, a: 1}", "{$rename: {a: 'b'}}", "{_id: 1, b: 1}"),
        ("{_id: 1}", "{$setOnInsert: {a: 1}}", "{_id: 1}"),
        ("{_id: 1}", "{$currentDate: {a: true}}", "{_id: 1, a: ISODate('2026-01-02T03:04:05Z')}"),
        ("{_id: 1, a: 1}", "{b: 2}", "{_id: 1, b: 2}"),
    ];

    private static readonly (string Before, string Update, int Code, string Message)[] Refused =
    [
        ("{_id: 1}", "{$nosuch: {a: 1}}", 9,
            "Unknown modifier: $nosuch. Expected a valid update modifier or pipeline-style update specified as an array"),
        ("{_id: 1}", "{$set: {a: 1}, $inc: {a: 1}}", 40, "Updating the path 'a' would create a conflict at 'a'"),
        ("{_id: 1}", "{$set: {a: 1, 'a.b': 1}}", 40, "Updating the path 'a.b' would create a conflict at 'a'"),
        ("{_id: 1, a: 'x'}", "{$inc: {a: 1}}", 14,
            "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string"),
        ("{_id: 1}", "{$inc: {a: 'x'}}", 14, "Cannot increment with non-numeric argument: {a: \"x\"}"),
        ("{_id: 1, a: 5}", "{$push: {a: 1}}", 2, "The field 'a' must be an array but is of type int in document {_id: 1}"),
        ("{_id: 1, a: 5}", "{$set: {'a.b': 1}}", 28, "Cannot create field 'b' in element {a: 5}"),
        ("{_id: 1}", "{$set: {_id: 2}}", 66, "Performing an update on the path '_id' would modify the immutable field '_id'"),
        ("{_id: 1}", "{_id: 2}", 66,
            "After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2"),
        ("{_id: 1}", "{$set: {'a.$': 2}}", 115, "Positional updates ('a.$') are not supported by this member"),
    ];

    [TestCaseSource(nameof(Cases))]
    public void An_update_gives_the_document_that_the_server_gives((string Before, string Update, string After) given)
    {
        var before = BsonDocument.Parse(given.Before);
        var after = UpdateExpression.Parse(BsonDocument.Parse(given.Update)).Apply(before, inserting: false, Now);
        Assert.That(after.ToBson(), Is.EqualTo(BsonDocument.Parse(given.After).ToBson()), after.ToString());
        Assert.That(before, Is.EqualTo(BsonDocument.Parse(given.Before)), "the stored document is left as it was");
    }

    [TestCaseSource(nameof(Refused))]
    public void What_an_update_may_not_do_is_refused_with_the_servers_words((string Before, string Update, int Code, string Message) given)
    {
        var error = Assert.Throws<CommandFailedException>(() => UpdateExpression.Parse(BsonDocument.Parse(given.Update))
            .Apply(BsonDocument.Parse(given.Before), inserting: false, Now));
        Assert.That((error!.Error.Code, error.Message), Is.EqualTo((given.Code, given.Message)));
    }
}
