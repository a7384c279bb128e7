using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Keeps in status what is held until a person acknowledges it: a new process must not put back what the old one left alone.</summary>
internal static class HeldChanges
{
    /// <summary>For status; null: nothing is held. A contest comes first: it stops more than a forced configuration does, and the same edit ends both.</summary>
    public static HeldChange? Of(PlanningHistory history, PlanningPolicy policy)
    {
        var contested = Contest.IsOn(policy, history);
        var held = history.ForeignChanges.LastOrDefault(c => !c.Acknowledged && (contested ? c.UndidOurs : c.Kind is ForeignChangeKind.Forced or ForeignChangeKind.InTrouble));
        return held is null ? null : new HeldChange
        {
            Kind = contested ? PlanReasons.Contested : held.Kind.ToString(),
            ConfigVersion = held.Version,
            ConfigTerm = held.Term >= 0 ? held.Term : null,
            Time = WholeSeconds.Of(held.At),
            Summary = OneLine.Of(held.Summary, 1024),
        };
    }

    /// <summary>The first pass of a process goes on holding what status tells of, unless the spec was edited since.</summary>
    public static PlanningHistory Restore(PlanningHistory history, MongoReplicaSet set)
    {
        if (history.ForeignChanges.Count > 0 || set.Status?.HeldChange is not { } held || set.Status.ObservedGeneration != set.Metadata.Generation)
        {
            return history;
        }

        var contested = held.Kind == PlanReasons.Contested;
        var kind = ForeignChangeKind.Manual;
        if (!contested && !Enum.TryParse(held.Kind, out kind))
        {
            return history;
        }

        // A contest is two of them.
        var change = new ForeignChange(new DateTimeOffset(held.Time, TimeSpan.Zero), kind, held.ConfigVersion, held.ConfigTerm ?? -1, contested, held.Summary ?? "");
        return history with { ForeignChanges = contested ? [change, change] : [change] };
    }
}
