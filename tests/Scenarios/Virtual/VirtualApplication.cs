using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Virtual;

/// <summary>
/// An application's connections as the members see them. Like a driver it asks a member that it knows for the set's hosts again and again,
/// and is connected to those and no others; unless it is pinned to one member, as with <c>directConnection=true</c>.
/// </summary>
internal sealed class VirtualApplication
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);

    private readonly SimulatedReplicaSetNetwork _network;
    private readonly string _name;
    private readonly string? _pinnedTo;
    private HashSet<string> _known;
    private bool _ended;

    public VirtualApplication(SimulatedReplicaSetNetwork network, string name, string seed, bool isPinned = false)
    {
        (_network, _name, _known, _pinnedTo) = (network, name, [seed], isPinned ? seed : null);
        foreach (var member in network.Describe().Select(m => network.Find(m.Host)!))
        {
            var before = member.ClientConnections;
            member.ClientConnections = () => before().Concat(ConnectionsTo(member.Host));
        }

        _ = DiscoverAsync();
    }

    /// <summary>Closes its connections.</summary>
    public void End() => _ended = true;

    private IEnumerable<BsonDocument> ConnectionsTo(string host)
    {
        if (_ended || !(_pinnedTo is null ? _known.Contains(host) : host == _pinnedTo))
        {
            return [];
        }

        var metadata = new BsonDocument { { "application", new BsonDocument("name", _name) }, { "driver", new BsonDocument("name", "nodejs") } };
        return Enumerable.Range(100, 3).Select(id => CurrentOperations.Connection(host, id, $"10.0.0.7:{40000 + id}", metadata, null, null));
    }

    private async Task DiscoverAsync()
    {
        while (!_ended)
        {
            foreach (var host in _known.Order(StringComparer.Ordinal).ToList())
            {
                using var limited = new CancellationTokenSource(HeartbeatInterval, _network.Loop.TimeProvider);
                try
                {
                    var hello = await _network.Find(host)!.ExecuteAsync(new BsonDocument { { "hello", 1 }, { "$db", "admin" } }, new ClientConnectionInfo(100, HelloOk: true), limited.Token);
                    if (hello.GetValue("isWritablePrimary", false).ToBoolean() || _known.Count == 1)
                    {
                        _known = [.. new[] { "hosts", "passives" }.SelectMany(list => hello.GetValue(list, new BsonArray()).AsBsonArray).Select(h => h.AsString)];
                    }
                }
                catch (Exception e) when (e is OperationCanceledException or MemberUnreachableException)
                {
                    // It asks the next one.
                    continue;
                }
            }

            await Task.Delay(HeartbeatInterval, _network.Loop.TimeProvider);
        }
    }
}
