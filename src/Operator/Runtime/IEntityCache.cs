using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime;

/// <summary>The informer's view of one kind: as fresh as the watch. What it hands out is shared: do not change it.</summary>
/// <typeparam name="TEntity">The custom resource.</typeparam>
public interface IEntityCache<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The object, or null.</summary>
    TEntity? Find(ObjectKey key);

    /// <summary>All objects of the kind.</summary>
    IReadOnlyCollection<TEntity> List();
}
