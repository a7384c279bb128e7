using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>One entry of <c>local.oplog.rs</c>. Entries are shared between members; nobody changes them.</summary>
internal sealed class OplogEntry
{
    private BsonDocument? document;
    private long size;

    public required OpTime Time { get; init; }

    /// <summary>Wall-clock time of the primary that wrote it.</summary>
    public required DateTime Wall { get; init; }

    public required OplogOperation Operation { get; init; }

    /// <summary>The retryable write that it belongs to, on every entry of that write; null otherwise.</summary>
    public RetryableWrite? Retryable { get; init; }

    /// <summary>Whether later entries of the same command follow: a command's entries are never fetched or lost apart.</summary>
    public bool IsContinued { get; init; }

    /// <summary>Size in bytes, about what the stored document takes.</summary>
    public long Size => size > 0 ? size : size = Document.ToBson().LongLength;

    /// <summary>The whole entry as the oplog shows it.</summary>
    public BsonDocument Document => document ??= Build();

    private BsonDocument Build()
    {
        var built = new BsonDocument();
        if (Retryable is { } write)
        {
            built.Add("lsid", write.SessionId).Add("txnNumber", write.TxnNumber);
        }

        return built
            .AddRange(Operation.ToBson())
            .Add("ts", Time.Timestamp)
            .Add("t", Time.Term)
            .Add("wall", Wall)
            .Add("v", 2L);
    }
}

/// <summary>A write that a driver may repeat, with the reply that a repetition gets.</summary>
/// <param name="SessionId">The client's <c>lsid</c>.</param>
/// <param name="TxnNumber">Number of the write in the session.</param>
/// <param name="Reply">Reply of the first execution, without its write concern's outcome.</param>
internal sealed record RetryableWrite(BsonDocument SessionId, long TxnNumber, BsonDocument Reply);
