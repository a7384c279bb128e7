using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.MigrationBench;

/// <summary>Direct connections to the members as the operator's user, kept open: what a person with a shell on each of them has.</summary>
internal sealed class MemberAdmin(World world) : IDisposable
{
    private readonly IReadOnlyList<string> _hosts = [.. world.Members(SampleNames.OldRegion), .. world.Members(SampleNames.NewRegion)];
    private readonly Dictionary<string, IMongoClient> _clients = new(StringComparer.Ordinal);
    private string? _primary;

    /// <summary>The primary has to be looked for again.</summary>
    public void Forget() => _primary = null;

    /// <summary>The member that takes writes; waits until there is one.</summary>
    public async Task<string> PrimaryAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var host in _hosts.OrderByDescending(h => h == _primary))
            {
                if (await IsPrimaryAsync(host, cancellationToken))
                {
                    return _primary = host;
                }
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>A command on one member.</summary>
    public Task<BsonDocument> RunAsync(string host, BsonDocument command, CancellationToken cancellationToken) =>
        Client(host).GetDatabase("admin").RunCommandAsync<BsonDocument>(command, ReadPreference.Nearest, cancellationToken);

    /// <summary>The configuration in force, by the primary.</summary>
    public async Task<BsonDocument> ConfigAsync(string primary, CancellationToken cancellationToken) =>
        (await RunAsync(primary, new BsonDocument("replSetGetConfig", 1), cancellationToken))["config"].AsBsonDocument;

    /// <summary>Whether the primary sees each of these members as SECONDARY.</summary>
    public async Task<bool> AreSecondariesAsync(string primary, IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        var status = await RunAsync(primary, new BsonDocument("replSetGetStatus", 1), cancellationToken);
        var states = status["members"].AsBsonArray.ToDictionary(m => m["name"].AsString, m => m["stateStr"].AsString, StringComparer.Ordinal);
        return hosts.All(host => states.GetValueOrDefault(host) == "SECONDARY");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }
    }

    private async Task<bool> IsPrimaryAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return (await RunAsync(host, new BsonDocument("hello", 1), cancellationToken)).GetValue("isWritablePrimary", false).ToBoolean();
        }
        catch (Exception e) when (e is MongoException or TimeoutException)
        {
            // Down, or it has just closed its connections: another one may be primary.
            return false;
        }
    }

    private IMongoClient Client(string host)
    {
        if (!_clients.TryGetValue(host, out var client))
        {
            var settings = world.DirectSettings(host);
            (settings.ServerSelectionTimeout, settings.ConnectTimeout) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));
            client = _clients[host] = new MongoClient(settings);
        }

        return client;
    }
}
