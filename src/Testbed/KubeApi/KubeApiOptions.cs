using Modestano.Testbed.KubeApi.Authorization;

namespace Modestano.Testbed.KubeApi;

/// <summary>How an embedded API server is started.</summary>
public sealed record KubeApiOptions
{
    /// <summary>The loopback port; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Timestamps, ages and watch timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>HTTPS with a certificate that is made at the start. kubectl sends no token over plain HTTP.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>The token of the user <c>admin</c>, who may do everything; null makes one.</summary>
    public string? AdminToken { get; init; }

    /// <summary>Further users; what they may do is decided by the roles that are applied.</summary>
    public IReadOnlyList<KubeUserToken> Users { get; init; } = [];

    /// <summary>How many changes are remembered for watches that resume and lists that continue.</summary>
    public int HistoryLimit { get; init; } = 4096;

    /// <summary>Between bookmarks of a watch.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a watch lasts that names no timeout.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(40);

    /// <summary>
    /// A watch that would end without any line ends with a bookmark where the client allows bookmarks. A real server sends none,
    /// and KubernetesClient then throws; false shows that.
    /// </summary>
    public bool ClosingBookmark { get; init; } = true;

    /// <summary>
    /// Deletes objects whose owners are gone and ends foreground and orphaning deletions. A bare API server without controllers does not; false shows that.
    /// </summary>
    public bool CollectGarbage { get; init; } = true;

    /// <summary>The minor version that <c>/version</c> names.</summary>
    public string MinorVersion { get; init; } = "32";

    /// <summary>Makes uids and generated names the same in each run.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>A user and the bearer token that stands for it.</summary>
/// <param name="User">The user.</param>
/// <param name="Token">The bearer token.</param>
public sealed record KubeUserToken(KubeUser User, string Token);
