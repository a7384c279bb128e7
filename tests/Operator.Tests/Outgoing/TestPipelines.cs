using Modestano.Operator.Outgoing;
using Prometheus;

namespace Modestano.Operator.Tests.Outgoing;

/// <summary>The pipelines with metrics of their own.</summary>
internal static class TestPipelines
{
    public static OutgoingPipelines Of(CollectorRegistry? registry = null, TimeProvider? time = null) =>
        new(new OutgoingMetrics(Metrics.WithCustomRegistry(registry ?? Metrics.NewCustomRegistry())), time ?? TimeProvider.System);
}
