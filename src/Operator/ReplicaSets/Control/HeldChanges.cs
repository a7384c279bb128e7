using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Keeps in status what is held until a person acknowledges it: a new process must not put back what the old one left alone.</summary>
internal static class HeldChanges
{
    /// <summary>For status; null: nothing is held.</summary>
    public static HeldChange? Of(PlanningHistory history) =>
        history.ForeignChanges.LastOrDefault(c => c is { Kind: ForeignChangeKind.Forced or ForeignChangeKind.InTrouble, Acknowledged: false }) is { } held
            ? new HeldChange
            {
                Kind = held.Kind.ToString(),
                ConfigVersion = held.Version,
                ConfigTerm = held.Term >= 0 ? held.Term : null,
                Time = WholeSeconds.Of(held.At),
                Summary = held.Summary.Length <= 1024 ? held.Summary : held.Summary[..1024],
            }
            : null;

    /// <summary>The first pass of a process goes on holding what status tells of, unless the spec was edited since.</summary>
    public static PlanningHistory Restore(PlanningHistory history, MongoReplicaSet set) =>
        history.ForeignChanges.Count == 0
        && set.Status?.HeldChange is { } held
        && set.Status.ObservedGeneration == set.Metadata.Generation
        && Enum.TryParse<ForeignChangeKind>(held.Kind, out var kind)
            ? history with { ForeignChanges = [new ForeignChange(new DateTimeOffset(held.Time, TimeSpan.Zero), kind, held.ConfigVersion, held.ConfigTerm ?? -1, UndidOurs: false, held.Summary ?? "")] }
            : history;
}
