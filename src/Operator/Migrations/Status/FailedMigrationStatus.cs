using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Status;

/// <summary>The status of a migration whose passes fail: its place and what it asks its targets for stay to the letter, as they follow that.</summary>
internal sealed class FailedMigrationStatus(MigrationMetrics metrics) : IFailedPassStatus<RegionMigration>
{
    public RegionMigration Of(RegionMigration entity, PassFailure failure, DateTimeOffset now)
    {
        var before = entity.Status ?? new RegionMigrationStatus();
        var status = before with
        {
            Traffic = FailedPassConditions.Marked(before.Traffic),
            PrimaryRegion = null,
            Conditions = FailedPassConditions.Of(before.Conditions, [ConditionTypes.GatesPassing], entity.Metadata.Generation, failure, now),
        };
        return new RegionMigration { Metadata = entity.Metadata, Spec = entity.Spec, Status = status };
    }

    public void ForgetFigures(ObjectKey key) => metrics.Forget(key);
}
