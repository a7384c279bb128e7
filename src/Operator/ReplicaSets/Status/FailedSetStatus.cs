using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>The status of a replica set whose passes fail: identity, members and votes stay, as they outlive every outage; health and figures do not.</summary>
internal sealed class FailedSetStatus(ReplicaSetMetrics metrics) : IFailedPassStatus<MongoReplicaSet>
{
    private static readonly string[] OfTheWorld =
    [
        ConditionTypes.ReplicationHealthy, ConditionTypes.InitialSyncHealthy, ConditionTypes.PrimaryInPreferredRegion, ConditionTypes.SurvivesZoneLoss, ConditionTypes.SurvivesRegionLoss,
    ];

    public MongoReplicaSet Of(MongoReplicaSet entity, PassFailure failure, DateTimeOffset now)
    {
        var before = entity.Status ?? new MongoReplicaSetStatus();
        var status = before with
        {
            Phase = ReplicaSetPhases.Unknown,
            Primary = null,
            PrimaryRegion = null,
            Summary = before.Summary is not { } summary ? null : new ReplicaSetSummary
            {
                Members = FailedPassConditions.Marked(summary.Members),
                Votes = FailedPassConditions.Marked(summary.Votes),
            },
            Members = before.Members is not { } members ? null : [.. members.Select(Unseen)],
            Checks = null,
            Plan = null,
            PlanHash = null,
            Override = before.Override is not { } latch ? null : latch with { Settled = false },
            Conditions = FailedPassConditions.Of(before.Conditions, OfTheWorld, entity.Metadata.Generation, failure, now),
        };
        return new MongoReplicaSet { Metadata = entity.Metadata, Spec = entity.Spec, Status = status };
    }

    public void ForgetFigures(ObjectKey key) => metrics.Forget(key);

    private static MemberStatus Unseen(MemberStatus member) => new()
    {
        Host = member.Host,
        Region = member.Region,
        Zone = member.Zone,
        State = MemberState.Unknown.MongoName(),
        Votes = member.Votes,
        Priority = member.Priority,
    };
}
