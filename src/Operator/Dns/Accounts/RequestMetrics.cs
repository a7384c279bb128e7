using Prometheus;

namespace Modestano.Operator.Dns.Accounts;

/// <summary>What is watched of the requests to Route 53.</summary>
internal sealed class RequestMetrics(IMetricFactory factory)
{
    private readonly Counter _requests = factory.CreateCounter("modestano_route53_requests_total", "Requests to Route 53, retries included; code: OK, the service's error code, or Unreachable.", ["operation", "code"]);

    public void Requested(string operation, string code) => _requests.WithLabels(operation, code).Inc();
}
