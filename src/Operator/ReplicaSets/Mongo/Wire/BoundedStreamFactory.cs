using System.Net;
using System.Runtime.CompilerServices;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Connections;

namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>Puts <see cref="BoundedReplies"/> around every connection of the driver, TLS inside.</summary>
internal sealed class BoundedStreamFactory(IStreamFactory inner, ReplyBounds bounds) : IStreamFactory
{
    /// <summary>
    /// Bounds what members answer. The driver's own way in is not public in 3.14; a version without it fails at the first client, and
    /// <c>HostileMemberTests</c> with it.
    /// </summary>
    public static ClusterBuilder Install(ClusterBuilder builder, ReplyBounds bounds) =>
        RegisterStreamFactory(builder, factory => new BoundedStreamFactory(factory, bounds));

    /// <inheritdoc/>
    public Stream CreateStream(EndPoint endPoint, CancellationToken cancellationToken) =>
        new BoundedReplies(inner.CreateStream(endPoint, cancellationToken), bounds);

    /// <inheritdoc/>
    public async Task<Stream> CreateStreamAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
        new BoundedReplies(await inner.CreateStreamAsync(endPoint, cancellationToken), bounds);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(RegisterStreamFactory))]
    private static extern ClusterBuilder RegisterStreamFactory(ClusterBuilder builder, Func<IStreamFactory, IStreamFactory> wrapper);
}
