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
    IEntityFeed feed, string? inNamespace, EntityCache<TEntity> cache, CollectionSight sight, RuntimeOptions options, RuntimeMetrics metrics, TimeProvider time,
    ILogger logger)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>How many watches in a row may end at once without a word before a LIST has to tell what there is.</summary>
    private const int MostEmptyWatches = 4;

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
            long? listing = time.GetTimestamp();
            try
            {
                var resourceVersion = await ListAsync(cancellationToken);
                listing = null;
                _synced.TrySetResult();
                sight.Listed();
                await WatchFromAsync(resourceVersion, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ResourceVersionExpiredException e)
            {
                metrics.InformerRestarts(Kind, "expired").Inc();
                _failures++;
                sight.Failed(listing ?? time.GetTimestamp(), e);
            }
            catch (Exception e)
            {
                metrics.InformerRestarts(Kind, "error").Inc();
                // A connection that is cut once is everyday life behind a load balancer.
                var level = ++_failures > 1 || !_synced.Task.IsCompleted ? LogLevel.Warning : LogLevel.Information;
                logger.Log(level, "Listing or watching {Kind} failed, attempt {Attempt}; it goes on by itself: {Error}", Kind, _failures, Describe(e));
                sight.Failed(listing ?? time.GetTimestamp(), e);
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
        try
        {
            return await ListAsync(deadline, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"listing {Kind} got no answer within {options.WatchGrace.TotalSeconds:0} s");
        }
    }

    private async Task<string> ListAsync(CancellationTokenSource deadline, CancellationToken cancellationToken)
    {
        var listed = new List<ReadObject<TEntity>>();
        string? next = null;
        string resourceVersion;
        do
        {
            var page = await feed.ListPageAsync(next, cancellationToken);
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

            // Something between here and the server closes watches at once: go on, but not in a hot loop, and not by watches alone, as none of
            // them may have reached the server.
            if (++_failures > MostEmptyWatches)
            {
                throw new WatchFailedException("watches end at once without a word: what is between here and the API server?");
            }

            await Task.Delay(_backoff.After(_failures), time, cancellationToken);
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
