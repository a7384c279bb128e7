using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>
/// R11: a set whose members carry another owner's tag is not even planned for, forced or not, until somebody other than the applicant lets go of
/// it. That its object is gone proves nothing: it may be in another cluster, or about to be restored.
/// </summary>
internal static class ChangeOfOwner
{
    /// <summary>Waits where another owner may not be followed; null: there is none, or it may.</summary>
    public static PlanDecision? Refuse(PlanInput input)
    {
        var desired = input.Desired;
        IReadOnlyList<string> others = input.Observed.Config is { } config ? Refused(config, desired, input.Policy) : [];
        return others.Count == 0 ? null : new PlanDecision.AwaitingApproval(
            PlanReasons.Adoption,
            $"{desired.SetName} belongs to {Words(others, desired.Owner)}: only one object may manage it. To take it over, spec.reconfiguration.previousOwner has to name that owner as the members' "
            + $"tag {TagNames.Owner} does, and either its object carries the annotation {Annotations.ReleaseTo}: <namespace>/<name> of this one, or the operator's grants name it under adoptions for this namespace");
    }

    /// <summary>The set's other owners whom nobody lets this object follow.</summary>
    public static IReadOnlyList<string> Refused(ReplicaSetConfig config, DesiredTopology desired, PlanningPolicy policy) =>
        [.. Ownership.Owners(config).Where(o => o != desired.Owner && !policy.MayFollow.Contains(o))];

    /// <summary>Owners for a message: by name only those of the reader's own namespace.</summary>
    public static string Words(IReadOnlyCollection<string> owners, string reader) =>
        owners.Where(o => Namespace(o) == Namespace(reader)).ToList() is { Count: > 0 } known ? NameList.Of(known) : "another owner";

    /// <summary>The object that an owner's tag names, if it is of this cluster.</summary>
    public static (string Namespace, string Name)? Local(string owner, string cluster) =>
        owner.Split('/') is [var uid, var space, var name] && uid == cluster ? (space, name) : null;

    private static string? Namespace(string owner) => owner.Split('/') is [_, var space, _] ? space : null;
}
