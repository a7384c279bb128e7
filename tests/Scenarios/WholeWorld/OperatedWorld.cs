using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Backends;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.Demo.Workload;
using MongoDB.Bson;
using MongoDB.Driver;
using EmbeddedWorld = Modestano.Testbed.World;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>The embedded world, the shipped operator as its own process, and an application that writes without a pause.</summary>
internal sealed class OperatedWorld : IAsyncDisposable
{
    public const string Namespace = "marketplace";

    // A successor takes over within seconds of a kill.
    private static readonly string[] ShortLease =
        ["--lease-duration", "4s", "--lease-renew-deadline", "3s", "--lease-retry-period", "500ms"];

    private readonly string _folder;
    private readonly string _metricsPort;
    private readonly MongoClient _application;
    private readonly CancellationTokenSource _stopWriting = new();
    private readonly Task _writing;
    private readonly List<Runtime.OperatorProcess> _operators = [];

    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly bool _hasShippedLease;

    private OperatedWorld(EmbeddedWorld world, string folder, int metricsPort, IReadOnlyDictionary<string, string> environment, bool hasShippedLease)
    {
        _hasShippedLease = hasShippedLease;
        (World, _folder, _metricsPort) = (world, folder, metricsPort.ToString(CultureInfo.InvariantCulture));
        _environment = new Dictionary<string, string>([.. world.OperatorEnvironment, .. environment]);
        Kubernetes = world.KubernetesClient();
        Git = new GitRepository(RepositoryFolder.DemoSamples);
        _application = new MongoClient(world.ApplicationSettings());
        _writing = new MajorityWriter(_application, Ledger).RunAsync(_stopWriting.Token);
        StartOperator();
    }

    public EmbeddedWorld World { get; }

    public IKubernetes Kubernetes { get; }

    public GitRepository Git { get; }

    public WriteLedger Ledger { get; } = new(TimeProvider.System);

    /// <summary>What the operators said so far, for messages of assertions.</summary>
    public string Log => string.Join('\n', _operators.Select(o => o.Log));

    /// <param name="prometheus">Where gates may ask, under the name main; null: nowhere.</param>
    /// <param name="metricsPort">The port of the operator's /metrics; 0: none.</param>
    /// <param name="backends">Which servers are there already; null: none.</param>
    /// <param name="environment">Further variables of the operator's process; null: none.</param>
    /// <param name="others">Further namespaces, each with the suffix of the members that are granted to it; null: none.</param>
    /// <param name="hasShippedLease">Whether the lease lasts as long as the defaults say, and not only seconds.</param>
    public static async Task<OperatedWorld> StartAsync(
        Uri? prometheus = null, int metricsPort = 0, BackendChoice? backends = null, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyDictionary<string, string>? others = null, bool hasShippedLease = false)
    {
        var folder = Directory.CreateTempSubdirectory("modestano-world-").FullName;
        var world = await EmbeddedWorld.StartAsync(new WorldOptions { Folder = folder, ConfigFolder = RepositoryFolder.Config, Namespace = Namespace, Backends = backends ?? BackendChoice.Embedded }, CancellationToken.None);
        if (prometheus is not null)
        {
            await File.AppendAllTextAsync(world.GrantsFile, $"\nprometheus:\n- name: main\n  namespaces: [{Namespace}]\n  url: {prometheus}\n  allSeries: true\n");
        }

        if (others is not null)
        {
            var granted = string.Concat(others.Select(o => $"- namespaces: [{o.Key}]\n  suffixes: [{o.Value}]\n  ports: [27017]\n"));
            await File.WriteAllTextAsync(world.GrantsFile, (await File.ReadAllTextAsync(world.GrantsFile)).Replace("hosts:\n", $"hosts:\n{granted}", StringComparison.Ordinal));
        }

        return new OperatedWorld(world, folder, metricsPort, environment ?? new Dictionary<string, string>(), hasShippedLease);
    }

    /// <summary>Another process; one that was killed left its lease behind.</summary>
    public void StartOperator() => _operators.Add(Runtime.OperatorProcess.Start(_environment, ["run", .. _hasShippedLease ? [] : ShortLease, "--metrics-port", _metricsPort]));

    /// <summary>The processes, in the order in which they were started.</summary>
    public IReadOnlyList<Runtime.OperatorProcess> Operators => _operators;

    /// <summary>SIGKILL, as a node that lost its power.</summary>
    public void KillOperator() => _operators[^1].Kill();

    public Task ApplyAsync(JsonObject manifest, string fieldManager = "scenario", string @namespace = Namespace) =>
        new ManifestApplier(Kubernetes, fieldManager).ApplyAsync(manifest, @namespace, CancellationToken.None);

    /// <summary>The object as the API server has it.</summary>
    public async Task<T> GetAsync<T>(string name, string @namespace = Namespace) =>
        await Kubernetes.CustomObjects.GetNamespacedCustomObjectAsync<T>(ApiGroup.Name, ApiGroup.Version, @namespace, Plural<T>(), name);

    /// <summary>The same, with managed fields and all that the types do not know.</summary>
    public async Task<JsonObject> GetJsonAsync<T>(string name) =>
        JsonSerializer.SerializeToNode(await Kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, Namespace, Plural<T>(), name))!.AsObject();

    public Task<RegionMigration> MigrationAsync() => GetAsync<RegionMigration>(GitRepository.Migration);

    public async Task<string?> PhaseAsync() => (await MigrationAsync()).Status?.Phase;

    /// <summary>Waits for a phase of the migration.</summary>
    public Task ReachAsync(string phase, TimeSpan? atMost = null) => ReachAsync(status => status.Phase == phase, $"the migration is {phase}", atMost);

    /// <summary>Waits for something that the migration's status tells.</summary>
    public async Task ReachAsync(Func<RegionMigrationStatus, bool> so, string what, TimeSpan? atMost = null)
    {
        try
        {
            await Eventually.Is(async () => (await MigrationAsync()).Status is { } status && so(status), what, atMost ?? TimeSpan.FromSeconds(100));
        }
        catch (AssertionException e)
        {
            var status = (await MigrationAsync()).Status;
            throw new AssertionException($"{e.Message}; it is {status?.Phase}, waiting for {status?.WaitingFor}\n{Log}", e);
        }
    }

    /// <summary>Commands that changed the replica set, without those of the world's own preparation.</summary>
    public int Count(string command) =>
        World.Mongo.AdminCommands.Skip(World.PreparedCommands).Count(c => c.TookEffect && c.Name == command);

    /// <summary>A command on one member, as its administrator.</summary>
    public async Task<BsonDocument> AdministerAsync(string host, BsonDocument command)
    {
        var settings = World.Mongo.ClientSettings(null, host);
        settings.Credential = MongoCredential.CreateCredential("admin", SampleNames.OperatorUser, SampleNames.OperatorPassword);
        using var client = new MongoClient(settings);
        return await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(command);
    }

    /// <summary>An application that is pinned to one member, and logged in there.</summary>
    public MongoClient ConnectTo(string host, string applicationName)
    {
        var settings = World.Mongo.ClientSettings(null, host);
        (settings.ApplicationName, settings.Credential) = (applicationName, World.ApplicationSettings().Credential);
        var client = new MongoClient(settings);
        client.GetDatabase("admin").RunCommand<BsonDocument>(new BsonDocument("ping", 1));
        return client;
    }

    /// <summary>Stops the application and counts what it lost.</summary>
    public async Task<IReadOnlyList<long>> LostAsync()
    {
        await _stopWriting.CancelAsync();
        await _writing;
        return await MajorityWriter.FindLostAsync(_application, Ledger.Ids(), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopWriting.CancelAsync();
        await _writing;
        foreach (var process in _operators)
        {
            await process.DisposeAsync();
        }

        _application.Dispose();
        Kubernetes.Dispose();
        await World.DisposeAsync();
        _stopWriting.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Plural<T>() => typeof(T).Name.ToLowerInvariant() + "s";
}
