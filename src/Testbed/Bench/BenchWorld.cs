using System.Net;
using System.Net.Sockets;
using k8s;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.Route53;

namespace Modestano.Testbed.Bench;

/// <summary>The three servers with all objects in place, before an operator has seen them.</summary>
internal sealed class BenchWorld : IAsyncDisposable
{
    private const int ParallelApplies = 8;
    private readonly BenchOptions _options;
    private readonly string _grantsFile;

    private BenchWorld(BenchOptions options, PreparedCluster cluster, EmbeddedRoute53 route53, MemberFleet fleet)
    {
        _options = options;
        (Cluster, Route53, Fleet) = (cluster, route53, fleet);
        Client = cluster.Client();
        _grantsFile = Path.Combine(options.Folder, "grants.yaml");
        MetricsPort = FreePort();
    }

    public PreparedCluster Cluster { get; }

    public EmbeddedRoute53 Route53 { get; }

    public MemberFleet Fleet { get; }

    /// <summary>An administrator of the API server.</summary>
    public IKubernetes Client { get; }

    /// <summary>Where the operator serves its metrics.</summary>
    public int MetricsPort { get; }

    /// <summary>The environment that the operator's process needs here; everything that is not about addresses is as shipped.</summary>
    public IReadOnlyDictionary<string, string> OperatorEnvironment => new Dictionary<string, string>
    {
        ["MODESTANO_KUBECONFIG"] = Cluster.OperatorKubeconfig,
        ["MODESTANO_GRANTS"] = _grantsFile,
        ["MODESTANO_LEASE_NAMESPACE"] = PreparedCluster.OperatorNamespace,
        ["MODESTANO_BIND_ADDRESS"] = "127.0.0.1",
        ["MODESTANO_METRICS_PORT"] = MetricsPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["MODESTANO_HEALTH_PORT"] = "0",
        ["AWS_ENDPOINT_URL_ROUTE_53"] = Route53.Endpoint.ToString(),
        ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "embedded-world-only",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_REGION"] = BenchNames.HomeRegion,
    };

    public static async Task<BenchWorld> StartAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Folder);
        var cluster = await PreparedCluster.StartAsync(
            new WorldOptions { Folder = options.Folder, ConfigFolder = options.ConfigFolder, Namespace = BenchNames.Namespace, Seed = options.Seed }, cancellationToken);
        var route53 = await EmbeddedRoute53.StartAsync(new Route53Options { Seed = options.Seed, PropagationDelay = TimeSpan.FromSeconds(1) }, cancellationToken);
        route53.Zones.CreateZone(BenchNames.Zone, BenchNames.ZoneId);
        using var client = cluster.Client();
        var uid = (await client.CoreV1.ReadNamespaceAsync("kube-system", cancellationToken: cancellationToken)).Metadata.Uid;
        var world = new BenchWorld(options, cluster, route53, await MemberFleet.StartAsync(options, uid, cancellationToken));
        await File.WriteAllTextAsync(world._grantsFile, BenchNames.Grants(), cancellationToken);
        await world.ApplyAllAsync(cancellationToken);
        return world;
    }

    /// <summary>Writes a set's manifest anew.</summary>
    public Task EditAsync(int set, string value, CancellationToken cancellationToken) =>
        Applier.ApplyAsync(BenchNames.SetManifest(set, _options.Members, value), BenchNames.Namespace, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Fleet.DisposeAsync();
        await Route53.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private ManifestApplier Applier => new(Client, "bench");

    private async Task ApplyAllAsync(CancellationToken cancellationToken)
    {
        await Applier.ApplyAsync(BenchNames.SecretManifest(), BenchNames.Namespace, cancellationToken);
        var manifests = Enumerable.Range(0, _options.Sets).Select(s => BenchNames.SetManifest(s, _options.Members))
            .Concat(Enumerable.Range(0, _options.Records).Select(r => BenchNames.RecordManifest(r, _options.Ttl)));
        await Parallel.ForEachAsync(
            manifests,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelApplies, CancellationToken = cancellationToken },
            async (manifest, token) => await Applier.ApplyAsync(manifest, BenchNames.Namespace, token));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
