namespace Modestano.Testbed.KubeApi.Watching;

/// <summary>How long watches last and when they carry bookmarks.</summary>
/// <param name="DefaultTimeout">For a watch that names none.</param>
/// <param name="BookmarkInterval">Between bookmarks, for clients that allow them.</param>
/// <param name="ClosingBookmark">A watch without any event ends with a bookmark: KubernetesClient throws on a watch that ends without a line.</param>
internal sealed record WatchTiming(TimeSpan DefaultTimeout, TimeSpan BookmarkInterval, bool ClosingBookmark)
{
    /// <summary>The last bookmark comes this long before the watch's timeout.</summary>
    public static readonly TimeSpan BeforeTimeout = TimeSpan.FromSeconds(2);
}
