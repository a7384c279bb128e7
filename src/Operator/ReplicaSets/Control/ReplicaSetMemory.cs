using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>What a set's passes remember from one to the next. Losing it is safe: windows begin anew, pauses are forgotten.</summary>
internal sealed class ReplicaSetMemory
{
    public StabilityTracker Stability { get; set; } = StabilityTracker.Empty;

    public InitialSyncTracker InitialSyncs { get; set; } = InitialSyncTracker.Empty;

    public PlanningHistory History { get; set; } = PlanningHistory.Empty;

    public ObservedReplicaSet? Observed { get; set; }

    /// <summary>How much data a newcomer would copy, and when that was asked.</summary>
    public (long? Bytes, DateTimeOffset At)? DataSize { get; set; }

    /// <summary>The roles of the operator's user, and when they were asked.</summary>
    public (IReadOnlyList<string>? Names, DateTimeOffset At)? Roles { get; set; }

    /// <summary>When the members' certificates end, by the name in them: a connection that was made anew has shown none yet.</summary>
    public Dictionary<string, DateTimeOffset> CertificateEnds { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The generation of the spec in the pass before.</summary>
    public long? Generation { get; set; }

    /// <summary>Changes by others that an Event has told of.</summary>
    public DateTimeOffset? ToldOfChangesUntil { get; set; }

    /// <summary>When all members are due to be asked again although nothing moves; null: now.</summary>
    public DateTimeOffset? AllDueAt { get; set; }

    /// <summary>When the primary is due to be asked more than its state.</summary>
    public DateTimeOffset? PrimaryDueAt { get; set; }

    /// <summary>All members were asked in this pass.</summary>
    public bool AllAsked { get; set; }

    /// <summary>
    /// The object's version for which the latest pass had nothing to do and nothing to tell; null: there was something, or a figure may still
    /// wait for its turn in status.
    /// </summary>
    public string? RestingVersion { get; set; }

    /// <summary>The pass before found the set settled.</summary>
    public bool IsAtRest { get; set; }

    /// <summary>What was done and no status tells of yet.</summary>
    public UntoldActions Untold { get; set; } = UntoldActions.None;

    /// <summary>A mark of a permit that was being written when the write failed: it may be stored, and nothing was sent under it.</summary>
    public UsedRecovery? UnsentPermit { get; set; }

    public DateTimeOffset? LastStatusWrite { get; set; }

    /// <summary>Since when figures differ from those in status at rest, and wait for their turn; null: none do.</summary>
    public DateTimeOffset? FiguresDifferSince { get; set; }

    /// <summary>The member that stands for the set in a crowd, as it told when everybody was asked; null: nobody told anything.</summary>
    public Contact? Contact { get; set; }

    /// <summary>The set waits in a crowd; null: it does not.</summary>
    public ParkedSet? Parked { get; set; }

    /// <summary>Somebody needs a fresh observation: the next pass asks everybody, crowd or not.</summary>
    public bool IsWantedFresh { get; set; }
}

/// <summary>The memories of all sets; also what others may know of the latest observation.</summary>
public sealed class ObservedReplicaSets : ILeadershipListener
{
    private readonly ConcurrentDictionary<ObjectKey, ReplicaSetMemory> _memories = new();

    /// <summary>The latest observation of a set; null: none in this process yet.</summary>
    public ObservedReplicaSet? Find(ObjectKey key) => _memories.TryGetValue(key, out var memory) ? memory.Observed : null;

    /// <summary>What is known of a set is too old for somebody.</summary>
    public void WantFresh(ObjectKey key)
    {
        if (_memories.TryGetValue(key, out var memory))
        {
            memory.IsWantedFresh = true;
        }
    }

    /// <inheritdoc/>
    public void StoppedLeading() => _memories.Clear();

    internal ReplicaSetMemory Memory(ObjectKey key) => _memories.GetOrAdd(key, _ => new ReplicaSetMemory());

    internal void Forget(ObjectKey key) => _memories.TryRemove(key, out _);
}
