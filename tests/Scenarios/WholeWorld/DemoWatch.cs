using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Demo;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.Mongo.Model;
using EmbeddedWorld = Modestano.Testbed.World;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>
/// Beside the demo: Prometheus, which scrapes by TLS and token; at its end what the dashboards ask, the alerts' health, a scrape as text. Then
/// the rest of an operator's life, which a migration does not hold: objects that nobody can read, deletions. What was seen is kept for the tests.
/// </summary>
internal sealed partial class DemoWatch(string folder) : IDemoGuest, IAsyncDisposable
{
    private const string Namespace = "marketplace";

    // Generous: the machine may be busy, and nothing here is about speed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly int _port = PrometheusServer.FreePort();
    private PrometheusServer _prometheus = null!;
    private string _token = "";
    private Task _seen = Task.CompletedTask;

    /// <summary>Number of series by dashboard and query.</summary>
    public List<(string Dashboard, string Query, int Series)> Answers { get; } = [];

    /// <summary>The alerts with the errors of their evaluation.</summary>
    public IReadOnlyDictionary<string, string?> Alerts { get; private set; } = new Dictionary<string, string?>();

    /// <summary>What the operator exposes after the migration.</summary>
    public string Scrape { get; private set; } = "";

    /// <summary>The same, after every object was deleted.</summary>
    public string LastScrape { get; private set; } = "";

    /// <summary>What the operator did with resources of the API server.</summary>
    public IReadOnlySet<(string Verb, string Group, string Resource)> Used { get; private set; } = new HashSet<(string, string, string)>();

    /// <summary>What it was refused.</summary>
    public IReadOnlyList<string> Refused { get; private set; } = [];

    public async Task<IReadOnlyDictionary<string, string>> ArriveAsync(EmbeddedWorld world, CancellationToken cancellationToken)
    {
        using var client = world.KubernetesClient();
        await client.RbacAuthorizationV1.CreateClusterRoleBindingAsync(
            new V1ClusterRoleBinding
            {
                Metadata = new V1ObjectMeta { Name = "scrape" },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "metrics-reader" },
                Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", NamespaceProperty = "monitoring", Name = "prometheus" }],
            },
            cancellationToken: cancellationToken);
        _token = world.Kubernetes.AddServiceAccountToken("monitoring", "prometheus");
        _prometheus = await PrometheusServer.StartAsync(folder, _port, _token);
        _seen = SeeAnInitialSyncAsync(world, cancellationToken);
        return new Dictionary<string, string> { ["MODESTANO_METRICS_PORT"] = $"{_port}", ["MODESTANO_METRICS_SECURE"] = "true", ["MODESTANO_LOG_FORMAT"] = "json" };
    }

    public async Task LeaveAsync(EmbeddedWorld world, CancellationToken cancellationToken)
    {
        await _seen;
        await Eventually.Is(async () => await _prometheus.ScrapeErrorAsync() == "", "Prometheus scrapes the operator", Patience);
        foreach (var name in Dashboard.Names)
        {
            foreach (var query in Dashboard.Queries(name))
            {
                Answers.Add((name, query, await _prometheus.SeriesAsync(WithVariables(query))));
            }

            foreach (var query in Dashboard.VariableQueries(name))
            {
                var values = LabelValues().Match(query);
                Answers.Add((name, query, (await _prometheus.LabelValuesAsync(WithVariables(values.Groups[1].Value), values.Groups[2].Value)).Count));
            }
        }

        Alerts = await _prometheus.AlertsAsync();
        Scrape = await ScrapeAsync();
        using var client = world.KubernetesClient();
        await DeleteAllAsync(client);
        await Eventually.Is(async () => !ObjectSeries().IsMatch(LastScrape = await ScrapeAsync()), "the series of deleted objects are gone", Patience);
        await WriteUnreadableObjectsAsync(client);
        var account = Modestano.Testbed.PreparedCluster.OperatorUser;
        Used = world.Kubernetes.Requests.Used(account);
        Refused = [.. world.Kubernetes.Requests.Refused.Where(r => r.User == account).Select(r => r.ToString())];
    }

    public async ValueTask DisposeAsync() => await _prometheus.DisposeAsync();

    // The demo's data is copied within a blink: one member takes its time until a scrape has seen it copy.
    private async Task SeeAnInitialSyncAsync(EmbeddedWorld world, CancellationToken cancellationToken)
    {
        var member = world.Mongo.Member(SampleNames.Members(SampleNames.NewRegion)[0]).Model;
        member.SetSpeed(new DiskOptions { InitialSyncBytesPerSecond = 256 });
        while (await _prometheus.SeriesAsync("modestano_replicaset_initial_sync_progress_ratio") == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
        }

        member.SetSpeed(new DiskOptions());
    }

    private static string WithVariables(string query) => query
        .Replace("$namespace", Namespace).Replace("$name", ".*").Replace("$controller", "mongoreplicaset|weighteddnsrecord|regionmigration");

    private async Task<string> ScrapeAsync()
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return await client.GetStringAsync(new Uri($"https://127.0.0.1:{_port}/metrics"));
    }

    // As a team would: Git says what was reached, then the objects go, the migration first.
    private static async Task DeleteAllAsync(IKubernetes client)
    {
        var git = new GitRepository(RepositoryFolder.DemoSamples);
        var migration = await client.CustomObjects.GetNamespacedCustomObjectAsync<RegionMigration>(ApiGroup.Name, ApiGroup.Version, Namespace, "regionmigrations", GitRepository.Migration);
        foreach (var edit in migration.Status?.SpecEdits ?? [])
        {
            git.Commit(edit);
        }

        var applier = new ManifestApplier(client, "demo");
        foreach (var manifest in git.Objects())
        {
            await applier.ApplyAsync(manifest, Namespace, CancellationToken.None);
        }

        foreach (var (plural, name) in new[] { ("regionmigrations", GitRepository.Migration), ("weighteddnsrecords", GitRepository.Record), ("mongoreplicasets", GitRepository.ReplicaSet) })
        {
            await client.CustomObjects.DeleteNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, plural, name);
            await Eventually.Is(async () => await CountAsync(client, plural) == 0, $"{plural}/{name} is gone", Patience);
        }
    }

    private static async Task<int> CountAsync(IKubernetes client, string plural) =>
        JsonNode.Parse((await client.CustomObjects.ListNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, plural)).ToString()!)!["items"]!.AsArray().Count;

    // As after a downgrade: definitions that allow more than this version understands, and objects that use it.
    private static async Task WriteUnreadableObjectsAsync(IKubernetes client)
    {
        foreach (var kind in new[] { "MongoReplicaSet", "RegionMigration", "WeightedDnsRecord" })
        {
            var plural = kind.ToLowerInvariant() + "s";
            var definition = await client.ApiextensionsV1.ReadCustomResourceDefinitionAsync($"{plural}.{ApiGroup.Name}");
            definition.Spec.Versions[0].Schema.OpenAPIV3Schema = new V1JSONSchemaProps { Type = "object", XKubernetesPreserveUnknownFields = true };
            await client.ApiextensionsV1.ReplaceCustomResourceDefinitionAsync(definition, definition.Metadata.Name);
            var strange = new { apiVersion = ApiGroup.Name + "/" + ApiGroup.Version, kind, metadata = new { name = "strange" }, spec = new[] { "a list" } };
            await Eventually.Is(async () => await IsTakenAsync(client, strange, plural), $"a strange {kind} is taken", Patience);
            await Eventually.Is(async () => await IsStalledAsync(client, plural), $"{kind} strange tells that it cannot be read", Patience);
        }
    }

    // A definition takes a moment to count.
    private static async Task<bool> IsTakenAsync(IKubernetes client, object strange, string plural)
    {
        try
        {
            await client.CustomObjects.CreateNamespacedCustomObjectAsync(strange, ApiGroup.Name, ApiGroup.Version, Namespace, plural);
            return true;
        }
        catch (k8s.Autorest.HttpOperationException)
        {
            return false;
        }
    }

    private static async Task<bool> IsStalledAsync(IKubernetes client, string plural)
    {
        var entity = JsonNode.Parse((await client.CustomObjects.GetNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, plural, "strange")).ToString()!)!;
        return entity["status"]?["conditions"]?.AsArray().Any(c => (string)c!["type"]! == ConditionTypes.Stalled && (string)c["reason"]! == "Unreadable") == true;
    }

    [GeneratedRegex(@"^label_values\((.+), (\w+)\)$")]
    private static partial Regex LabelValues();

    // Series that belong to an object name its namespace.
    [GeneratedRegex("namespace=\"marketplace\"")]
    private static partial Regex ObjectSeries();
}
