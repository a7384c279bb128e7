namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>
/// Measures initial syncs from one pass to the next: how fast each copies, and since when nothing has moved in it. A pure fold, like
/// <see cref="StabilityTracker"/>; a restart measures anew.
/// </summary>
public sealed record InitialSyncTracker
{
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(5);

    /// <summary>Below this it is the time around the copying that is measured.</summary>
    private const long LeastBytes = 64L << 20;

    /// <summary>Nothing was measured yet.</summary>
    public static InitialSyncTracker Empty { get; } = new();

    /// <summary>Bytes a second of the sync that was measured last, on whatever member; null: none yet.</summary>
    public double? BytesPerSecond { get; init; }

    private IReadOnlyDictionary<string, Sample> Samples { get; init; } = new Dictionary<string, Sample>();

    /// <summary>Folds an observation in: the tracker for the next pass, and the observation with rates and pauses filled in.</summary>
    public (InitialSyncTracker Tracker, ObservedReplicaSet Observed) Fold(ObservedReplicaSet observed)
    {
        if (observed.Members.Values.All(m => m.InitialSync is null))
        {
            return (this with { Samples = new Dictionary<string, Sample>() }, observed);
        }

        var samples = new SortedDictionary<string, Sample>(StringComparer.Ordinal);
        var members = new SortedDictionary<string, ObservedMember>(StringComparer.Ordinal);
        var latest = BytesPerSecond;
        foreach (var (host, member) in observed.Members)
        {
            members[host] = member;
            if (member.InitialSync is { } sync)
            {
                var sample = samples[host] = Next(Samples.GetValueOrDefault(host), sync, observed.At);
                var rate = Rate(sample, sync, observed.At);
                latest = IsTelling(sample, sync, observed.At) ? rate ?? latest : latest;
                members[host] = member with { InitialSync = sync with { BytesPerSecond = rate, UnchangedSince = sample.ChangedAt } };
            }
        }

        return (new InitialSyncTracker { Samples = samples, BytesPerSecond = latest }, observed with { Members = members });
    }

    private static Sample Next(Sample? before, InitialSyncProgress sync, DateTimeOffset at)
    {
        var now = (sync.CopiedBytes, sync.AppliedOperations, sync.FailedAttempts);
        return before is null || before.Seen.CopiedBytes > sync.CopiedBytes || before.Seen.FailedAttempts != sync.FailedAttempts
            ? new Sample(at, sync.CopiedBytes ?? 0, now, at)
            : before.Seen == now ? before : before with { Seen = now, ChangedAt = at };
    }

    /// <summary>Whether the next sync may be estimated by this one: it has copied enough, and bytes come while it is measured.</summary>
    private static bool IsTelling(Sample sample, InitialSyncProgress sync, DateTimeOffset at) =>
        sample.ChangedAt == at && sync.CopiedBytes - sample.FirstBytes >= LeastBytes;

    /// <summary>Since the attempt was first seen; null where that is too short, or nothing came.</summary>
    private static double? Rate(Sample sample, InitialSyncProgress sync, DateTimeOffset at) =>
        at - sample.FirstAt >= LeastTime && sync.CopiedBytes - sample.FirstBytes is > 0 and { } copied ? copied / (at - sample.FirstAt).TotalSeconds : null;

    private sealed record Sample(DateTimeOffset FirstAt, long FirstBytes, (long? CopiedBytes, long? AppliedOperations, int FailedAttempts) Seen, DateTimeOffset ChangedAt);
}
