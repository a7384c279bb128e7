using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>
/// Whether the default write concern would stand in the way of a recovery. Only sets with an arbiter can be concerned: without one the implicit
/// default is majority whoever is lost.
/// </summary>
/// <param name="Ready">Null: not known.</param>
/// <param name="Reason">Of the condition.</param>
/// <param name="Message">What to do.</param>
internal sealed record DefaultConcernReadiness(bool? Ready, string Reason, string Message)
{
    /// <summary>The name of its row in <c>status.checks</c>.</summary>
    public const string Check = "DefaultWriteConcern";

    /// <summary>What is so; null: the set has no arbiter, or no primary.</summary>
    public static DefaultConcernReadiness? Of(ObservedReplicaSet observed, Func<ConfigMember, string> regionOf)
    {
        if (observed.Primary is null || observed.Config?.Members.Any(m => m.ArbiterOnly) != true)
        {
            return null;
        }

        var atRisk = LossRehearsal.RegionsAtRisk(observed, regionOf);
        return (observed.DefaultWriteConcern, atRisk.Count) switch
        {
            ({ IsExplicit: true }, _) => new(true, Reasons.DefaultWriteConcernExplicit, "the default write concern is explicit, so no reconfig changes it"),
            (_, 0) => new(true, Reasons.ImplicitWriteConcernStays, "the default write concern is implicit, and no region's loss would change it"),
            (null, _) => new(null, PlanReasons.DefaultWriteConcernUnknown, $"the primary did not answer getDefaultRWConcern: whether the loss of {NameList.Of(atRisk)} could be recovered from is not known; check the roles of the operator's user"),
            _ => new(
                false,
                PlanReasons.ImplicitWriteConcernWouldChange,
                $"if {NameList.Of(atRisk)} is lost, a recovery without its votes would change the implicit default write concern, which MongoDB refuses even when forced, and without a primary nobody can set one: set spec.defaultWriteConcern now (it cannot be unset later)"),
        };
    }

    /// <summary>For <c>status.checks</c>.</summary>
    public CheckStatus Row(ObservedReplicaSet observed) => new()
    {
        Name = Check,
        Result = Ready switch { true => "Passed", false => "Failed", null => "Unknown" },
        Value = observed.DefaultWriteConcern is { } w ? $"w: {w.W}, {(w.IsExplicit ? "explicit" : "implicit")}" : null,
        Limit = "explicit, or the same after the loss of any region",
        Message = Ready == true ? null : Message,
    };
}
