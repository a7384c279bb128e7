namespace Modestano.Testbed.Mongo.Model;

/// <summary>Speed of a member's disk. A slow disk is these figures made worse while it runs.</summary>
public sealed record DiskOptions
{
    /// <summary>Time until an applied operation is in the journal.</summary>
    public TimeSpan JournalDelay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Time to apply one fetched batch of the oplog.</summary>
    public TimeSpan ApplyDelay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Nothing fetched is applied (what the server's <c>rsSyncApplyStop</c> failpoint does): the member lags.</summary>
    public bool ApplyStopped { get; init; }

    /// <summary>An initial sync stops before it copies anything, and goes on when this is taken back.</summary>
    public bool InitialSyncHeld { get; init; }

    /// <summary>A change of the feature compatibility version does not get on, and goes on when this is taken back.</summary>
    public bool FeatureCompatibilityHeld { get; init; }

    /// <summary>Bytes per second that an initial sync copies.</summary>
    public long InitialSyncBytesPerSecond { get; init; } = 50L * 1024 * 1024;
}
