using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Dns;

/// <summary>Objects of one kind with an API server's optimistic lock.</summary>
internal sealed class StoredEntities<TEntity> : IEntityCache<TEntity>, IEntityClient<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, string> _stored = [];
    private List<TEntity>? _listed;
    private int _version;

    /// <summary>Status writes that were sent.</summary>
    public int Writes { get; private set; }

    /// <summary>An object was stored or removed: what a watch would tell.</summary>
    public event Action<ObjectKey>? Changed;

    public TEntity? Find(ObjectKey key)
    {
        lock (_gate)
        {
            return _stored.TryGetValue(key, out var json) ? KubernetesJson.Deserialize<TEntity>(json) : null;
        }
    }

    /// <summary>All objects; as from an informer, the same ones until something changes, and to be read only.</summary>
    public IReadOnlyCollection<TEntity> List()
    {
        lock (_gate)
        {
            return _listed ??= [.. _stored.Values.Select(json => KubernetesJson.Deserialize<TEntity>(json))];
        }
    }

    public Task<TEntity?> GetAsync(ObjectKey key, CancellationToken cancellationToken) => Task.FromResult(Find(key));

    public Task<TEntity> UpdateStatusAsync(TEntity before, TEntity after, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(after);
        if (SameStatus(before, after))
        {
            return Task.FromResult(after);
        }

        lock (_gate)
        {
            if (Find(key)?.Metadata.ResourceVersion != before.Metadata.ResourceVersion)
            {
                throw new StatusConflictException($"{key} was changed in between");
            }

            Writes++;
            return Task.FromResult(Put(after, newGeneration: false));
        }
    }

    public TEntity Put(TEntity entity, bool newGeneration)
    {
        var copy = KubernetesJson.Deserialize<TEntity>(KubernetesJson.Serialize(entity));
        lock (_gate)
        {
            copy.Metadata.ResourceVersion = $"{++_version}";
            copy.Metadata.Generation = (copy.Metadata.Generation ?? 0) + (newGeneration ? 1 : 0);
            _stored[ObjectKey.Of(copy)] = KubernetesJson.Serialize(copy);
            _listed = null;
        }

        Changed?.Invoke(ObjectKey.Of(copy));
        return copy;
    }

    public void Remove(ObjectKey key)
    {
        lock (_gate)
        {
            _stored.Remove(key);
            _listed = null;
        }

        Changed?.Invoke(key);
    }

    public static bool SameStatus(TEntity one, TEntity other)
    {
        var (json, otherJson) = (KubernetesJson.Serialize(one), KubernetesJson.Serialize(other));
        return json == otherJson || JsonNode.DeepEquals(JsonNode.Parse(json)!["status"], JsonNode.Parse(otherJson)!["status"]);
    }
}
