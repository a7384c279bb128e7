using System.Collections.Immutable;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// The newest retryable write of each session, kept beside the data and replicated with it, so that a new primary answers a repeated
/// write without doing it again.
/// </summary>
internal sealed class SessionTable
{
    private readonly ImmutableDictionary<string, (RetryableWrite Write, OpTime Time)> newest;

    private SessionTable(ImmutableDictionary<string, (RetryableWrite, OpTime)> newest) => this.newest = newest;

    public static SessionTable Empty { get; } = new(ImmutableDictionary<string, (RetryableWrite, OpTime)>.Empty);

    public SessionTable With(RetryableWrite write, OpTime time) => new(newest.SetItem(KeyOf(write.SessionId), (write, time)));

    /// <summary>The first execution of a write, when it is this session's newest; null when it was not done yet.</summary>
    /// <exception cref="CommandException">225: the session has gone on to a later write.</exception>
    public (RetryableWrite Write, OpTime Time)? Find(BsonDocument sessionId, long txnNumber)
    {
        if (!newest.TryGetValue(KeyOf(sessionId), out var known) || known.Write.TxnNumber < txnNumber)
        {
            return null;
        }

        return known.Write.TxnNumber == txnNumber
            ? known
            : throw new CommandException(
                ErrorCode.TransactionTooOld,
                $"Retryable write with txnNumber {txnNumber} is prohibited on session {NameOf(sessionId)} because a newer retryable write " +
                $"with txnNumber {known.Write.TxnNumber} has already started on this session.");
    }

    /// <summary>The session as the server names it: its UUID and the digest of the user (here always of nobody).</summary>
    private static string NameOf(BsonDocument sessionId) => sessionId.GetValue("id", null) is BsonBinaryData { Bytes.Length: 16 } id
        ? $"{new Guid(id.Bytes, bigEndian: true)} - 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        : sessionId.ToJson();

    private static string KeyOf(BsonDocument sessionId) =>
        sessionId.GetValue("id", null) is BsonBinaryData id ? Convert.ToHexStringLower(id.Bytes) : sessionId.ToJson();
}
