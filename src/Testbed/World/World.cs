using k8s;
using Modestano.Testbed.KubeApi;
using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Route53;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed;

/// <summary>
/// Everything that the operator meets, on loopback: a Kubernetes API server with the CRDs and the operator's roles, a replica set of three
/// members in eu-west-1 with three uninitialised ones in eu-west-2, and Route 53 with a hosted zone. The operator is never part of it.
/// </summary>
public sealed class World : IAsyncDisposable
{
    private readonly WorldOptions _options;
    private readonly PreparedCluster _cluster;
    private readonly StreamWriter _membersLog;

    private World(WorldOptions options, PreparedCluster cluster, EmbeddedRoute53 route53, EmbeddedMongo mongo)
    {
        _options = options;
        _cluster = cluster;
        Route53 = route53;
        Mongo = mongo;
        _membersLog = new StreamWriter(Path.Combine(options.Folder, "members.log")) { AutoFlush = true };
        mongo.Network.Traced += _membersLog.WriteLine;
        GrantsFile = Path.Combine(options.Folder, "grants.yaml");
    }

    /// <summary>The API server.</summary>
    public KubeApiServer Kubernetes => _cluster.Server;

    /// <summary>Route 53 and its DNS servers.</summary>
    public EmbeddedRoute53 Route53 { get; }

    /// <summary>The members.</summary>
    public EmbeddedMongo Mongo { get; }

    /// <summary>How many of the members' admin commands were the world's own, before anybody else's.</summary>
    public int PreparedCommands { get; private set; }

    /// <summary>A kubeconfig for a person, who may do everything.</summary>
    public string Kubeconfig => _cluster.Kubeconfig;

    /// <summary>A kubeconfig with exactly the operator's roles.</summary>
    public string OperatorKubeconfig => _cluster.OperatorKubeconfig;

    /// <summary>The operator's grants for this world.</summary>
    public string GrantsFile { get; }

    /// <summary>The environment that the operator's process needs here.</summary>
    public IReadOnlyDictionary<string, string> OperatorEnvironment => new Dictionary<string, string>
    {
        ["MODESTANO_KUBECONFIG"] = OperatorKubeconfig,
        ["MODESTANO_GRANTS"] = GrantsFile,
        ["MODESTANO_MONGO_SOCKS5_PROXY"] = Mongo.ProxyEndPoint!.ToString(),
        ["MODESTANO_LEASE_NAMESPACE"] = PreparedCluster.OperatorNamespace,
        ["MODESTANO_BIND_ADDRESS"] = "127.0.0.1",
        ["MODESTANO_METRICS_PORT"] = "0",
        ["MODESTANO_HEALTH_PORT"] = "0",
        ["AWS_ENDPOINT_URL_ROUTE_53"] = Route53.Endpoint.ToString(),
        ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "embedded-world-only",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_REGION"] = SampleNames.OldRegion,
    };

    /// <summary>Starts the three servers and brings them to where a user would begin.</summary>
    public static async Task<World> StartAsync(WorldOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Folder);
        var cluster = await PreparedCluster.StartAsync(options, cancellationToken);
        var route53 = await EmbeddedRoute53.StartAsync(
            new Route53Options { Seed = options.Seed, PropagationDelay = options.PropagationDelay, RequestsPerSecond = options.RequestsPerSecond }, cancellationToken);
        route53.Zones.CreateZone(SampleNames.Zone, SampleNames.ZoneId);
        var mongo = await EmbeddedMongo.StartAsync(MongoOptions(options));
        mongo.Network.Faults.SetRoundTrip(SampleNames.OldRegion, SampleNames.NewRegion, 2 * options.RegionLatency);
        var world = new World(options, cluster, route53, mongo);
        await world.InitiateAsync(cancellationToken);
        world.PreparedCommands = mongo.AdminCommands.Count;
        await File.WriteAllTextAsync(world.GrantsFile, world.Grants(), cancellationToken);
        return world;
    }

    /// <summary>A client of the API server that may do everything.</summary>
    public IKubernetes KubernetesClient() => _cluster.Client();

    /// <summary>Settings of an application's driver: retryable writes, its own user, the old region's members as seeds.</summary>
    public MongoClientSettings ApplicationSettings()
    {
        var settings = Mongo.ClientSettings(SampleNames.ReplicaSet, [.. SampleNames.Members(SampleNames.OldRegion)]);
        settings.Credential = MongoCredential.CreateCredential("admin", SampleNames.ApplicationUser, SampleNames.ApplicationPassword);
        settings.RetryWrites = true;
        settings.RetryReads = true;
        settings.ApplicationName = "shop";
        return settings;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Mongo.DisposeAsync();
        await Route53.DisposeAsync();
        await _cluster.DisposeAsync();
        await _membersLog.DisposeAsync();
    }

    private static EmbeddedMongoOptions MongoOptions(WorldOptions world) => new()
    {
        Seed = world.Seed,
        Authorization = true,
        Users =
        [
            new EmbeddedMongoUser(SampleNames.OperatorUser, SampleNames.OperatorPassword, [new RoleName("clusterManager", "admin"), new RoleName("clusterMonitor", "admin"), new RoleName("read", "local")]),
            new EmbeddedMongoUser(SampleNames.ApplicationUser, SampleNames.ApplicationPassword, [new RoleName("readWrite", "shop")]),
        ],
        Members = [.. new[] { SampleNames.OldRegion, SampleNames.NewRegion }.SelectMany(region => SampleNames.Members(region).Select((host, i) =>
            new EmbeddedMongoMemberOptions
            {
                Host = host,
                Region = region,
                Zone = $"{region}{"abc"[i]}",
                ReplSetName = SampleNames.ReplicaSet,
                HasUsers = region == SampleNames.OldRegion || !world.NewRegionWithoutUsers,
                LocalhostException = region == SampleNames.OldRegion || !world.NewRegionWithoutUsers,
            }))],
    };

    // As the first member's administrator would, over the localhost exception: initiate with the region's members and wait for a primary.
    private async Task InitiateAsync(CancellationToken cancellationToken)
    {
        var hosts = SampleNames.Members(SampleNames.OldRegion);
        var config = new BsonDocument
        {
            { "_id", SampleNames.ReplicaSet },
            { "members", new BsonArray(hosts.Select((host, i) => new BsonDocument { { "_id", i }, { "host", host } })) },

            // A first election takes the election timeout: ten seconds by default. Longer than a heartbeat interval, or the set never rests.
            { "settings", new BsonDocument("electionTimeoutMillis", 3000) },
        };
        await RunAsync(hosts[0], new BsonDocument("replSetInitiate", config), cancellationToken);
        while (!await HasDefaultTimeoutAsync(cancellationToken))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    // Back to MongoDB's own election timeout. The set may still be electing, or taking its members in: then the next attempt follows.
    private async Task<bool> HasDefaultTimeoutAsync(CancellationToken cancellationToken)
    {
        if (Mongo.Primary is not { } primary)
        {
            return false;
        }

        try
        {
            var config = (await RunAsync(primary.Host, new BsonDocument("replSetGetConfig", 1), cancellationToken))["config"].AsBsonDocument;
            config["version"] = config["version"].ToInt32() + 1;
            config["settings"].AsBsonDocument["electionTimeoutMillis"] = 10000;
            await RunAsync(primary.Host, new BsonDocument("replSetReconfig", config), cancellationToken);
            return true;
        }
        catch (MongoCommandException)
        {
            return false;
        }
    }

    // The client is closed for good: nobody but the application is to be connected to the members.
    private async Task<BsonDocument> RunAsync(string host, BsonDocument command, CancellationToken cancellationToken)
    {
        var settings = Mongo.ClientSettings(null, host);
        settings.Credential = MongoCredential.CreateCredential("admin", SampleNames.OperatorUser, SampleNames.OperatorPassword);
        var client = new MongoClient(settings);
        try
        {
            return await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(command, cancellationToken: cancellationToken);
        }
        finally
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }
    }

    private string Grants() => $"""
        # What the operator's installer would write; see `modestano-operator --help`.
        providers:
        - name: production
          namespaces: [{_options.Namespace}]
          zones: [{SampleNames.ZoneId}]
          nameSuffixes: [{SampleNames.Zone}]
        credentialHostSuffixes: [{SampleNames.Zone}]
        probes:
          allowLoopback: true

        """;
}
