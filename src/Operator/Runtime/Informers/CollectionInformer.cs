using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Modestano.Operator.Runtime.Informers;

/// <summary>
/// LIST page by page, compare, WATCH from there: the loop of client-go's reflector. A watch that ends goes on from its last resource
/// version; a version that the server has forgotten, or an error, starts over with a LIST, which also shows what a watch has missed.
/// </summary>
internal sealed class CollectionInformer<TEntity>(
    IEntityFeed feed, string? inNamespace, EntityCache<TEntity> cache, RuntimeOptions options, RuntimeMetrics metrics, TimeProvider time, ILogger logger)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), options.Seed);
    private int _failures;

    /// <summary>Completes after the first full LIST.</summary>
    public Task Synced => _synced.Task;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var resourceVersion = await ListAsync(cancellationToken);
                _synced.TrySetResult();
                await WatchFromAsync(resourceVersion, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ResourceVersionExpiredException)
            {
                metrics.InformerRestarts(Kind, "expired").Inc();
                _failures++;
            }
            catch (Exception e)
            {
                metrics.InformerRestarts(Kind, "error").Inc();
                // A connection that is cut once is everyday life behind a load balancer.
                var level = ++_failures > 1 || !_synced.Task.IsCompleted ? LogLevel.Warning : LogLevel.Information;
                logger.Log(level, "Listing or watching {Kind} failed, attempt {Attempt}; it goes on by itself: {Error}", Kind, _failures, Describe(e));
            }

            try
            {
                await Task.Delay(_backoff.After(_failures), time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        // A server that hangs in the middle of an answer must not stop the informer for good.
        using var deadline = new CancellationTokenSource(options.WatchGrace, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var listed = new List<ReadObject<TEntity>>();
        string? next = null;
        string resourceVersion;
        do
        {
            var page = await feed.ListPageAsync(next, both.Token);
            deadline.CancelAfter(options.WatchGrace);
            foreach (var item in page.Items)
            {
                if (ReadObject<TEntity>.From(item) is { } read)
                {
                    listed.Add(read);
                }
            }

            next = page.Continue;
            resourceVersion = page.ResourceVersion;
        }
        while (next is not null);

        cache.Replace(inNamespace, listed);
        return resourceVersion;
    }

    /// <summary>Returns never; throws where only a new LIST helps.</summary>
    private async Task WatchFromAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        while (true)
        {
            var started = time.GetTimestamp();
            var heard = false;
            using var deadline = new CancellationTokenSource(options.WatchTimeout + options.WatchGrace, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                await foreach (var notice in feed.WatchAsync(resourceVersion, both.Token).WithCancellation(both.Token))
                {
                    heard = true;
                    _failures = 0;
                    resourceVersion = EntityJson.TextAt(notice.Object, "metadata", "resourceVersion") ?? resourceVersion;
                    Apply(notice);
                }

                metrics.InformerRestarts(Kind, "ended").Inc();
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                metrics.InformerRestarts(Kind, "dead").Inc();
                logger.LogWarning("The watch of {Kind} was silent beyond its end and was cut; it goes on from where it was", Kind);
            }

            var lasted = time.GetElapsedTime(started);
            if (heard || lasted > TimeSpan.FromSeconds(1))
            {
                _failures = 0;
                continue;
            }

            // Something between here and the server closes watches at once: go on, but not in a hot loop.
            await Task.Delay(_backoff.After(++_failures), time, cancellationToken);
        }
    }

    private void Apply(WatchNotice notice)
    {
        if (notice.Type is WatchEventType.Bookmark || ReadObject<TEntity>.From(notice.Object) is not { } read)
        {
            return;
        }

        if (notice.Type == WatchEventType.Deleted)
        {
            cache.Remove(read.Key);
        }
        else if (notice.Type is WatchEventType.Added or WatchEventType.Modified)
        {
            cache.Set(read);
        }
    }

    private static string Describe(Exception e) => e switch
    {
        HttpOperationException { Response.StatusCode: HttpStatusCode.NotFound } =>
            $"404 NotFound: the API server does not serve {Kind.ApiVersion} {Kind.Plural}: is the custom resource definition installed?",
        HttpOperationException http => $"{(int)http.Response.StatusCode} {http.Response.StatusCode}: {ApiRefusedException.MessageOf(http)}",
        OperationCanceledException => "no answer in time",
        JsonException => "an answer that is not JSON: " + e.Message,
        _ => e.InnerException is null ? e.Message : $"{e.Message} ({e.InnerException.Message})",
    };
}
