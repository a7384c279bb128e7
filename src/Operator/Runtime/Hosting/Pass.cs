using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>One pass over one object: finalizers, then the controller; every way in which it can end becomes an outcome, so that no worker dies.</summary>
internal sealed class Pass<TEntity>(
    EntityCache<TEntity> cache, IEntityController<TEntity> controller, Finalizers<TEntity> finalizers, UnreadableReport<TEntity> unreadable,
    FailedPasses<TEntity> failures, Sight sight, RuntimeOptions options, TimeProvider time)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    /// <summary>UIDs of the objects that the controller has seen and not yet been told to forget.</summary>
    private readonly ConcurrentDictionary<ObjectKey, string> _remembered = new();

    /// <summary>Objects that the controller may keep something for.</summary>
    public IEnumerable<ObjectKey> Remembered() => _remembered.Keys;

    /// <summary>Runs the pass. Throws nothing.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Leadership or the process ends.</param>
    public async Task<PassOutcome> RunAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.PassTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var outcome = await ReconcileAsync(key, both.Token);
            failures.Ended(key);
            return outcome;
        }
        catch (StatusConflictException) when (!failures.Conflicted(key, begun))
        {
            return PassOutcome.Conflict;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, the next leader finds what there is to find.
            return PassOutcome.Abandoned;
        }
        catch (LeadershipLostException e)
        {
            return PassOutcome.Of(ReconciliationResult.Failure(e));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var late = new TimeoutException($"the pass took longer than {options.PassTimeout.TotalSeconds:0} s and was cancelled");
            return await FailedAsync(key, begun, late, cancellationToken);
        }
        catch (Exception e)
        {
            return await FailedAsync(key, begun, e, cancellationToken);
        }
    }

    private async Task<PassOutcome> FailedAsync(ObjectKey key, long begun, Exception error, CancellationToken cancellationToken)
    {
        await failures.FailedAsync(key, begun, error, cancellationToken);
        return PassOutcome.Of(ReconciliationResult.Failure(error));
    }

    private async Task<PassOutcome> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cache.FindUnreadable(key) is { } broken)
        {
            await unreadable.ReportAsync(broken, cancellationToken);
            return PassOutcome.Of(ReconciliationResult.Success);
        }

        if (cache.Find(key) is not { } cached)
        {
            return await ForgetAsync(key, cancellationToken);
        }

        if (sight.Obstacle(Kind, key) is { } obstacle)
        {
            throw obstacle;
        }

        if (_remembered.TryGetValue(key, out var uid) && uid != cached.Metadata.Uid)
        {
            // Deleted and made anew in between: another object with the same name.
            await ForgetAsync(key, cancellationToken);
        }

        _remembered[key] = cached.Metadata.Uid;
        var entity = EntityJson.Copy(cached);
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            return PassOutcome.Of(await finalizers.RunAsync(entity, cancellationToken));
        }

        entity = await finalizers.EnsureAsync(entity, cancellationToken);
        return PassOutcome.Of(await controller.ReconcileAsync(entity, cancellationToken));
    }

    private async Task<PassOutcome> ForgetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_remembered.ContainsKey(key))
        {
            var result = await controller.DeletedAsync(key, cancellationToken);
            if (result.Error is not null)
            {
                return PassOutcome.Of(result);
            }

            _remembered.TryRemove(key, out _);
        }

        unreadable.Forget(key);
        failures.Forget(key);
        return PassOutcome.Gone;
    }
}

/// <summary>How a pass ended.</summary>
internal readonly record struct PassOutcome(PassOutcomeKind Kind, ReconciliationResult Result)
{
    public static PassOutcome Conflict { get; } = new(PassOutcomeKind.Conflict, ReconciliationResult.Success);

    public static PassOutcome Abandoned { get; } = new(PassOutcomeKind.Abandoned, ReconciliationResult.Success);

    public static PassOutcome Gone { get; } = new(PassOutcomeKind.Gone, ReconciliationResult.Success);

    public static PassOutcome Of(ReconciliationResult result) => new(PassOutcomeKind.Completed, result);
}

/// <summary>Kinds of <see cref="PassOutcome"/>.</summary>
internal enum PassOutcomeKind
{
    /// <summary>The controller or a finalizer gave a result, or failed.</summary>
    Completed,

    /// <summary>The object was changed meanwhile: again, with the newer one.</summary>
    Conflict,

    /// <summary>Leadership or the process ended.</summary>
    Abandoned,

    /// <summary>The object does not exist.</summary>
    Gone,
}
