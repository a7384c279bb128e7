using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Watching;

/// <summary>Serves watches: one JSON line an event, nothing in between.</summary>
internal sealed class WatchEndpoint(ObjectStore store, OpenWatches open, WatchTiming timing, TimeProvider time)
{
    public async Task WatchAsync(ApiRequest request)
    {
        if (request.Query("sendInitialEvents") is not null)
        {
            throw ApiErrors.Invalid("meta.k8s.io", "ListOptions", "", [new("sendInitialEvents", "Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled", "FieldValueForbidden")]);
        }

        if (request.Query("resourceVersionMatch") is { Length: > 0 })
        {
            throw ApiErrors.Invalid("meta.k8s.io", "ListOptions", "", [new("resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden for watch", "FieldValueForbidden")]);
        }

        var filter = new WatchFilter(
            request.Namespace,
            LabelSelector.Parse(request.Query("labelSelector")),
            FieldSelector.Parse(request.Query("fieldSelector"), request.Kind));
        var accept = AcceptHeader.Parse(request.Http.Request.Headers.Accept);
        if (accept.Form == AnswerForm.Yaml)
        {
            throw ApiErrors.NotAcceptable("application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
        }

        var version = request.Query("resourceVersion");
        long? from = version is null or "" or "0" ? null : ListEndpoint.Revision(version);
        if (request.Path.Name is { } name)
        {
            filter = filter with { Name = name };
        }

        request.Http.Response.ContentType = ResponseWriter.Json;
        request.Http.Response.Headers.CacheControl = "no-cache, private";
        request.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var lines = new WatchLines(request, accept, time);
        using var watch = open.Begin(request);
        using var subscription = store.Subscribe(request.Kind.Collection, from);

        // Clients wait for the headers, which must not wait for the first event.
        await request.Http.Response.Body.FlushAsync(request.Aborted);
        if (subscription is null)
        {
            await lines.ErrorAsync(ApiErrors.ExpiredWatch(from ?? 0, store.Compacted));
            return;
        }

        await FollowAsync(request, subscription, filter, lines, watch, from);
    }

    private async Task FollowAsync(ApiRequest request, StoreSubscription subscription, WatchFilter filter, WatchLines lines, OpenWatch watch, long? from)
    {
        foreach (var existing in subscription.Initial?.Values.Where(o => filter.Matches(o)) ?? [])
        {
            await lines.EventAsync("ADDED", existing);
        }

        var seconds = int.TryParse(request.Query("timeoutSeconds"), CultureInfo.InvariantCulture, out var wanted) && wanted > 0 ? wanted : 0;
        var timeout = seconds > 0 ? TimeSpan.FromSeconds(seconds) : timing.DefaultTimeout;
        var bookmarks = new Bookmarks(request.QueryFlag("allowWatchBookmarks"), subscription.Revision, from ?? subscription.Revision, timing, timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, watch.Token);
        var deadline = time.GetUtcNow() + timeout;
        try
        {
            while (true)
            {
                var wake = bookmarks.NextWake(deadline);
                if (await WaitAsync(subscription.Changes, wake, ended.Token))
                {
                    await DrainAsync(subscription.Changes, filter, lines, bookmarks);
                    continue;
                }

                if (ended.IsCancellationRequested)
                {
                    // What happened before the end is still told: the deletions of a definition's instances, for one.
                    await (watch.IsCut ? Task.CompletedTask : DrainAsync(subscription.Changes, filter, lines, bookmarks));
                    break;
                }

                var now = time.GetUtcNow();
                if (bookmarks.IsDue(now))
                {
                    await lines.BookmarkAsync(bookmarks.Take(store.Revision, subscription.Changes));
                }

                if (now >= deadline)
                {
                    break;
                }
            }

            if (watch.EndsWith is { } error)
            {
                await lines.ErrorAsync(error);
            }
            else if (bookmarks.WantsClosing(lines.HasWritten) && !watch.IsCut)
            {
                await lines.BookmarkAsync(bookmarks.Newest);
            }
        }
        catch (OperationCanceledException) when (request.Aborted.IsCancellationRequested)
        {
            // The client went away, which is the usual end of a watch.
            return;
        }

        if (watch.IsCut)
        {
            request.Http.Abort();
        }
    }

    private static async Task DrainAsync(ChannelReader<StoreEvent> changes, WatchFilter filter, WatchLines lines, Bookmarks bookmarks)
    {
        while (changes.TryRead(out var change))
        {
            bookmarks.Seen(change.Revision);
            if (filter.Type(change) is { } type)
            {
                await lines.EventAsync(type, change.Type == StoreEventType.Deleted || type != "DELETED" ? change.Object : Left(change));
            }
        }
    }

    /// <summary>An object that left the selection is shown in its last selected state, under the resourceVersion of the change.</summary>
    private static StoredObject Left(StoreEvent change)
    {
        var last = change.Previous!.Copy();
        ObjectMeta.Of(last)["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(change.Object.Key, last, change.Revision);
    }

    /// <returns>True when there is something to read; false when it is time to wake, or the watch ended.</returns>
    private async Task<bool> WaitAsync(ChannelReader<StoreEvent> changes, DateTimeOffset wake, CancellationToken ended)
    {
        var now = time.GetUtcNow();
        if (wake <= now)
        {
            return changes.TryPeek(out _);
        }

        using var timer = new CancellationTokenSource(wake - now, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ended);
        try
        {
            return await changes.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
