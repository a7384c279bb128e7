using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>R11 and approvals: which steps wait for a person's word.</summary>
public static class Ownership
{
    /// <summary>The owners that the members' tags name.</summary>
    public static IReadOnlyList<string> Owners(ReplicaSetConfig config) =>
        [.. config.Members.Select(m => m.Tags.TryGetValue(TagNames.Owner, out var owner) ? owner : null).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether the set is ours: a member says so, and no other owner is named.</summary>
    public static bool IsOurs(ReplicaSetConfig config, DesiredTopology desired) => Owners(config) is [var only] && only == desired.Owner;

    /// <summary>
    /// Whether a person has to approve before anything is changed: a set of another owner always, one of nobody unless adoption is Automatic.
    /// The owner may just be away (deleted to be made anew, in another cluster, restored), so that nobody asks for the set now says nothing.
    /// </summary>
    public static bool NeedsApproval(ReplicaSetConfig config, DesiredTopology desired, PlanningPolicy policy) =>
        Owners(config).Any(o => o != desired.Owner) || (policy.AdoptionNeedsApproval && !IsOurs(config, desired));

    /// <summary>Lets a step pass, or turns it into a wait for approval.</summary>
    internal static PlanDecision Guard(PlanDecision decision, PlanInput input)
    {
        var (desired, policy, history) = (input.Desired, input.Policy, input.History);
        if (decision is not PlanDecision.Act || history.PlanApproved)
        {
            return decision;
        }

        const string how = "read status.plan and copy status.planHash to spec.reconfiguration.approvedPlanHash";
        if (history.ForeignChanges.LastOrDefault(c => c is { Kind: ForeignChangeKind.Forced or ForeignChangeKind.InTrouble, Acknowledged: false }) is { } held)
        {
            return held.Kind == ForeignChangeKind.Forced
                ? new PlanDecision.AwaitingApproval(PlanReasons.ForcedConfig, $"somebody forced configuration version {held.Version}: it is left as it is until acknowledged; {how}")
                : new PlanDecision.AwaitingApproval(PlanReasons.ChangedInTrouble, $"somebody changed the configuration (version {held.Version}) while the set had no primary or no healthy majority: it is left as it is until acknowledged; {how}");
        }

        if (input.Observed.Config is { } config && NeedsApproval(config, desired, policy))
        {
            var others = Owners(config).Where(o => o != desired.Owner).ToList();
            return new PlanDecision.AwaitingApproval(
                PlanReasons.Adoption,
                others.Count == 0
                    ? $"this object does not own {desired.SetName} yet: {how}"
                    : $"{desired.SetName} belongs to {NameList.Of(others)}: only one object may manage it, and adoption: Automatic is for sets without an owner; to take it over, {how}");
        }

        return policy.EveryPlanNeedsApproval
            ? new PlanDecision.AwaitingApproval(PlanReasons.ManualApproval, $"reconfiguration.approval is Manual: {how}")
            : decision;
    }
}
