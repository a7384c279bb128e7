using System.Text;
using k8s;
using Microsoft.AspNetCore.Builder;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets;
using Modestano.Scenarios.Runtime;
using Modestano.Scenarios.WholeWorld;
using Modestano.Testbed;
using Modestano.Testbed.Backends;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.Demo.Workload;
using Modestano.Testbed.KubeApi.Http;
using MongoDB.Driver;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>The embedded world with its real protocols, and an operator for replica sets in this process; an application writes all the time.</summary>
internal sealed class LiveWorld : IAsyncDisposable
{
    private const string Namespace = "marketplace";

    private readonly World _world;
    private readonly WebApplication _operator;
    private readonly IKubernetes _kubernetes;
    private readonly string _folder;
    private readonly MongoClient _application;
    private readonly CancellationTokenSource _stopWriting = new();
    private readonly Task _writing;

    private LiveWorld(World world, WebApplication app, string folder)
    {
        (_world, _operator, _folder) = (world, app, folder);
        _kubernetes = world.KubernetesClient();
        _application = new MongoClient(world.ApplicationSettings());
        _writing = new MajorityWriter(_application, Ledger).RunAsync(_stopWriting.Token);
    }

    public World World => _world;

    public WriteLedger Ledger { get; } = new(TimeProvider.System);

    public static async Task<LiveWorld> StartAsync(bool newRegionWithoutUsers = false, BackendChoice? backends = null, bool tls = false)
    {
        backends ??= BackendChoice.FromEnvironment(Environment.GetEnvironmentVariable);
        TestContext.Out.WriteLine(backends);
        var folder = Directory.CreateTempSubdirectory("modestano-live-").FullName;
        var world = await World.StartAsync(new WorldOptions { Folder = folder, ConfigFolder = Path.Combine(RepositoryRoot.PathOf(), "config"), Namespace = Namespace, NewRegionWithoutUsers = newRegionWithoutUsers, Backends = backends, MemberTls = tls }, CancellationToken.None);
        var environment = world.OperatorEnvironment;
        var options = OperatorOptions.Read(new SettingReader(new Dictionary<string, string>(), environment.GetValueOrDefault), environment.GetValueOrDefault, File.ReadAllText);
        var app = OperatorHost.Build(options, KubernetesConnection.Find(options), services => services.AddReplicaSets());
        await app.StartAsync();
        var live = new LiveWorld(world, app, folder);
        await live.ApplyAsync(File.ReadAllText(Path.Combine(RepositoryRoot.PathOf(), "config", "samples", "marketplace", "credentials.yaml")));
        if (world.MemberAuthorityPem is { } authority)
        {
            await live.ApplyAsync($"""
                apiVersion: v1
                kind: Secret
                metadata:
                  name: mongo-ca
                type: mongo.modestano.io/ca
                data:
                  ca.crt: {Convert.ToBase64String(Encoding.UTF8.GetBytes(authority))}
                """);
        }

        return live;
    }

    /// <summary>Applies a manifest as kubectl would.</summary>
    public async Task ApplyAsync(string yaml)
    {
        foreach (var manifest in YamlText.ParseAll(yaml))
        {
            await new ManifestApplier(_kubernetes, "scenario").ApplyAsync(manifest!.AsObject(), Namespace, CancellationToken.None);
        }
    }

    /// <summary>The sample's replica set with these members in London.</summary>
    public Task ApplySetAsync(string primaryRegion, int london, bool uninitialised = false, string? tls = null) => ApplyAsync($"""
        apiVersion: mongo.modestano.io/v1alpha1
        kind: MongoReplicaSet
        metadata:
          name: marketplace
        spec:
          replicaSetName: rs0
          connection:
            credentialsSecretRef: {SecretRef}
            tls: {tls ?? (_world.MemberAuthorityPem is null ? Plain : PrivateAuthority)}
          primaryRegion: {primaryRegion}
          regions:
        {Region(SampleNames.OldRegion, 3)}
        {Region(SampleNames.NewRegion, london, uninitialised)}
          reconfiguration:
            adoption: Automatic
            maxConcurrentInitialSyncs: 3
            stabilizationWindow: 2s
            minOplogWindow: 0s
        """);

    public async Task<MongoReplicaSet> GetAsync() =>
        await _kubernetes.CustomObjects.GetNamespacedCustomObjectAsync<MongoReplicaSet>(ApiGroup.Name, ApiGroup.Version, Namespace, "mongoreplicasets", "marketplace");

    public async Task<MongoReplicaSetStatus> StatusAsync() => (await GetAsync()).Status ?? new MongoReplicaSetStatus();

    /// <summary>The set's line in <c>kubectl get mrs -o wide</c>.</summary>
    public async Task<string> LineAsync() =>
        (await Kubectl.RunAsync("--kubeconfig", _world.Kubeconfig, "-n", Namespace, "get", "mrs", "-o", "wide", "--no-headers")).Trim();

    /// <summary>Waits until the latest spec has settled.</summary>
    public Task<TimeSpan> SettledAsync(TimeSpan? atMost = null) => Eventually.Is(
        async () => await GetAsync() is { Status: { Phase: ReplicaSetPhases.Settled } status } set && status.ObservedGeneration == set.Metadata.Generation,
        "the set is settled",
        atMost ?? TimeSpan.FromSeconds(120));

    /// <summary>Waits until a member's message in status contains this.</summary>
    public Task<TimeSpan> IsToldOfAMemberAsync(string message) => Eventually.Is(
        async () => (await StatusAsync()).Members?.Any(m => m.Message?.Contains(message, StringComparison.Ordinal) == true) == true,
        $"status says of a member: {message}",
        TimeSpan.FromSeconds(60));

    /// <summary>Stops the application and counts what it lost.</summary>
    public async Task<IReadOnlyList<long>> LostAsync()
    {
        await _stopWriting.CancelAsync();
        await _writing;
        return await MajorityWriter.FindLostAsync(_application, Ledger.Ids(), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed half-way may leave a member frozen, and the application waits for the answer to its last write.
        _world.Mongods?.ThawAll();
        await _stopWriting.CancelAsync();
        await _writing;
        await _operator.StopAsync();
        await _operator.DisposeAsync();
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(_application.Cluster);
        _application.Dispose();
        _kubernetes.Dispose();
        await _world.DisposeAsync();
        _stopWriting.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private const string SecretRef = "{name: marketplace-operator}";

    /// <summary>A spec's <c>tls</c> for members without it.</summary>
    public const string Plain = "{mode: Disabled}";

    /// <summary>A spec's <c>tls</c> for members with certificates of the world's authority.</summary>
    public const string PrivateAuthority = "{mode: Required, caSecretRef: {name: mongo-ca}}";

    private string Region(string name, int count, bool uninitialised = false) =>
        count == 0 ? "" : $"  - name: {name}\n    members:\n{Members(name, count, uninitialised)}";

    // Members that are processes have no users before they are in the set.
    private string Members(string region, int count, bool uninitialised) =>
        string.Join('\n', _world.Members(region).Take(count).Select((host, i) => $"    - host: {host}\n      zone: {region}{"abc"[i]}{(uninitialised || (_world.Mongods is not null && region == SampleNames.NewRegion) ? "\n      uninitialised: true" : "")}"));
}
