using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>The open cursors of one member. A cursor holds the results that its command saw; later writes do not show in it.</summary>
internal sealed class CursorTable(int seed)
{
    /// <summary>Documents in a first batch that names no size (the server's <c>internalQueryFindCommandBatchSize</c>).</summary>
    private const int DefaultFirstBatch = 101;

    private const int MaxBatchBytes = 16 * 1024 * 1024;

    private readonly Dictionary<long, OpenCursor> _open = [];
#pragma warning disable CA5394 // Cursor ids must repeat with the seed.
    private readonly Random _random = new(seed);
#pragma warning restore CA5394

    public int Seed => seed;

    /// <summary>The <c>cursor</c> field of a first reply.</summary>
    public BsonDocument Open(string ns, IReadOnlyList<BsonDocument> results, int? batchSize, bool singleBatch)
    {
        var cursor = new OpenCursor(ns, results);
        var batch = cursor.Take(batchSize ?? DefaultFirstBatch, MaxBatchBytes);
        var id = 0L;
        if (!cursor.IsDone && !singleBatch)
        {
#pragma warning disable CA5394
            id = _random.NextInt64(1, long.MaxValue);
#pragma warning restore CA5394
            _open[id] = cursor;
        }

        return new BsonDocument { { "firstBatch", batch }, { "id", id }, { "ns", ns } };
    }

    public BsonDocument GetMore(long id, string ns, int? batchSize)
    {
        if (!_open.TryGetValue(id, out var cursor))
        {
            throw new CommandFailedException(43, "CursorNotFound", $"cursor id {id} not found");
        }

        if (cursor.Namespace != ns)
        {
            throw new CommandFailedException(
                13, "Unauthorized", $"Requested getMore on namespace '{ns}', but cursor belongs to a different namespace {cursor.Namespace}");
        }

        var batch = cursor.Take(batchSize is null or 0 ? int.MaxValue : batchSize.Value, MaxBatchBytes);
        if (cursor.IsDone)
        {
            _open.Remove(id);
        }

        return new BsonDocument { { "nextBatch", batch }, { "id", cursor.IsDone ? 0L : id }, { "ns", ns } };
    }

    public BsonDocument Kill(IEnumerable<long> ids)
    {
        var (killed, unknown) = (new BsonArray(), new BsonArray());
        foreach (var id in ids)
        {
            (_open.Remove(id) ? killed : unknown).Add(id);
        }

        return new BsonDocument
        {
            { "cursorsKilled", killed }, { "cursorsNotFound", unknown }, { "cursorsAlive", new BsonArray() }, { "cursorsUnknown", new BsonArray() },
        };
    }

    private sealed class OpenCursor(string ns, IReadOnlyList<BsonDocument> results)
    {
        private int _next;

        public string Namespace => ns;

        public bool IsDone => _next >= results.Count;

        public BsonArray Take(int documents, int bytes)
        {
            var batch = new BsonArray();
            while (!IsDone && batch.Count < documents)
            {
                var size = results[_next].ToBson().Length;
                if (batch.Count > 0 && size > bytes)
                {
                    break;
                }

                bytes -= size;
                batch.Add(results[_next++]);
            }

            return batch;
        }
    }
}
