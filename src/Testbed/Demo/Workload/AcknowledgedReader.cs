using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Demo.Workload;

/// <summary>Reads back the newest acknowledged write from the primary, again and again: it must always be there.</summary>
public sealed class AcknowledgedReader(IMongoClient client, WriteLedger ledger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private int _reads;

    /// <summary>Reads that found what was acknowledged.</summary>
    public int Reads => _reads;

    /// <summary>Reads until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var orders = client.GetDatabase(MajorityWriter.Orders.DatabaseNamespace.DatabaseName).GetCollection<BsonDocument>(MajorityWriter.Orders.CollectionName);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (ledger.Newest is { } id)
            {
                await ReadAsync(orders, id);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(IMongoCollection<BsonDocument> orders, long id)
    {
        try
        {
            if (await orders.Find(new BsonDocument("_id", id)).AnyAsync(CancellationToken.None))
            {
                Interlocked.Increment(ref _reads);
            }
            else
            {
                ledger.Fail($"read {id}: acknowledged, but not there");
            }
        }
        catch (Exception e) when (e is MongoException or TimeoutException)
        {
            ledger.Fail($"read {id}: {e.GetType().Name}: {e.Message}");
        }
    }
}
