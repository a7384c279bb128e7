using Modestano.Operator.Configuration;
using Prometheus;

namespace Modestano.Operator.Observability;

/// <summary>Which version runs, as a metric.</summary>
internal static class BuildInfo
{
    public static void Publish(IMetricFactory metrics) =>
        metrics.CreateGauge("modestano_build_info", "Always 1; the label tells the version.", ["version"]).WithLabels(OperatorVersion.Text).Set(1);
}
