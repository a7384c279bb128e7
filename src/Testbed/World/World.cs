using k8s;
using Modestano.Testbed.Backends;
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
    private const int MembersPerRegion = 3;

    private readonly WorldOptions _options;
    private readonly StreamWriter _membersLog;
    private readonly List<IAsyncDisposable> _servers = [];
    private PreparedCluster? _cluster;
    private EmbeddedRoute53? _route53;
    private EmbeddedMongo? _mongo;

    private World(WorldOptions options)
    {
        _options = options;
        _membersLog = new StreamWriter(Path.Combine(options.Folder, "members.log")) { AutoFlush = true };
        GrantsFile = Path.Combine(options.Folder, "grants.yaml");
    }

    /// <summary>The embedded API server.</summary>
    /// <exception cref="InvalidOperationException">This world has a real one.</exception>
    public KubeApiServer Kubernetes => _cluster!.Server;

    /// <summary>The embedded Route 53 and its DNS servers.</summary>
    /// <exception cref="InvalidOperationException">This world has a real one.</exception>
    public EmbeddedRoute53 Route53 => _route53 ?? throw NotEmbedded("Route 53");

    /// <summary>The embedded members.</summary>
    /// <exception cref="InvalidOperationException">This world has real ones.</exception>
    public EmbeddedMongo Mongo => _mongo ?? throw NotEmbedded("members");

    /// <summary>The members that are processes; null where they are embedded.</summary>
    public MongodProcesses? Mongods { get; private set; }

    /// <summary>The authority that signed the members' certificates, as PEM; null without TLS.</summary>
    public string? MemberAuthorityPem => Mongods is null ? Mongo.CertificateAuthorityPem : Mongods.CertificateAuthorityPem;

    /// <summary>The hosted zone's id.</summary>
    public string ZoneId { get; private set; } = SampleNames.ZoneId;

    /// <summary>How many of the members' admin commands were the world's own, before anybody else's.</summary>
    public int PreparedCommands { get; private set; }

    /// <summary>A kubeconfig for a person, who may do everything.</summary>
    public string Kubeconfig => _cluster!.Kubeconfig;

    /// <summary>A kubeconfig with exactly the operator's roles.</summary>
    public string OperatorKubeconfig => _cluster!.OperatorKubeconfig;

    /// <summary>The operator's grants for this world.</summary>
    public string GrantsFile { get; }

    /// <summary>The environment that the operator's process needs here.</summary>
    public IReadOnlyDictionary<string, string> OperatorEnvironment
    {
        get
        {
            var environment = new Dictionary<string, string>(AwsEnvironment)
            {
                ["MODESTANO_KUBECONFIG"] = OperatorKubeconfig,
                ["MODESTANO_GRANTS"] = GrantsFile,
                ["MODESTANO_LEASE_NAMESPACE"] = PreparedCluster.OperatorNamespace,
                ["MODESTANO_BIND_ADDRESS"] = "127.0.0.1",
                ["MODESTANO_METRICS_PORT"] = "0",
                ["MODESTANO_HEALTH_PORT"] = "0",
                ["AWS_ENDPOINT_URL_ROUTE_53"] = (_options.Backends.Route53 ?? Route53.Endpoint).ToString(),
            };
            if (_mongo?.ProxyEndPoint is { } proxy)
            {
                environment["MODESTANO_MONGO_SOCKS5_PROXY"] = proxy.ToString();
            }

            return environment;
        }
    }

    // A Route 53 that was given has its credentials in the environment of this process.
    private static Dictionary<string, string> AwsEnvironment => new()
    {
        ["AWS_ACCESS_KEY_ID"] = Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") ?? "AKIDEXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY") ?? "embedded-world-only",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_REGION"] = SampleNames.OldRegion,
        ["AWS_DEFAULT_REGION"] = SampleNames.OldRegion,
    };

    /// <summary>Starts the three servers, embedded or real, and brings them to where a user would begin.</summary>
    public static async Task<World> StartAsync(WorldOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Folder);
        var world = new World(options);
        try
        {
            await world.StartServersAsync(cancellationToken);
            await world.InitiateAsync(cancellationToken);
            world.PreparedCommands = world._mongo?.AdminCommands.Count ?? 0;
            await File.WriteAllTextAsync(world.GrantsFile, world.Grants(), cancellationToken);
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }

        return world;
    }

    private async Task StartServersAsync(CancellationToken cancellationToken)
    {
        var backends = _options.Backends;
        _servers.Add(_cluster = await PreparedCluster.StartAsync(_options, cancellationToken));
        if (backends.Route53 is { } endpoint)
        {
            ZoneId = await HostedZoneCommand.CreateAsync(endpoint, SampleNames.Zone, AwsEnvironment, cancellationToken);
        }
        else
        {
            _servers.Add(_route53 = await EmbeddedRoute53.StartAsync(
                new Route53Options { Seed = _options.Seed, PropagationDelay = _options.PropagationDelay, RequestsPerSecond = _options.RequestsPerSecond }, cancellationToken));
            _route53.Zones.CreateZone(SampleNames.Zone, SampleNames.ZoneId);
        }

        if (backends.Mongod is { } mongod)
        {
            _servers.Add(Mongods = await MongodProcesses.StartAsync(mongod, Path.Combine(_options.Folder, "mongo"), 2 * MembersPerRegion, _options.MemberTls, cancellationToken));
        }
        else
        {
            _servers.Add(_mongo = await EmbeddedMongo.StartAsync(MongoOptions(_options)));
            _mongo.Network.Traced += _membersLog.WriteLine;
            _mongo.Network.Faults.SetRoundTrip(SampleNames.OldRegion, SampleNames.NewRegion, 2 * _options.RegionLatency);
        }
    }

    /// <summary>host:port of a region's members.</summary>
    public IReadOnlyList<string> Members(string region) => Mongods is null
        ? SampleNames.Members(region)
        : [.. Mongods.Hosts.Skip(region == SampleNames.OldRegion ? 0 : MembersPerRegion).Take(MembersPerRegion)];

    /// <summary>The member that takes writes; null while there is none.</summary>
    public async Task<string?> PrimaryAsync(CancellationToken cancellationToken)
    {
        if (_mongo is not null)
        {
            return (await _mongo.DescribeAsync()).Where(m => m.IsWritablePrimary).MaxBy(m => m.Term)?.Host;
        }

        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            return await Mongods!.PrimaryAsync(Mongods.Hosts, soon.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>A command on one member, as the operator's user.</summary>
    public Task<BsonDocument> AdministerAsync(string host, BsonDocument command, CancellationToken cancellationToken) =>
        RunAsync(host, command, cancellationToken);

    /// <summary>A further namespace whose sets hosts are granted to: the operator may read its Secrets.</summary>
    public Task AddNamespaceAsync(string name, CancellationToken cancellationToken) => _cluster!.AddNamespaceAsync(name, cancellationToken);

    /// <summary>A client of the API server that may do everything.</summary>
    public IKubernetes KubernetesClient() => _cluster!.Client();

    /// <summary>Settings of an application's driver: retryable writes, its own user, the old region's members as seeds.</summary>
    public MongoClientSettings ApplicationSettings()
    {
        var seeds = Members(SampleNames.OldRegion);
        var settings = Mongods?.ClientSettings(SampleNames.ReplicaSet, seeds) ?? Mongo.ClientSettings(SampleNames.ReplicaSet, [.. seeds]);
        settings.Credential = MongoCredential.CreateCredential("admin", SampleNames.ApplicationUser, SampleNames.ApplicationPassword);
        settings.RetryWrites = true;
        settings.RetryReads = true;
        settings.ApplicationName = "shop";
        return settings;
    }

    /// <summary>Settings of a direct connection to one member, as the operator's user.</summary>
    public MongoClientSettings DirectSettings(string host)
    {
        var settings = Mongods?.ClientSettings(null, host) ?? Mongo.ClientSettings(null, host);
        settings.Credential = MongoCredential.CreateCredential("admin", SampleNames.OperatorUser, SampleNames.OperatorPassword);
        return settings;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _servers.Reverse();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _membersLog.DisposeAsync();
    }

    private static EmbeddedMongoOptions MongoOptions(WorldOptions world) => new()
    {
        Seed = world.Seed,
        Authorization = true,
        Tls = world.MemberTls ? new EmbeddedMongoTls { ValidFor = world.CertificatesValidFor } : null,
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
        var hosts = Members(SampleNames.OldRegion);
        var config = new BsonDocument
        {
            { "_id", SampleNames.ReplicaSet },
            { "members", new BsonArray(hosts.Select((host, i) => new BsonDocument { { "_id", i }, { "host", host } })) },

            // A first election takes the election timeout: ten seconds by default. Longer than a heartbeat interval, or the set never rests.
            { "settings", new BsonDocument("electionTimeoutMillis", 3000) },
        };
        if (Mongods is null)
        {
            await RunAsync(hosts[0], new BsonDocument("replSetInitiate", config), cancellationToken);
        }
        else
        {
            await Mongods.InitiateAsync(config, MongoCredential.CreateCredential("admin", "root", "for-the-world-only"), Users(), cancellationToken);
        }

        while (!await HasDefaultTimeoutAsync(cancellationToken))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    // Back to MongoDB's own election timeout. The set may still be electing, or taking its members in: then the next attempt follows.
    private async Task<bool> HasDefaultTimeoutAsync(CancellationToken cancellationToken)
    {
        if (await PrimaryAsync(cancellationToken) is not { } primary)
        {
            return false;
        }

        try
        {
            var config = (await RunAsync(primary, new BsonDocument("replSetGetConfig", 1), cancellationToken))["config"].AsBsonDocument;
            config["version"] = config["version"].ToInt32() + 1;
            config["settings"].AsBsonDocument["electionTimeoutMillis"] = 10000;
            await RunAsync(primary, new BsonDocument("replSetReconfig", config), cancellationToken);
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
        var client = new MongoClient(DirectSettings(host));
        try
        {
            return await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(command, cancellationToken: cancellationToken);
        }
        finally
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }
    }

    // What the embedded members have on their disks from the start.
    private static IEnumerable<BsonDocument> Users()
    {
        static BsonDocument Role(string name, string database) => new() { { "role", name }, { "db", database } };
        yield return new BsonDocument
        {
            { "createUser", SampleNames.OperatorUser },
            { "pwd", SampleNames.OperatorPassword },
            { "roles", new BsonArray { Role("clusterManager", "admin"), Role("clusterMonitor", "admin"), Role("read", "local") } },
        };
        yield return new BsonDocument
        {
            { "createUser", SampleNames.ApplicationUser },
            { "pwd", SampleNames.ApplicationPassword },
            { "roles", new BsonArray { Role("readWrite", "shop") } },
        };
    }

    private static InvalidOperationException NotEmbedded(string part) =>
        new($"this needs the embedded {part}, and the world was started with a real one");

    private string Grants() => $"""
        # What the operator's installer would write; see `modestano-operator --help`.
        providers:
        - name: production
          namespaces: [{_options.Namespace}]
          zones: [{ZoneId}]
          nameSuffixes: [{SampleNames.Zone}]
        hosts:
        - namespaces: [{_options.Namespace}]
          suffixes: [{SampleNames.Zone}]
          cidrs: [127.0.0.0/8]
          ports: [{string.Join(", ", (Mongods?.Hosts ?? SampleNames.Members(SampleNames.OldRegion)).Select(h => h[(h.LastIndexOf(':') + 1)..]).Distinct())}]
        probes:
          allowLoopback: true

        """;
}
