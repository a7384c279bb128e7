using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>
/// Tells on the object itself that its passes fail, whatever stops them: an older status must not go on saying that all is well. One failure
/// alone is everyday life and is not told; failures without a success in between are, before a minute is over.
/// </summary>
internal sealed class FailedPasses<TEntity>(
    IEntityClient<TEntity> client, IEntityCache<TEntity> cache, IEventRecorder events, IEnumerable<IFailedPassStatus<TEntity>> kinds, RuntimeMetrics metrics, TimeProvider time,
    ILogger<FailedPasses<TEntity>> logger)
    : ILeadershipListener
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>How long failures have to go on. Passes at rest are ten seconds apart and a failed one comes again within seconds.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>How long conflicts have to go on before they count as failures: a busy object has some.</summary>
    public static readonly TimeSpan ConflictGrace = TimeSpan.FromSeconds(30);

    /// <summary>How long telling may take.</summary>
    public static readonly TimeSpan TellingTakes = TimeSpan.FromSeconds(10);

    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    private readonly IFailedPassStatus<TEntity>? _kind = kinds.SingleOrDefault();
    private readonly ConcurrentDictionary<ObjectKey, Streak> _streaks = new();

    /// <summary>A pass went well, or has told by itself what is wrong.</summary>
    public void Ended(ObjectKey key)
    {
        if (_streaks.TryRemove(key, out var streak) && streak.Told is not null)
        {
            metrics.PassesFail(Kind, key, false);
        }
    }

    /// <summary>A pass wrote nothing, as somebody else had written.</summary>
    /// <param name="key">The object.</param>
    /// <param name="begun">When the pass began, a timestamp of the time provider.</param>
    /// <returns>It has gone on for so long that it is a failure.</returns>
    public bool Conflicted(ObjectKey key, long begun) =>
        time.GetElapsedTime(_streaks.GetOrAdd(key, _ => new Streak(begun, null)).Since) >= ConflictGrace;

    /// <summary>A pass failed. Throws nothing.</summary>
    /// <param name="key">The object.</param>
    /// <param name="begun">When the pass began, a timestamp of the time provider.</param>
    /// <param name="error">What it threw.</param>
    /// <param name="cancellationToken">Leadership or the process ends.</param>
    public async Task FailedAsync(ObjectKey key, long begun, Exception error, CancellationToken cancellationToken)
    {
        var streak = _streaks.GetOrAdd(key, _ => new Streak(begun, null));
        if (_kind is null || time.GetElapsedTime(streak.Since) < Grace)
        {
            return;
        }

        var failure = PassFailure.Of(error);
        var isNew = streak.Told is not { } told || told.Reason != failure.Reason || !PassFailure.AreAlike(told.Message, failure.Message);
        _streaks[key] = streak with { Told = failure };
        metrics.PassesFail(Kind, key, true);
        _kind.ForgetFigures(key);
        using var deadline = new CancellationTokenSource(TellingTakes, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await TellAsync(_kind, key, failure, isNew, both.Token);
        }
        catch (Exception e)
        {
            // What stops the pass may stop this too; each failed pass tries again.
            logger.Log(isNew ? LogLevel.Warning : LogLevel.Debug, "{Kind} {Key}: status could not tell that the passes fail: {Error}", Kind.Kind, key, ApiRefusedException.Describe(e));
        }
    }

    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key) => Ended(key);

    /// <inheritdoc/>
    public void StoppedLeading()
    {
        foreach (var key in _streaks.Keys)
        {
            Ended(key);
        }
    }

    private async Task TellAsync(IFailedPassStatus<TEntity> kind, ObjectKey key, PassFailure failure, bool isNew, CancellationToken cancellationToken)
    {
        if (await ReadAsync(key, failure, isNew, cancellationToken) is not { } live)
        {
            return;
        }

        var before = EntityJson.StatusOf(live);
        var after = kind.Of(live, failure, time.GetUtcNow());
        if (isNew && !System.Text.Json.Nodes.JsonNode.DeepEquals(before, EntityJson.StatusOf(after)))
        {
            // Before the write: the right to write may be what is missing, and Events are written by another.
            events.Warning(live, failure.Reason, failure.Message);
        }

        await client.UpdateStatusAsync(live, after, cancellationToken);
    }

    private async Task<TEntity?> ReadAsync(ObjectKey key, PassFailure failure, bool isNew, CancellationToken cancellationToken)
    {
        try
        {
            // Live: that the cache is behind may be what is wrong.
            return await client.GetAsync(key, cancellationToken);
        }
        catch (Exception) when (isNew && failure.NeedsPerson && cache.Find(key) is { } cached)
        {
            // The right to read may be what is missing: then an Event on what was seen last has to do.
            events.Warning(cached, failure.Reason, failure.Message);
            throw;
        }
    }

    /// <param name="Since">The beginning of the first failed pass.</param>
    /// <param name="Told">What was told last; null: nothing yet.</param>
    private sealed record Streak(long Since, PassFailure? Told);
}
