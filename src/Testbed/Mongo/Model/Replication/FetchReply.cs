namespace Modestano.Testbed.Mongo.Model;

internal enum FetchOutcome
{
    /// <summary>Entries, or none yet.</summary>
    Entries,

    /// <summary>The source is not in a state to be read.</summary>
    NotReadable,

    /// <summary>The source's oplog begins after the asked position.</summary>
    TooStale,

    /// <summary>The source does not have the asked position, and has gone on without it.</summary>
    Diverged,

    /// <summary>The source is itself behind the asked position.</summary>
    Behind,
}

/// <summary>What a sync source answers to a request for its oplog after a position.</summary>
internal sealed record FetchReply(
    FetchOutcome Outcome,
    IReadOnlyList<OplogEntry> Entries,
    OpTime SourceLast,
    OpTime CommitPoint,
    long Term,
    int? PrimaryId,
    bool IsPrimary,
    string? SyncSource);
