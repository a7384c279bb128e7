using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Planning;

namespace Modestano.Operator.Dns.Control;

/// <summary>
/// What is remembered of one record between passes: the state that was last left behind, so that changes by others are noticed, and the
/// batch that the service last refused, so that it is not sent over and over. Pure. A new process recalls from status what others did, so
/// that a restart is no way around <see cref="IsContested"/>; only the refusal is forgotten, which costs one more refusal.
/// </summary>
internal sealed record RecordMemory
{
    private const int MostUndone = 10;
    private static readonly TimeSpan ContestWindow = TimeSpan.FromMinutes(10);

    /// <summary>What status tells of the passes of a former process.</summary>
    public static RecordMemory Recalled(WeightedDnsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Status is not { } status)
        {
            return new();
        }

        // What is served and not wanted belongs to others.
        var served = (status.Endpoints ?? []).Where(e => e is { ServedWeight: not null, WantedWeight: not null }).ToDictionary(e => e.SetIdentifier, e => e.ServedWeight!.Value, StringComparer.Ordinal);
        return new()
        {
            // What a batch of unknown outcome left behind is not known either: the next look counts as it.
            Left = status.OwnFingerprint is { } fingerprint && status.Change?.State != ChangeRecord.Unconfirmed ? new OwnSets(fingerprint, served) : null,
            Wish = status.Drift?.Wish ?? "",
            Undone = [.. (status.Drift?.UndoneAt ?? []).Select(ChangeRecord.Utc)],
            DriftedFrom = status.Drift?.Before,
        };
    }

    /// <summary>Our own sets as we last left or saw them.</summary>
    public OwnSets? Left { get; init; }

    /// <summary>Our own sets as the latest batch should have left them, until they were looked at; null: they were.</summary>
    public OwnSets? Sent { get; init; }

    /// <summary>How what is served differs from what the latest batch sent; null: it does not, or nothing is known of it.</summary>
    public string? NotAsSent { get; init; }

    /// <summary>Spec generation and override revision that the drift belongs to: a new one acknowledges it.</summary>
    public string Wish { get; init; } = "";

    /// <summary>When our changes were undone.</summary>
    public IReadOnlyList<DateTimeOffset> Undone { get; init; } = [];

    /// <summary>How weights were before somebody changed them, while that is not acknowledged.</summary>
    public IReadOnlyDictionary<string, int>? DriftedFrom { get; init; }

    /// <summary>The batch that was refused last; null: none.</summary>
    public RefusedBatch? Refused { get; init; }

    /// <summary>What was warned of: an event once, not at each look.</summary>
    public string? Delegated { get; init; }

    /// <summary>The service refuses to write once more what is there, so what is read has to be enough.</summary>
    public bool MayNotConfirm { get; init; }

    /// <summary>Somebody undid us twice within ten minutes: nothing is written until the wish changes.</summary>
    public bool IsContested => Undone.Count >= 2;

    /// <summary>What of it the planner goes by.</summary>
    public PastSteps Past => new() { NotAsSent = NotAsSent, IsContested = IsContested, Refused = Refused, MayNotConfirm = MayNotConfirm };

    /// <summary>What status keeps of it; null: nothing.</summary>
    public DnsDriftStatus? ToStatus() => Undone.Count == 0 && DriftedFrom is null ? null : new()
    {
        Wish = Wish,
        UndoneAt = Undone.Count == 0 ? null : [.. Undone.TakeLast(MostUndone).Select(ChangeRecord.WholeSeconds)],
        Before = DriftedFrom,
    };

    /// <summary>Takes an observation in.</summary>
    /// <param name="own">Our own sets as read.</param>
    /// <param name="wish">Names spec generation and override revision.</param>
    /// <param name="ownChangeOpen">A change of ours has an unknown outcome, so a difference may be our own.</param>
    /// <param name="now">The moment.</param>
    public RecordMemory Saw(OwnSets own, string wish, bool ownChangeOpen, DateTimeOffset now)
    {
        var next = wish == Wish ? this : this with { Wish = wish, Undone = [], DriftedFrom = null, Refused = null, NotAsSent = null };
        next = next.IsContested ? next : next with { Undone = [.. next.Undone.Where(at => now - at < ContestWindow)] };
        next = next with
        {
            Left = own,
            Sent = null,
            NotAsSent = Sent is { } sent ? OwnSets.Difference(sent, own) : own.Fingerprint == Left?.Fingerprint ? next.NotAsSent : null,
        };
        if (ownChangeOpen || Left is not { } left || left.Fingerprint == own.Fingerprint)
        {
            return next with { DriftedFrom = ownChangeOpen || Left is null ? next.DriftedFrom : Back(next, own.Weights) };
        }

        return next with
        {
            DriftedFrom = next.DriftedFrom ?? left.Weights,
            Undone = [.. next.Undone, now],
        };
    }

    /// <summary>Takes in what a batch of ours left behind.</summary>
    public RecordMemory Wrote(OwnSets own) => this with { Left = own, Sent = own, NotAsSent = null, DriftedFrom = null, Refused = null, MayNotConfirm = false };

    /// <summary>Takes in that the service refused a batch.</summary>
    /// <param name="step">The batch.</param>
    /// <param name="meaning">What the refusal means.</param>
    /// <param name="now">The moment.</param>
    public RecordMemory WasRefused(Step step, DnsDecision meaning, DateTimeOffset now) =>
        this with { Refused = new RefusedBatch(RefusedBatch.NameOf(step), meaning, now), MayNotConfirm = MayNotConfirm || (step.Kind == StepKinds.Confirm && meaning is Stalled { Reason: DnsReasons.RefusedByRoute53 }) };

    // Put back by hand to what it was: nothing is left to acknowledge.
    private static IReadOnlyDictionary<string, int>? Back(RecordMemory memory, IReadOnlyDictionary<string, int> served) =>
        memory.DriftedFrom is { } from && from.Count == served.Count && from.All(w => served.TryGetValue(w.Key, out var weight) && weight == w.Value) ? null : memory.DriftedFrom;
}
