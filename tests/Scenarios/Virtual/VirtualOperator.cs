using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Migrations;
using Modestano.Operator.ReplicaSets;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Dns;
using Modestano.Testbed.Mongo.Model;
using Prometheus;

namespace Modestano.Scenarios.Virtual;

/// <summary>The three real controllers as one process in virtual time; a pass is due when the runtime would make it due.</summary>
internal sealed class VirtualOperator
{
    private readonly List<Lane> _lanes = [];
    private readonly Func<string, string, bool> _concerns;
    private readonly VirtualRuntime? _runtime;
    private readonly CallFaults _faults;
    private readonly EventLoop _loop;

    /// <param name="cluster">What it works on.</param>
    /// <param name="life">When it ends.</param>
    /// <param name="concerns">Whether news of the first object, by its name, make a pass of the second due; null: always.</param>
    /// <param name="runtime">Failed passes are told and tried again as the runtime does; null: what a pass throws ends its object's passes.</param>
    /// <param name="answers">What answers the queries of gates; null: nobody.</param>
    public VirtualOperator(VirtualCluster cluster, OperatorLife life, Func<string, string, bool>? concerns = null, VirtualRuntime? runtime = null, HttpMessageHandler? answers = null)
    {
        Life = life;
        _runtime = runtime;
        _concerns = concerns ?? ((_, _) => true);
        _loop = cluster.Network.Loop;
        _faults = cluster.CallFaults;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(_loop.TimeProvider);
        services.AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        services.AddSingleton(new OperatorOptions { Grants = cluster.Grants });
        services.AddSingleton(cluster.Grants);
        services.AddSingleton<IInstallation>(new DnsWorld.FixedInstallation());
        services.AddSingleton<IEventRecorder>(cluster.Events);
        services.AddSingleton<ILeadership>(new VirtualLeadership(_loop.TimeProvider));
        services.AddSingleton<IClusterIdentity>(new FixedIdentity());
        services.AddSingleton<ISecretSource>(new NoSecrets());
        services.AddSingleton<IMemberCalls>(new MortalMemberCalls(cluster.Calls, life));
        services.AddSingleton<IRoute53Accounts>(s => new MortalRoute53(cluster.Route53, life, new RequestBudget(5, _loop.TimeProvider, s.GetRequiredService<RequestMetrics>()), _faults));
        AddKind(services, cluster.Sets);
        AddKind(services, cluster.Records);
        AddKind(services, cluster.Migrations);
        services.AddReplicaSets();
        services.AddDns();
        services.AddMigrations();
        services.AddQueries(answers);
        runtime?.Services?.Invoke(services);
        var provider = services.BuildServiceProvider();
        Watch(provider, cluster.Sets);
        Watch(provider, cluster.Records);
        Watch(provider, cluster.Migrations);
    }

    public OperatorLife Life { get; }

    private void AddKind<TEntity>(ServiceCollection services, StoredEntities<TEntity> stored)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        services.AddSingleton<IEntityCache<TEntity>>(stored);
        services.AddSingleton<IEntityClient<TEntity>>(new MortalEntityClient<TEntity>(stored, Life, (key, writing) => Find(typeof(TEntity), key)?.IsWriting(writing), _faults));
        services.AddSingleton<IEntityQueue<TEntity>>(new Queue<TEntity>(this));
    }

    private void Watch<TEntity>(ServiceProvider provider, StoredEntities<TEntity> stored)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var controller = provider.GetRequiredService<IEntityController<TEntity>>();
        var finalizer = provider.GetService<IEntityFinalizer<TEntity>>();
        var remembered = new Dictionary<ObjectKey, string>();
        stored.Changed += key => Changed(typeof(TEntity), key, () => Open(key));
        foreach (var entity in stored.List())
        {
            Open(ObjectKey.Of(entity)).Due(TimeSpan.Zero);
        }

        Lane Open(ObjectKey key)
        {
            var lane = new Lane(typeof(TEntity), key, () => PassAsync(key), Life, _loop, _runtime);
            _lanes.Add(lane);
            return lane;
        }

        async Task<ReconciliationResult> PassAsync(ObjectKey key)
        {
            var entity = stored.Find(key);
            if (remembered.Remove(key, out var uid) && entity is not null && entity.Metadata.Uid != uid)
            {
                // Deleted and made anew in between: another object with the same name.
                await controller.DeletedAsync(key, CancellationToken.None);
            }

            if (entity is null)
            {
                return await controller.DeletedAsync(key, CancellationToken.None);
            }

            remembered[key] = entity.Metadata.Uid ?? "";

            if (entity.Metadata.DeletionTimestamp is null || finalizer is null)
            {
                return await controller.ReconcileAsync(entity, CancellationToken.None);
            }

            var result = await finalizer.FinalizeAsync(entity, CancellationToken.None);
            if (result == ReconciliationResult.Success)
            {
                await Life.EffectAsync($"finalizer {key}", () =>
                {
                    stored.Remove(key);
                    return Task.FromResult(true);
                });
            }

            return result;
        }
    }

    private Lane? Find(Type kind, ObjectKey key) => _lanes.Find(l => l.Kind == kind && l.Key == key);

    /// <summary>What concerns one object may concern all: more passes than the runtime makes, never fewer.</summary>
    private void Changed(Type kind, ObjectKey key, Func<Lane> open)
    {
        if (Life.IsDead)
        {
            return;
        }

        (Find(kind, key) ?? open()).Due(TimeSpan.Zero, ofItself: true);
        foreach (var other in _lanes.Where(l => l.Kind != kind && _concerns(key.Name, l.Key.Name) && (_runtime is null || kind == typeof(RegionMigration) || l.Kind == typeof(RegionMigration))))
        {
            other.Due(TimeSpan.Zero);
        }
    }

    /// <summary>The work queue of one object: one pass at a time, the earliest moment counts.</summary>
    private sealed class Lane(Type kind, ObjectKey key, Func<Task<ReconciliationResult>> pass, OperatorLife life, EventLoop loop, VirtualRuntime? runtime)
    {
        private DateTimeOffset? _due;
        private int _failures;
        private System.Threading.ITimer? _timer;
        private bool _running;
        private bool _writing;

        public Type Kind => kind;

        public ObjectKey Key => key;

        public void IsWriting(bool writing) => _writing = writing;

        public void Due(TimeSpan after, bool ofItself = false)
        {
            var moment = loop.UtcNow + after;
            if ((ofItself && _writing) || moment >= _due)
            {
                return;
            }

            _due = moment;
            if (!_running)
            {
                _timer?.Dispose();
                // A timer calls back without a context, and a pass has to stay in the loop.
                _timer = loop.TimeProvider.CreateTimer(_ => loop.Post(() => _ = RunAsync()), null, after, Timeout.InfiniteTimeSpan);
            }
        }

        private async Task RunAsync()
        {
            if (life.IsDead)
            {
                return;
            }

            (_due, _running) = (null, true);
            var after = await OnceAsync();
            _running = false;
            var due = _due;
            _due = null;
            if (due is { } moment)
            {
                var wait = moment - loop.UtcNow;
                Due(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }

            if (after is { } again)
            {
                Due(again);
            }
        }

        private async Task<TimeSpan?> OnceAsync()
        {
            try
            {
                var result = await pass();
                if (result.Error is { } error && runtime is not null)
                {
                    return result.IsTerminal ? result.RequeueAfter : runtime.Backoff.After(++_failures);
                }

                _failures = 0;
                runtime?.Passed?.Invoke(kind, key);
                return result.Error is null ? result.RequeueAfter : TimeSpan.FromSeconds(1);
            }
            catch (Exception e) when (e is StatusConflictException or LeadershipLostException)
            {
                return TimeSpan.FromMilliseconds(20);
            }
#pragma warning disable CA1031 // As in the runtime, no exception ends the passes of an object.
            catch (Exception e) when (runtime is not null)
#pragma warning restore CA1031
            {
                runtime.Failed?.Invoke(kind, key, e);
                return runtime.Backoff.After(++_failures);
            }
        }
    }

    private sealed class Queue<TEntity>(VirtualOperator owner) : IEntityQueue<TEntity>
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        public void Enqueue(ObjectKey key) => owner.Find(typeof(TEntity), key)?.Due(TimeSpan.Zero);

        public void EnqueueAfter(ObjectKey key, TimeSpan delay) => owner.Find(typeof(TEntity), key)?.Due(delay);
    }

    private sealed class FixedIdentity : IClusterIdentity
    {
        public Task<string> GetAsync(CancellationToken cancellationToken) => Task.FromResult("cluster");
    }

    private sealed class NoSecrets : ISecretSource
    {
        public Task<V1Secret?> GetAsync(string @namespace, string name, CancellationToken cancellationToken) => Task.FromResult<V1Secret?>(null);
    }
}
