using Modestano.Operator.Dns.Weights;
using Modestano.Operator.Observability;
using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.Dns.Status;

/// <summary>What is watched of DNS. Series of an object go away with it, and all of them with the lead.</summary>
internal sealed class DnsMetrics(IMetricFactory factory) : ILeadershipListener
{
    private static readonly string[] ByEndpoint = ["namespace", "name", "record", "type", "set_identifier"];
    private static readonly string[] ByObject = ["namespace", "name"];

    private readonly Gauge _weight = factory.CreateGauge("modestano_dns_weight", "Weight that Route 53 holds.", ByEndpoint);
    private readonly Gauge _share = factory.CreateGauge("modestano_dns_traffic_share_ratio", "Weight over the sum of the group's weights.", ByEndpoint);
    private readonly Gauge _pendingSince = factory.CreateGauge("modestano_dns_change_pending_since_seconds", "When the change was sent that is not in sync yet, as a Unix time; 0: none is pending.", ByObject);
    private readonly Gauge _inSync = factory.CreateGauge("modestano_dns_in_sync", "1 where every server of Route 53 answers with the latest change.", ByObject);
    private readonly Counter _steps = factory.CreateCounter("modestano_steps_total", "Steps taken, by kind and outcome.", ["kind", "outcome"]);
    private readonly ObjectSeries _series = new();

    public void Stepped(string kind, string outcome) => _steps.WithLabels("Dns" + kind, outcome).Inc();

    public void Served(ObjectKey key, string record, string type, IReadOnlyDictionary<string, int> weights, DateTimeOffset? pendingSince) => _series.Publish(key, set =>
    {
        foreach (var (id, share) in Shares.Of(weights))
        {
            set(_weight, weights[id], [key.Namespace, key.Name, record, type, id]);
            set(_share, share, [key.Namespace, key.Name, record, type, id]);
        }

        set(_pendingSince, pendingSince?.ToUnixTimeMilliseconds() / 1000.0 ?? 0, [key.Namespace, key.Name]);
        set(_inSync, pendingSince is null ? 1 : 0, [key.Namespace, key.Name]);
    });

    public void Forget(ObjectKey key) => _series.Forget(key);

    public void StoppedLeading() => _series.ForgetAll();
}
