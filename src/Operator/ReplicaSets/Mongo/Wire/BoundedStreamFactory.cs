using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Connections;

namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>Puts <see cref="BoundedReplies"/> around every connection of the driver, TLS inside.</summary>
internal sealed class BoundedStreamFactory(IStreamFactory inner, ReplyBounds bounds, ReplyBudget.Share share) : IStreamFactory
{
    /// <summary>
    /// Bounds what members answer. The driver's own way in is not public in 3.14; a version without it fails at the first client, and
    /// <c>HostileMemberTests</c> with it.
    /// </summary>
    /// <param name="builder">The driver's settings.</param>
    /// <param name="bounds">The bounds.</param>
    /// <param name="share">What the set's members may send together.</param>
    /// <param name="below">What stands below TLS.</param>
    /// <param name="tls">The terms of TLS for a member's name; null: plain text.</param>
    public static ClusterBuilder Install(ClusterBuilder builder, ReplyBounds bounds, ReplyBudget.Share share, Func<IStreamFactory, IStreamFactory> below, Func<string, SslClientAuthenticationOptions>? tls) =>
        RegisterStreamFactory(builder, factory => new BoundedStreamFactory(Secured(below(factory), bounds, tls), bounds, share));

    /// <inheritdoc/>
    public Stream CreateStream(EndPoint endPoint, CancellationToken cancellationToken) =>
        new BoundedReplies(inner.CreateStream(endPoint, cancellationToken), bounds, share);

    /// <inheritdoc/>
    public async Task<Stream> CreateStreamAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
        new BoundedReplies(await inner.CreateStreamAsync(endPoint, cancellationToken), bounds, share);

    private static IStreamFactory Secured(IStreamFactory factory, ReplyBounds bounds, Func<string, SslClientAuthenticationOptions>? tls) =>
        tls is null ? factory : new TlsStreamFactory(factory, tls, bounds.MaxTime);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(RegisterStreamFactory))]
    private static extern ClusterBuilder RegisterStreamFactory(ClusterBuilder builder, Func<IStreamFactory, IStreamFactory> wrapper);
}
