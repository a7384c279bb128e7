using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.Tests.Runtime;

internal static class TestMetrics
{
    public static RuntimeMetrics Create() => new(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
}
