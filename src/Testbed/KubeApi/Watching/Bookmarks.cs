using System.Threading.Channels;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Watching;

/// <summary>Decides when a watch sends a bookmark: each interval, and shortly before it times out, if there is a newer resourceVersion to tell.</summary>
internal sealed class Bookmarks(bool allowed, long seen, long started, WatchTiming timing, TimeSpan timeout, TimeProvider time)
{
    private readonly DateTimeOffset last = time.GetUtcNow() + timeout - WatchTiming.BeforeTimeout;
    private DateTimeOffset next = time.GetUtcNow() + timing.BookmarkInterval;
    private long told = started;
    private long newest = seen;
    private bool lastSent;

    /// <summary>The newest resourceVersion that this watch has passed.</summary>
    public long Newest => newest;

    public void Seen(long revision) => newest = Math.Max(newest, revision);

    public DateTimeOffset NextWake(DateTimeOffset deadline)
    {
        if (!allowed)
        {
            return deadline;
        }

        var wake = !lastSent && last < next ? last : next;
        return wake < deadline ? wake : deadline;
    }

    public bool IsDue(DateTimeOffset now)
    {
        if (!allowed)
        {
            return false;
        }

        if (!lastSent && now >= last)
        {
            lastSent = true;
            return true;
        }

        return now >= next;
    }

    /// <summary>The resourceVersion to tell; null where the client knows it already.</summary>
    public long? Take(long storeRevision, ChannelReader<StoreEvent> pending)
    {
        next = time.GetUtcNow() + timing.BookmarkInterval;

        // The store may be ahead of what this watch has sent; its revision counts only while nothing is waiting.
        var revision = pending.TryPeek(out _) ? newest : storeRevision;
        if (revision <= told)
        {
            return null;
        }

        told = revision;
        return revision;
    }

    public bool WantsClosing(bool hasWritten) => allowed && timing.ClosingBookmark && !hasWritten;
}
