using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoStorage;

/// <summary>What a query matches.</summary>
public class FilterTests
{
    private const string Order =
        "{_id: 1, state: 'open', total: 12.5, qty: NumberLong(3), paid: null, items: [{sku: 'a', n: 1}, {sku: 'b', n: 5}], tags: ['red', 'blue'], at: {city: 'Cork'}}";

    private static readonly (string Filter, bool Matches)[] Cases =
    [
        ("{}", true),
        ("{state: 'open'}", true),
        ("{state: {$ne: 'open'}}", false),
        ("{qty: 3}", true),
        ("{qty: {$gt: 2.5, $lte: 3}}", true),
        ("{qty: {$gt: '1'}}", false),
        ("{total: {$type: 'double'}}", true),
        ("{total: {$type: ['int', 'long']}}", false),
        ("{total: {$type: 'number'}}", true),
        ("{paid: null}", true),
        ("{missing: null}", true),
        ("{missing: {$exists: false}}", true),
        ("{paid: {$exists: true}}", true),
        ("{missing: {$ne: 1}}", true),
        ("{tags: 'red'}", true),
        ("{tags: ['red', 'blue']}", true),
        ("{tags: ['blue', 'red']}", false),
        ("{tags: {$all: ['blue', 'red']}}", true),
        ("{tags: {$size: 2}}", true),
        ("{tags: {$in: ['green', /^bl/]}}", true),
        ("{tags: {$nin: ['green']}}", true),
        ("{'tags.1': 'blue'}", true),
        ("{'at.city': 'Cork'}", true),
        ("{'at.city': {$regex: '^co', $options: 'i'}}", true),
        ("{at: {city: 'Cork'}}", true),
        ("{'items.sku': 'b'}", true),
        ("{'items.0.n': 1}", true),
        ("{'items.n': {$gt: 1, $lt: 5}}", true),
        ("{items: {$elemMatch: {n: {$gt: 1, $lt: 5}}}}", false),
        ("{items: {$elemMatch: {sku: 'b', n: 5}}}", true),
        ("{state: {$not: /^cl/}}", true),
        ("{state: {$not: {$eq: 'open'}}}", false),
        ("{$or: [{state: 'closed'}, {qty: 3}]}", true),
        ("{$nor: [{state: 'closed'}, {qty: 4}]}", true),
        ("{$and: [{state: 'open'}, {qty: {$mod: [2, 0]}}]}", false),
    ];

    private static readonly (string Filter, int Code, string Message)[] Refused =
    [
        ("{$nosuch: 1}", 2, "unknown top level operator: $nosuch"),
        ("{a: {$nosuch: 1}}", 2, "unknown operator: $nosuch"),
        ("{a: {$in: 1}}", 2, "$in needs an array"),
        ("{$or: []}", 2, "$or must be a nonempty array"),
        ("{$expr: {$eq: [1, 1]}}", 115, "$expr is not supported by this member"),
    ];

    [TestCaseSource(nameof(Cases))]
    public void A_query_matches_as_the_server_does((string Filter, bool Matches) given)
    {
        var filter = Filter.Parse(BsonDocument.Parse(given.Filter));
        Assert.That(filter.Matches(BsonDocument.Parse(Order)), Is.EqualTo(given.Matches));
    }

    [TestCaseSource(nameof(Refused))]
    public void What_a_query_may_not_hold_is_refused_with_the_servers_words((string Filter, int Code, string Message) given)
    {
        var error = Assert.Throws<CommandFailedException>(() => Filter.Parse(BsonDocument.Parse(given.Filter)));
        Assert.That((error!.Error.Code, error.Message), Is.EqualTo((given.Code, given.Message)));
    }
}
