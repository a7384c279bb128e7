using System.Text;
using System.Text.RegularExpressions;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Status;
using Modestano.Operator.Migrations.Status;
using Modestano.Operator.Observability;
using Modestano.Operator.Outgoing;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operations.Tests;

/// <summary>What a scrape of the operator's own metrics classes gives: names with their labels.</summary>
internal static partial class ExposedMetrics
{
    private static readonly Lazy<IReadOnlyDictionary<string, IReadOnlySet<string>>> All = new(Scrape);

    /// <summary>Label names by metric name, histograms with their three suffixes.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> LabelsByName => All.Value;

    /// <summary>What is wrong with the metrics and label matchers of a PromQL expression; empty: nothing.</summary>
    public static IReadOnlyList<string> Problems(string expression)
    {
        var problems = new List<string>();
        var used = MetricName().Matches(Quoted().Replace(expression, "\"\"")).ToList();
        if (used.Count == 0)
        {
            problems.Add($"no metric of the operator in: {expression}");
        }

        foreach (var metric in used)
        {
            if (!LabelsByName.TryGetValue(metric.Groups["name"].Value, out var labels))
            {
                problems.Add($"{metric.Groups["name"].Value} is not exposed");
                continue;
            }

            // `instance` and `job` come with the scrape.
            problems.AddRange(LabelName().Matches(metric.Groups["matchers"].Value).Select(m => m.Groups[1].Value)
                .Where(l => !labels.Contains(l) && l is not ("instance" or "job"))
                .Select(l => $"{metric.Groups["name"].Value} has no label {l}"));
        }

        return problems;
    }

    private static Dictionary<string, IReadOnlySet<string>> Scrape()
    {
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        PublishReplicaSet(new ReplicaSetMetrics(factory));
        _ = new OutgoingMetrics(factory);
        var dns = new DnsMetrics(factory);
        new RequestMetrics(factory).Requested("ListResourceRecordSets", "OK");
        dns.Served(new ObjectKey("shop", "shop"), "shop.modestano.com", "A", new Dictionary<string, int> { ["eu-west-1"] = 255 }, null);
        new MigrationMetrics(factory).Publish(
            new ObjectKey("shop", "move"),
            new RegionMigrationStatus { Phase = MigrationPhases.Soaking, PhaseStartTime = DateTime.UnixEpoch },
            [new GateStatus { Name = "error-rate", Result = "Passing" }]);
        PublishRuntime(new RuntimeMetrics(factory));
        BuildInfo.Publish(factory);

        using var stream = new MemoryStream();
        registry.CollectAndExportAsTextAsync(stream, CancellationToken.None).GetAwaiter().GetResult();
        return Sample().Matches(Encoding.UTF8.GetString(stream.ToArray())).GroupBy(m => m.Groups["name"].Value, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => (IReadOnlySet<string>)g.SelectMany(m => LabelName().Matches(m.Groups["labels"].Value).Select(l => l.Groups[1].Value)).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private static void PublishReplicaSet(ReplicaSetMetrics metrics)
    {
        const string host = "mongo-1.example.internal:27017";
        metrics.CountStep("Reconfig", "Done");
        var config = new ReplicaSetConfig { SetName = "rs0", Version = 1, Term = 1, Members = [new ConfigMember { Id = 0, Host = host }] };
        var member = new ObservedMember
        {
            Host = host,
            Healthy = true,
            State = MemberState.Primary,
            Lag = TimeSpan.Zero,
            Ping = TimeSpan.FromMilliseconds(1),
            HeartbeatPing = TimeSpan.FromMilliseconds(1),
            OplogWindow = TimeSpan.FromHours(1),
            InitialSync = new InitialSyncProgress { Ratio = 0.5 },
        };
        var observed = new ObservedReplicaSet { At = DateTimeOffset.UnixEpoch, Config = config, Primary = host, Members = new Dictionary<string, ObservedMember> { [host] = member } };
        metrics.Publish(new ObjectKey("shop", "marketplace"), observed, new Places(new MongoReplicaSetSpec(), config), "eu-west-2");
    }

    private static void PublishRuntime(RuntimeMetrics metrics)
    {
        var kind = EntityKind.Of<MongoReplicaSet>();
        var queue = metrics.Queue("mongoreplicaset");
        queue.Waited(TimeSpan.Zero, 0);
        queue.Worked(TimeSpan.Zero);
        var controller = metrics.Controller("mongoreplicaset");
        controller.Ended("success", TimeSpan.Zero);
        controller.Failed(true);
        metrics.Leader("modestano-operator").Set(1);
        metrics.UnreadableObjects(kind).Set(0);
        metrics.KindsNotSeen(kind).Set(0);
        metrics.PassesFail(kind, new ObjectKey("shop", "marketplace"), true);
        metrics.InformerRestarts(kind, "ended").Inc();
        metrics.DroppedEvents("full").Inc();
        metrics.ApiCalled("200", "GET", "10.0.0.1:443");
    }

    [GeneratedRegex("""^(?<name>[a-z]\w*)(\{(?<labels>.*)\})? """, RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("""\b(?<name>(?:modestano|controller_runtime|workqueue|leader_election|rest_client)_\w+)(?:\{(?<matchers>[^}]*)\})?""")]
    private static partial Regex MetricName();

    [GeneratedRegex("""([a-z_]\w*)\s*(?:=~|!=|!~|=)""")]
    private static partial Regex LabelName();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
