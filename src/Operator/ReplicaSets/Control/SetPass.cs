using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>One pass over one object.</summary>
/// <param name="Entity">The object as the pass began.</param>
/// <param name="Override">What a migration asks for.</param>
/// <param name="Memory">What earlier passes left.</param>
internal sealed record SetPass(MongoReplicaSet Entity, OverrideDecision Override, ReplicaSetMemory Memory)
{
    /// <summary>Whether the pass may end without a word. After passes that failed, status has to be told anew although nothing else may be.</summary>
    public bool MayBeBrief => Override is { Latch: null, Hold: false } && !FailedPassConditions.Stand(Entity.Status?.Conditions);

    /// <summary>
    /// A set at rest, the object as it was, and the primary tells what it told before: planning and mapping it again would end where they ended.
    /// </summary>
    /// <param name="before">The latest observation before this pass.</param>
    /// <param name="now">This pass's.</param>
    public bool SawNothingNew(ObservedReplicaSet? before, ObservedReplicaSet now) =>
        MayBeBrief
        && !Memory.AllAsked
        && Memory.RestingVersion is not null
        && Memory.RestingVersion == Entity.Metadata.ResourceVersion
        && before is not null
        && ObservationRefresh.TellsTheSame(before, now);
}
