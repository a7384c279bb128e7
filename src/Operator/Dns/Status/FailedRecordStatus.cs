using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Status;

/// <summary>The status of a record whose passes fail: the weights that were last seen stay, as a later pass tells from them what others did.</summary>
internal sealed class FailedRecordStatus(DnsMetrics metrics) : IFailedPassStatus<WeightedDnsRecord>
{
    public WeightedDnsRecord Of(WeightedDnsRecord entity, PassFailure failure, DateTimeOffset now)
    {
        var before = entity.Status ?? new WeightedDnsRecordStatus();
        var status = before with
        {
            Summary = before.Summary is not { } summary ? null : summary with { Served = FailedPassConditions.Marked(summary.Served) },
            Endpoints = before.Endpoints is not { } endpoints ? null : [.. endpoints.Select(e => e with { Health = e.Health is null ? null : "Unknown" })],
            Override = before.Override is not { } latch ? null : latch with { Settled = false },
            Conditions = FailedPassConditions.Of(before.Conditions, [ConditionTypes.InSync], entity.Metadata.Generation, failure, now),
        };
        return new WeightedDnsRecord { Metadata = entity.Metadata, Spec = entity.Spec, Status = status };
    }

    public void ForgetFigures(ObjectKey key) => metrics.Forget(key);
}
