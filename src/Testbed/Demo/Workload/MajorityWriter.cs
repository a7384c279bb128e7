using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Demo.Workload;

/// <summary>An application that inserts one document after the other with the official driver, retryable writes and majority write concern, without a pause.</summary>
public sealed class MajorityWriter(IMongoClient client, WriteLedger ledger)
{
    /// <summary>Where the documents go.</summary>
    public static readonly CollectionNamespace Orders = new("shop", "orders");

    /// <summary>Writes until cancelled. An error does not stop it: an application would go on too.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var orders = client.GetDatabase(Orders.DatabaseNamespace.DatabaseName)
            .GetCollection<BsonDocument>(Orders.CollectionName).WithWriteConcern(WriteConcern.WMajority);
        for (long id = 0; !cancellationToken.IsCancellationRequested; id++)
        {
            try
            {
                // No token: a write that was begun is always awaited, so that each has one known fate.
                await orders.InsertOneAsync(new BsonDocument { { "_id", id }, { "item", $"jacket-{id % 97}" }, { "pence", (int)(id % 9000) } }, cancellationToken: CancellationToken.None);
                ledger.Acknowledge(id);
            }
            catch (Exception e) when (e is MongoException or TimeoutException or ArgumentNullException { ParamName: "connectionId" })
            {
                // The last: MongoDB.Driver 3.14, where no connection could be had for the error that it is about to tell.
                ledger.Fail($"insert {id}: {e.GetType().Name}: {e.Message}");
            }
        }
    }

    /// <summary>Acknowledged ids that are not in the collection, read with majority read concern from the primary.</summary>
    public static async Task<IReadOnlyList<long>> FindLostAsync(IMongoClient client, IReadOnlyList<long> acknowledged, CancellationToken cancellationToken)
    {
        var orders = client.GetDatabase(Orders.DatabaseNamespace.DatabaseName).GetCollection<BsonDocument>(Orders.CollectionName)
            .WithReadConcern(ReadConcern.Majority).WithReadPreference(ReadPreference.Primary);
        var present = new HashSet<long>();
        using var cursor = await orders.Find(FilterDefinition<BsonDocument>.Empty)
            .Project(Builders<BsonDocument>.Projection.Include("_id")).ToCursorAsync(cancellationToken);
        while (await cursor.MoveNextAsync(cancellationToken))
        {
            present.UnionWith(cursor.Current.Select(d => d["_id"].ToInt64()));
        }

        return [.. acknowledged.Where(id => !present.Contains(id))];
    }
}
