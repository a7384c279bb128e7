using System.Collections.Concurrent;
using Modestano.Operator.Dns.Weights;
using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.Dns.Control;

/// <summary>What is watched of DNS. Series of an object go away with it, and all of them with the lead.</summary>
internal sealed class DnsMetrics(IMetricFactory factory) : ILeadershipListener
{
    private static readonly string[] ByEndpoint = ["namespace", "name", "record", "type", "set_identifier"];
    private static readonly string[] ByObject = ["namespace", "name"];

    private readonly Gauge _weight = factory.CreateGauge("modestano_dns_weight", "Weight that Route 53 holds.", ByEndpoint);
    private readonly Gauge _share = factory.CreateGauge("modestano_dns_traffic_share_ratio", "Weight over the sum of the group's weights.", ByEndpoint);
    private readonly Gauge _pendingSince = factory.CreateGauge("modestano_dns_change_pending_since_seconds", "When the change was sent that is not in sync yet, as a Unix time; 0: none is pending.", ByObject);
    private readonly Gauge _inSync = factory.CreateGauge("modestano_dns_in_sync", "1 where every server of Route 53 answers with the latest change.", ByObject);
    private readonly Counter _requests = factory.CreateCounter("modestano_route53_requests_total", "Requests to Route 53, retries included; code: OK, the service's error code, or Unreachable.", ["operation", "code"]);
    private readonly Counter _steps = factory.CreateCounter("modestano_steps_total", "Steps taken, by kind and outcome.", ["kind", "outcome"]);
    private readonly ConcurrentDictionary<ObjectKey, (string Record, string Type, IReadOnlyList<string> Identifiers)> _known = new();

    public void Requested(string operation, string code) => _requests.WithLabels(operation, code).Inc();

    public void Stepped(string kind, string outcome) => _steps.WithLabels("Dns" + kind, outcome).Inc();

    public void Served(ObjectKey key, string record, string type, IReadOnlyDictionary<string, int> weights, DateTimeOffset? pendingSince)
    {
        if (_known.TryGetValue(key, out var before))
        {
            RemoveEndpoints(key, before.Record, before.Type, before.Identifiers.Except(weights.Keys));
        }

        _known[key] = (record, type, [.. weights.Keys]);
        foreach (var (id, share) in Shares.Of(weights))
        {
            _weight.WithLabels(key.Namespace, key.Name, record, type, id).Set(weights[id]);
            _share.WithLabels(key.Namespace, key.Name, record, type, id).Set(share);
        }

        _pendingSince.WithLabels(key.Namespace, key.Name).Set(pendingSince?.ToUnixTimeMilliseconds() / 1000.0 ?? 0);
        _inSync.WithLabels(key.Namespace, key.Name).Set(pendingSince is null ? 1 : 0);
    }

    public void Forget(ObjectKey key)
    {
        if (_known.TryRemove(key, out var known))
        {
            RemoveEndpoints(key, known.Record, known.Type, known.Identifiers);
            _pendingSince.RemoveLabelled(key.Namespace, key.Name);
            _inSync.RemoveLabelled(key.Namespace, key.Name);
        }
    }

    public void StoppedLeading()
    {
        foreach (var key in _known.Keys)
        {
            Forget(key);
        }
    }

    private void RemoveEndpoints(ObjectKey key, string record, string type, IEnumerable<string> identifiers)
    {
        foreach (var id in identifiers)
        {
            _weight.RemoveLabelled(key.Namespace, key.Name, record, type, id);
            _share.RemoveLabelled(key.Namespace, key.Name, record, type, id);
        }
    }
}
