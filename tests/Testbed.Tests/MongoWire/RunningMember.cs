using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>A handler behind a port of its own, and clients for it.</summary>
internal sealed class RunningMember : IAsyncDisposable
{
    private readonly List<MongoClient> _clients = [];

    public RunningMember(ICommandHandler handler, ServerTls? tls = null)
    {
        Listener = new WireListener(new IPEndPoint(IPAddress.Loopback, 0), handler, tls, NullLogger.Instance);
        Listener.Open();
    }

    public WireListener Listener { get; }

    public MongoClient Connect(string? userInfo = null, string? options = null, Action<MongoClientSettings>? configure = null)
    {
        var settings = MongoClientSettings.FromConnectionString(
            $"mongodb://{(userInfo is null ? "" : userInfo + "@")}{Listener.EndPoint}/?directConnection=true&serverSelectionTimeoutMS=5000"
            + (options is null ? "" : "&" + options));
        configure?.Invoke(settings);
        var client = new MongoClient(settings);
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }

        await Listener.DisposeAsync();
    }
}
