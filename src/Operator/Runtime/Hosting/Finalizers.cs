using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>Puts a kind's finalizers on its objects before the first effect and takes them off after the clean-up.</summary>
internal sealed class Finalizers<TEntity>(IEnumerable<IEntityFinalizer<TEntity>> registered, FinalizerPatch<TEntity> patch)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly IReadOnlyList<IEntityFinalizer<TEntity>> _registered = [.. registered];

    /// <summary>Adds what is missing.</summary>
    /// <returns>The object with all finalizers.</returns>
    /// <exception cref="StatusConflictException">Somebody wrote in between.</exception>
    public async Task<TEntity> EnsureAsync(TEntity entity, CancellationToken cancellationToken)
    {
        var present = entity.Metadata.Finalizers ?? [];
        string[] missing = [.. _registered.Select(f => f.Identifier).Where(id => !present.Contains(id))];
        return missing.Length == 0 ? entity : await patch.SetAsync(entity, [.. present, .. missing], cancellationToken);
    }

    /// <summary>Runs those that are still on the object, in the order of their registration, one after the other; each is removed as it succeeds.</summary>
    public async Task<ReconciliationResult> RunAsync(TEntity entity, CancellationToken cancellationToken)
    {
        foreach (var finalizer in _registered)
        {
            if (entity.Metadata.Finalizers?.Contains(finalizer.Identifier) != true)
            {
                continue;
            }

            var result = await finalizer.FinalizeAsync(entity, cancellationToken);
            if (result != ReconciliationResult.Success)
            {
                return result;
            }

            var rest = entity.Metadata.Finalizers.Where(id => id != finalizer.Identifier).ToArray();
            entity = await patch.SetAsync(entity, rest, cancellationToken);
        }

        return ReconciliationResult.Success;
    }
}
