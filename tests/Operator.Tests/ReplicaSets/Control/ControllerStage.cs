using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Overrides;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

/// <summary>A controller on fakes: passes run one after the other under virtual time.</summary>
internal sealed class ControllerStage
{
    private readonly MongoReplicaSetController _controller;

    public ControllerStage(MongoReplicaSet set, Grants? grants = null)
    {
        Sets = new FakeEntities<MongoReplicaSet>(set);
        Set = new FakeReplicaSet(Time);
        var overrides = new OverrideReader(Migrations, Migrations);
        var metrics = new ReplicaSetMetrics(Metrics.WithCustomRegistry(Registry));
        var options = new MongoConnectionOptions { LeastSecurity = LeastSecurity.Any, Grants = grants ?? Grants.Namespaced };
        var connections = new ConnectionSource(Secrets, Time, options);
        var waiting = new WaitingSets(Set, connections, Time);
        _controller = new MongoReplicaSetController(
            new ReplicaSetObserver(Set, connections, options, Time),
            new StepExecutor(Set, overrides, Sets, Leadership, metrics, Time, NullLogger<StepExecutor>.Instance),
            new StatusReporter(Sets, Events, metrics, NullLogger<MongoReplicaSetController>.Instance),
            overrides,
            new Rivals(Sets, new FixedIdentity(), options),
            waiting,
            new ReplicaSetTraces(Set, connections, waiting, metrics, Observed),
            Observed,
            Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };

    public FakeEntities<MongoReplicaSet> Sets { get; }

    public FakeEntities<RegionMigration> Migrations { get; } = new();

    public FakeReplicaSet Set { get; }

    public ObservedReplicaSets Observed { get; } = new();

    public FakeSecrets Secrets { get; } = new();

    public FakeLeadership Leadership { get; } = new();

    public FakeEvents Events { get; } = new();

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public MongoReplicaSet Entity => Sets.List().First();

    public MongoReplicaSetStatus Status => Entity.Status!;

    public Condition Condition(string type) => Status.Conditions!.First(c => c.Type == type);

    /// <summary>One pass, then the time that it asked for.</summary>
    public async Task<ReconciliationResult> PassAsync()
    {
        var result = await _controller.ReconcileAsync(Entity, CancellationToken.None);
        Time.Advance(result.RequeueAfter ?? TimeSpan.FromSeconds(1));
        return result;
    }

    /// <summary>Passes until the phase is reached.</summary>
    public async Task UntilAsync(string phase, int atMost = 500)
    {
        for (var i = 0; i < atMost; i++)
        {
            await PassAsync();
            if (Entity.Status?.Phase == phase)
            {
                return;
            }
        }

        Assert.Fail($"still {Entity.Status?.Phase} after {atMost} passes: {Entity.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready")?.Message}");
    }

    /// <summary>Has so many other objects wait: they name the same set, and the later of two objects is refused.</summary>
    public async Task CrowdAsync(int others)
    {
        foreach (var i in Enumerable.Range(0, others))
        {
            var metadata = new V1ObjectMeta
            {
                Name = $"other-{i}",
                NamespaceProperty = "shop",
                Uid = $"uid-other-{i}",
                Generation = 1,
                ResourceVersion = "1",
                CreationTimestamp = new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc),
            };
            await _controller.ReconcileAsync(new MongoReplicaSet { Metadata = metadata, Spec = Entity.Spec }, CancellationToken.None);
        }
    }

    /// <summary>The objects of <see cref="CrowdAsync"/> are deleted.</summary>
    public async Task DeletedOthersAsync(int others)
    {
        foreach (var i in Enumerable.Range(0, others))
        {
            await _controller.DeletedAsync(new ObjectKey("shop", $"other-{i}"), CancellationToken.None);
        }
    }

    public Task DeletedAsync() => _controller.DeletedAsync(ObjectKey.Of(Entity), CancellationToken.None);

    public static MongoReplicaSet ThreePlusThree(string primaryRegion, Func<ReconfigurationSpec, ReconfigurationSpec>? how = null)
    {
        var reconfiguration = new ReconfigurationSpec { Adoption = "Automatic", StabilizationWindow = Duration.FromSeconds(5), MaxConcurrentInitialSyncs = 3 };
        return new MongoReplicaSet
        {
            Metadata = new V1ObjectMeta { Name = "marketplace", NamespaceProperty = "shop", Uid = "uid-1", Generation = 1, ResourceVersion = "1", CreationTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
            Spec = new MongoReplicaSetSpec
            {
                ReplicaSetName = "rs0",
                PrimaryRegion = primaryRegion,
                Regions = [Region("eu-west-1"), Region("eu-west-2")],
                Connection = new ConnectionSpec { Tls = new TlsSpec { Mode = "Disabled" } },
                Reconfiguration = how?.Invoke(reconfiguration) ?? reconfiguration,
            },
        };
    }

    public static RegionSpec Region(string name) => new()
    {
        Name = name,
        Members = [.. "abc".Select(zone => new MemberSpec { Host = $"mongo-{zone}.{name}:27017", Zone = name + zone })],
    };

    private sealed class FixedIdentity : IClusterIdentity
    {
        public Task<string> GetAsync(CancellationToken cancellationToken) => Task.FromResult("cluster");
    }

}

/// <summary>Secrets in memory; none at first.</summary>
internal sealed class FakeSecrets : ISecretSource
{
    public Dictionary<string, V1Secret> All { get; } = [];

    public int Reads { get; private set; }

    public Task<V1Secret?> GetAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(All.GetValueOrDefault(name));
    }
}

/// <summary>Objects of a kind in memory, as cache and as API server.</summary>
internal sealed class FakeEntities<T>(params T[] entities) : IEntityCache<T>, IEntityClient<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly List<T> _entities = [.. entities];

    public int StatusWrites { get; private set; }

    /// <summary>So many writes find that somebody else was quicker.</summary>
    public int NextWritesConflict { get; set; }

    /// <summary>The next write that it is for fails, stored or not.</summary>
    public ApiUnavailable<T>? NextWriteFails { get; set; }

    public T? Find(ObjectKey key) => _entities.FirstOrDefault(e => ObjectKey.Of(e) == key);

    public IReadOnlyCollection<T> List() => _entities;

    public void Put(T entity)
    {
        var at = _entities.FindIndex(e => ObjectKey.Of(e) == ObjectKey.Of(entity));
        _entities.RemoveAll(e => ObjectKey.Of(e) == ObjectKey.Of(entity));
        _entities.Insert(at < 0 ? _entities.Count : at, entity);
    }

    public void Remove(T entity) => _entities.RemoveAll(e => ObjectKey.Of(e) == ObjectKey.Of(entity));

    public Task<T?> GetAsync(ObjectKey key, CancellationToken cancellationToken) => Task.FromResult(Find(key));

    public Task<T> UpdateStatusAsync(T before, T after, CancellationToken cancellationToken)
    {
        if (NextWritesConflict-- > 0)
        {
            throw new StatusConflictException("somebody else was quicker");
        }

        if (KubernetesJson.Serialize(before) != KubernetesJson.Serialize(after))
        {
            StatusWrites++;
            if (NextWriteFails is { } failing && failing.IsFor(after))
            {
                NextWriteFails = null;
                if (failing.IsStored)
                {
                    Put(KubernetesJson.Deserialize<T>(KubernetesJson.Serialize(after)));
                }

                throw new IOException("the API server did not answer");
            }

            Put(KubernetesJson.Deserialize<T>(KubernetesJson.Serialize(after)));
        }

        return Task.FromResult(after);
    }
}

/// <summary>A write whose answer never comes.</summary>
internal sealed record ApiUnavailable<T>(bool IsStored, Func<T, bool> IsFor);

/// <summary>Leads until told otherwise.</summary>
internal sealed class FakeLeadership : ILeadership
{
    public bool IsLeader { get; set; } = true;

    /// <summary>Read live, the lease is somebody else's, and this process has not noticed yet.</summary>
    public bool LeaseIsAnothers { get; set; }

    public Task ConfirmAsync(CancellationToken cancellationToken) => LeaseIsAnothers ? throw new LeadershipLostException("another process holds the lease") : Task.CompletedTask;

    public IEffectScope BeginEffect(TimeSpan atMost, CancellationToken cancellationToken) =>
        IsLeader ? new Scope(atMost, cancellationToken) : throw new LeadershipLostException("does not lead");

    private sealed record Scope(TimeSpan Remaining, CancellationToken Token) : IEffectScope
    {
        public void Dispose()
        {
        }
    }
}

/// <summary>Keeps what was said.</summary>
internal sealed class FakeEvents : IEventRecorder
{
    public List<string> All { get; } = [];

    public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => All.Add($"Normal {reason}: {message}");

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => All.Add($"Warning {reason}: {message}");
}
