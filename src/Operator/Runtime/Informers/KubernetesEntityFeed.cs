using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;
using k8s.Autorest;

namespace Modestano.Operator.Runtime.Informers;

/// <summary>The feed of one kind from a real API server, in one namespace or in all.</summary>
internal sealed class KubernetesEntityFeed(IKubernetes kubernetes, EntityKind kind, string? inNamespace, RuntimeOptions options) : IEntityFeed
{
    public async Task<EntityPage> ListPageAsync(string? continueToken, CancellationToken cancellationToken)
    {
        try
        {
            var page = inNamespace is null
                ? await kubernetes.CustomObjects.ListCustomObjectForAllNamespacesAsync<JsonElement>(
                    kind.Group, kind.Version, kind.Plural,
                    continueParameter: continueToken, limit: options.PageSize, cancellationToken: cancellationToken)
                : await kubernetes.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(
                    kind.Group, kind.Version, inNamespace, kind.Plural,
                    continueParameter: continueToken, limit: options.PageSize, cancellationToken: cancellationToken);
            JsonElement[] items = page.TryGetProperty("items", out var array) && array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : [];
            var next = EntityJson.TextAt(page, "metadata", "continue");
            return new EntityPage(items, EntityJson.TextAt(page, "metadata", "resourceVersion") ?? "", string.IsNullOrEmpty(next) ? null : next);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Gone)
        {
            throw new ResourceVersionExpiredException(e.Response.Content);
        }
    }

    public async IAsyncEnumerable<WatchNotice> WatchAsync(string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Exception? error = null;
        void OnError(Exception e) => error = Translate(e);
        var seconds = (int)options.WatchTimeout.TotalSeconds;
        var watch = inNamespace is null
            ? kubernetes.CustomObjects.WatchListCustomObjectForAllNamespacesAsync(
                kind.Group, kind.Version, kind.Plural, allowWatchBookmarks: true, resourceVersion: resourceVersion,
                timeoutSeconds: seconds, onError: OnError, cancellationToken: cancellationToken)
            : kubernetes.CustomObjects.WatchListNamespacedCustomObjectAsync(
                kind.Group, kind.Version, inNamespace, kind.Plural, allowWatchBookmarks: true, resourceVersion: resourceVersion,
                timeoutSeconds: seconds, onError: OnError, cancellationToken: cancellationToken);
        await using var lines = watch.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            WatchNotice notice;
            try
            {
                if (!await lines.MoveNextAsync())
                {
                    break;
                }

                var (type, line) = lines.Current;
                notice = new WatchNotice(type, line is JsonElement json ? json : JsonSerializer.SerializeToElement(line));
            }
            catch (HttpOperationException e)
            {
                throw Translate(e);
            }
            catch (HttpRequestException e) when (e.InnerException is EndOfStreamException)
            {
                // The server ended a watch in which nothing happened: the client reports that as an error.
                break;
            }

            if (error is not null)
            {
                throw error;
            }

            yield return notice;
        }

        if (error is not null)
        {
            throw error;
        }
    }

    private static Exception Translate(Exception e) => e switch
    {
        KubernetesException { Status.Code: (int)HttpStatusCode.Gone } gone => new ResourceVersionExpiredException(gone.Message),
        HttpOperationException { Response.StatusCode: HttpStatusCode.Gone } gone => new ResourceVersionExpiredException(gone.Response.Content),
        HttpOperationException http => new WatchFailedException($"{(int)http.Response.StatusCode} {http.Response.StatusCode}: {http.Response.Content}"),
        KubernetesException reported => new WatchFailedException(reported.Message),
        _ => e,
    };
}
