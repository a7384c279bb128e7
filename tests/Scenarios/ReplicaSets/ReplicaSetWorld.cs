using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Dns;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;
using Prometheus;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>The real controller, planner and gateway on simulated members, all in one virtual time. Only the API server is a dictionary here.</summary>
internal sealed class ReplicaSetWorld : IDisposable
{
    public const string Ireland = "eu-west-1";
    public const string London = "eu-west-2";

    private static readonly ObjectKey Key = new("shop", "marketplace");

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly IDisposable _entered;
    private readonly Func<IMemberCalls, IMemberCalls> _watch;
    private readonly string _cluster;
    private ServiceProvider _services;
    private IEntityController<MongoReplicaSet> _controller;
    private (ServiceProvider Services, IEntityController<MongoReplicaSet> Controller)? _other;
    private MongoReplicaSet? _entity;
    private TimeSpan _nextPass;

    public ReplicaSetWorld(int seed = 1)
        : this(new SimulatedReplicaSetNetwork(EventLoop.Virtual(seed)))
    {
        Network.Traced += Trace.Add;
        Network.Faults.SetRoundTrip(Ireland, London, TimeSpan.FromMilliseconds(10));
        foreach (var (region, host) in Hosts(Ireland).Select(h => (Ireland, h)).Concat(Hosts(London).Select(h => (London, h))))
        {
            Network.AddMember(new MemberOptions { Host = host, Region = region });
        }
    }

    /// <summary>A world on members of the caller's choice.</summary>
    /// <param name="network">Where they are added.</param>
    /// <param name="watch">Stands between the operator and the members; null: nobody does.</param>
    /// <param name="cluster">The UID of the Kubernetes cluster that the operator runs in.</param>
    public ReplicaSetWorld(SimulatedReplicaSetNetwork network, Func<IMemberCalls, IMemberCalls>? watch = null, string cluster = "cluster")
    {
        Network = network;
        _entered = network.Loop.Enter();
        _cluster = cluster;
        _watch = watch ?? (calls => calls);
        Calls = new SimulatedMemberCalls(Network);
        Sets.Changed += _ => _entity = null;
        Leadership = new VirtualLeadership(Network.Loop.TimeProvider);
        (_services, _controller) = StartOperator();
    }

    public SimulatedReplicaSetNetwork Network { get; }

    public SimulatedMemberCalls Calls { get; }

    public VirtualLeadership Leadership { get; }

    public StoredEntities<MongoReplicaSet> Sets { get; } = new();

    public StoredEntities<RegionMigration> Migrations { get; } = new();

    /// <summary>Secrets by name.</summary>
    public Dictionary<string, V1Secret> Secrets { get; } = [];

    public RecordedEvents Events { get; } = new();

    public List<string> Trace { get; } = [];

    /// <summary>A pass of the controller is about to begin.</summary>
    public event Action? PassBegins;

    /// <summary>A pass has ended and the next one is due after so long; null: at once, as the object had changed meanwhile.</summary>
    public event Action<TimeSpan?>? PassEnded;

    /// <summary>The object as it is stored; to be read only.</summary>
    public MongoReplicaSet Entity => _entity ??= Sets.Find(Key)!;

    public MongoReplicaSetStatus Status => (_entity ??= Sets.Find(Key))?.Status ?? new MongoReplicaSetStatus();

    public string? Primary => Network.Describe().Where(m => m.IsWritablePrimary).MaxBy(m => m.Term)?.Host;

    public static IReadOnlyList<string> Hosts(string region) => [.. "abc".Select(zone => $"mongo-{zone}.{region}:27017")];

    /// <summary>Initiates a set of the three members in Ireland, as it was before anybody had an operator.</summary>
    public void InitiateIreland()
    {
        var members = Hosts(Ireland).Select((host, id) => new BsonDocument { { "_id", id }, { "host", host } });
        Network.Execute(Hosts(Ireland)[0], new BsonDocument { { "replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray(members) } } }, { "$db", "admin" } });
        Network.RunUntil(() => Primary is not null && Network.Describe().Count(m => m.State == "SECONDARY") == 2, TimeSpan.FromSeconds(60));
        Network.RunFor(TimeSpan.FromSeconds(5));
    }

    /// <summary>Applies the object; a change of it makes a new generation.</summary>
    public void Apply(
        string primaryRegion,
        IReadOnlyList<RegionSpec>? regions = null,
        Func<ReconfigurationSpec, ReconfigurationSpec>? how = null,
        string bootstrap = "Never",
        string name = "rs0",
        RecoverySpec? recovery = null)
    {
        var reconfiguration = new ReconfigurationSpec
        {
            Adoption = "Automatic",
            StabilizationWindow = Duration.FromSeconds(5),
            MinOplogWindow = Duration.FromSeconds(1),
            MaxConcurrentInitialSyncs = 3,
        };
        Apply(new MongoReplicaSetSpec
        {
            ReplicaSetName = name,
            Bootstrap = bootstrap,
            Recovery = recovery,
            PrimaryRegion = primaryRegion,
            Regions = regions ?? [Region(Ireland, 3), Region(London, 3)],
            Connection = new ConnectionSpec { Tls = new TlsSpec { Mode = "Disabled" } },
            Reconfiguration = how?.Invoke(reconfiguration) ?? reconfiguration,
        });
    }

    /// <summary>Applies the object with a whole spec.</summary>
    public void Apply(MongoReplicaSetSpec spec)
    {
        var existing = Sets.Find(Key);
        Sets.Put(
            new MongoReplicaSet
            {
                Metadata = existing?.Metadata ?? new V1ObjectMeta { Name = Key.Name, NamespaceProperty = Key.Namespace, Uid = "uid-1", CreationTimestamp = Network.Loop.UtcNow.UtcDateTime },
                Spec = spec,
                Status = existing?.Status,
            },
            newGeneration: true);
        _nextPass = Network.Loop.Elapsed;
    }

    /// <summary>Sets an annotation of the object, or takes it away.</summary>
    public void Annotate(string name, string? value)
    {
        var entity = Sets.Find(Key)!;
        var annotations = new Dictionary<string, string>(entity.Metadata.Annotations ?? new Dictionary<string, string>());
        annotations.Remove(name);
        if (value is not null)
        {
            annotations[name] = value;
        }

        entity.Metadata.Annotations = annotations;
        Sets.Put(entity, newGeneration: false);
        _nextPass = Network.Loop.Elapsed;
    }

    public static RegionSpec Region(string name, int members) => new()
    {
        Name = name,
        Members = [.. Hosts(name).Take(members).Select((host, i) => new MemberSpec { Host = host, Zone = $"{name}{"abc"[i]}" })],
    };

    /// <summary>Lets time pass, with a pass whenever one is due, until a condition holds.</summary>
    /// <returns>The virtual time that it took.</returns>
    public TimeSpan RunUntil(Func<ReplicaSetWorld, bool> condition, double limitSeconds = 600)
    {
        var begun = Network.Loop.Elapsed;
        while (!condition(this))
        {
            if (Network.Loop.Elapsed - begun > TimeSpan.FromSeconds(limitSeconds))
            {
                throw new AssertionException($"not within {limitSeconds} s: {Story()}");
            }

            Step();
        }

        return Network.Loop.Elapsed - begun;
    }

    public TimeSpan RunUntilSettled(double limitSeconds = 600) => RunUntil(IsSettled, limitSeconds);

    public void RunFor(double seconds)
    {
        var end = Network.Loop.Elapsed + TimeSpan.FromSeconds(seconds);
        while (Network.Loop.Elapsed < end)
        {
            Step();
        }
    }

    /// <summary>A reconfig by somebody else's hand.</summary>
    public void ReconfigByHand(Action<BsonDocument> change, bool force = false, string? on = null)
    {
        var host = on ?? Primary!;
        var config = Network.Execute(host, BsonDocument.Parse("{ replSetGetConfig: 1, $db: 'admin' }"))["config"].AsBsonDocument;
        config["version"] = config["version"].ToInt32() + 1;
        change(config);
        var reply = Network.Execute(host, new BsonDocument { { "replSetReconfig", config }, { "$db", "admin" } }.Add("force", true, force));
        Assert.That(reply["ok"].ToDouble(), Is.EqualTo(1), $"{reply}");
    }

    public Condition Condition(string type) => Status.Conditions?.FirstOrDefault(c => c.Type == type) ?? throw new AssertionException($"there is no condition {type}");

    public SimulatedMember Member(string region, char zone) => Network.Find($"mongo-{zone}.{region}:27017")!;

    public static bool IsSettled(ReplicaSetWorld world) =>
        world.Status.ObservedGeneration == world.Entity.Metadata.Generation && world.Status.Phase == ReplicaSetPhases.Settled;

    public string Story() =>
        $"{Status.Phase}: {Status.Conditions?.FirstOrDefault(c => c.Type == "Ready")?.Message}\n{string.Join('\n', Events.All.TakeLast(15))}\n{string.Join('\n', Trace.Where(l => l.Contains("sync", StringComparison.Ordinal)).TakeLast(25))}";

    public void Dispose()
    {
        _services.Dispose();
        _other?.Services.Dispose();
        _entered.Dispose();
    }

    /// <summary>A new process takes over: everything that is not in MongoDB or in status is forgotten.</summary>
    public void RestartOperator()
    {
        _services.Dispose();
        (_services, _controller) = StartOperator();
        _nextPass = Network.Loop.Elapsed;
    }

    /// <summary>
    /// The term of this process ends as the runtime ends it, and another replica leads: at first a new one, then the two in turn. Neither
    /// sees what the other does.
    /// </summary>
    public void OtherLeads()
    {
        foreach (var listener in _services.GetServices<ILeadershipListener>())
        {
            listener.StoppedLeading();
        }

        var next = _other ?? StartOperator();
        _other = (_services, _controller);
        (_services, _controller) = next;
        _nextPass = Network.Loop.Elapsed;
    }

    private (ServiceProvider Services, IEntityController<MongoReplicaSet> Controller) StartOperator()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(Network.Loop.TimeProvider);
        services.AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        // For what the runtime keeps of a term; nothing here calls the API server.
        services.AddSingleton<RuntimeMetrics>();
        services.AddSingleton<IKubernetes>(new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }));
        services.AddSingleton(new OperatorOptions { Grants = Grants.Namespaced });
        services.AddSingleton<IEventRecorder>(Events);
        services.AddSingleton<ILeadership>(Leadership);
        services.AddSingleton<IClusterIdentity>(new FixedIdentity(_cluster));
        services.AddSingleton<ISecretSource>(new StoredSecrets(Secrets));
        services.AddSingleton(_watch(Calls));
        services.AddSingleton<IEntityCache<MongoReplicaSet>>(Sets).AddSingleton<IEntityClient<MongoReplicaSet>>(Sets);
        services.AddSingleton<IEntityCache<RegionMigration>>(Migrations).AddSingleton<IEntityClient<RegionMigration>>(Migrations);
        services.AddReplicaSets();
        var provider = services.BuildServiceProvider();
        return (provider, provider.GetRequiredService<IEntityController<MongoReplicaSet>>());
    }

    /// <summary>A pass if one is due, then time until the next one, but no more than a limit.</summary>
    public void Step(TimeSpan atMost)
    {
        if (Network.Loop.Elapsed >= _nextPass)
        {
            Pass();
        }

        var idle = _nextPass - Network.Loop.Elapsed;
        Network.RunFor(idle < atMost ? idle : atMost);
    }

    /// <summary>One pass of the controller, now.</summary>
    public void Pass()
    {
        PassBegins?.Invoke();
        _nextPass = TimeSpan.MaxValue;
        var pass = _controller.ReconcileAsync(Entity, CancellationToken.None);
        if (!Network.RunUntil(() => pass.IsCompleted, TimeSpan.FromMinutes(3)))
        {
            throw new AssertionException("a pass had not ended after three minutes");
        }

        // An edit during the pass is due at once.
        var after = After(pass);
        var due = Network.Loop.Elapsed + (after ?? TimeSpan.FromSeconds(1));
        _nextPass = _nextPass < due ? Network.Loop.Elapsed + Tick : due;
        PassEnded?.Invoke(after);
    }

    private void Step()
    {
        if (Network.Loop.Elapsed >= _nextPass)
        {
            Pass();
        }

        Network.RunFor(Tick);
    }

    private static TimeSpan? After(Task<ReconciliationResult> pass)
    {
        try
        {
            return pass.GetAwaiter().GetResult().RequeueAfter;
        }
        catch (Exception e) when (e is StatusConflictException or LeadershipLostException)
        {
            return null;
        }
    }

    private sealed class FixedIdentity(string cluster) : IClusterIdentity
    {
        public Task<string> GetAsync(CancellationToken cancellationToken) => Task.FromResult(cluster);
    }

    private sealed class StoredSecrets(Dictionary<string, V1Secret> secrets) : ISecretSource
    {
        public Task<V1Secret?> GetAsync(string @namespace, string name, CancellationToken cancellationToken) => Task.FromResult(secrets.GetValueOrDefault(name));
    }
}
