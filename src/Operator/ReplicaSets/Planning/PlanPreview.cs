using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>What will happen, in order, before it happens: the planner run against a model of the set until it settles.</summary>
/// <param name="Steps">The steps, waits among them; for <c>status.plan</c>.</param>
/// <param name="Hash">For <c>status.planHash</c>; empty where there is nothing to do.</param>
public sealed record PlanPreview(IReadOnlyList<PlannedStep> Steps, string Hash)
{
    /// <summary>Nothing to do.</summary>
    public static PlanPreview Nothing { get; } = new([], "");

    /// <summary>Runs the planner against the model.</summary>
    /// <param name="observed">Where it begins.</param>
    /// <param name="desired">The effective topology.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="history">The past.</param>
    /// <param name="identity">Whose plan it is: part of the hash.</param>
    public static PlanPreview Of(ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy, PlanningHistory history, PlanIdentity identity) => Nothing;
}

/// <summary>Whose plan it is.</summary>
/// <param name="Uid">The object's UID.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="OverrideRevision">The latched override's revision; null: none.</param>
public sealed record PlanIdentity(string Uid, long Generation, long? OverrideRevision);
