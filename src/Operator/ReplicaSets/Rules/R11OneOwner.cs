using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// A set that this object does not own is changed only by an approved plan, one of another owner only where somebody other than the applicant
/// lets it be followed, and every reconfig leaves our mark on the wanted data-bearing members.
/// </summary>
internal sealed class R11OneOwner : IReplicaSetRule
{
    public string Name => nameof(R11OneOwner);

    public string? Check(ProposedStep proposed)
    {
        if (ChangeOfOwner.Refused(proposed.Current, proposed.Desired, proposed.Policy).Count > 0)
        {
            return "the set belongs to an owner whom nobody lets this object follow";
        }

        if (proposed.Current.Members.Count == 0 || proposed.Step is Reconfig { Force: true })
        {
            return null;
        }

        if (!proposed.History.PlanApproved && Ownership.NeedsApproval(proposed.Current, proposed.Desired, proposed.Policy))
        {
            return "the set is not owned by this object and no plan was approved";
        }

        return proposed.Step is Reconfig && proposed.Next.Members.FirstOrDefault(m => !m.ArbiterOnly && proposed.Rest.Find(m.Host) is { IsRetained: false } && !IsMarked(m, proposed)) is { } unmarked
            ? $"{unmarked.Host} would be left without our owner tag"
            : null;
    }

    // A write-concern mode may count the tag; then it is left as it is.
    private static bool IsMarked(ConfigMember member, ProposedStep proposed) =>
        (member.Tags.TryGetValue(TagNames.Owner, out var owner) && owner == proposed.Desired.Owner) || WriteConcernModes.Use(proposed.Current.Settings, TagNames.Owner);
}
