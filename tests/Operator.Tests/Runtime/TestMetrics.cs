using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.Tests.Runtime;

internal static class TestMetrics
{
    public static RuntimeMetrics In(CollectorRegistry registry) => new(Metrics.WithCustomRegistry(registry));

    public static RuntimeMetrics Create() => new(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
}
