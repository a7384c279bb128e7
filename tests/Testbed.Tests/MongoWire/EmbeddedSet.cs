using Modestano.Testbed.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>Three members that have been initiated, and the official driver's clients for them.</summary>
internal sealed class EmbeddedSet : IAsyncDisposable
{
    public static readonly string[] Hosts =
        ["mongo-a.eu-west-1.modestano.test:27017", "mongo-b.eu-west-1.modestano.test:27017", "mongo-c.eu-west-1.modestano.test:27017"];

    private readonly List<MongoClient> _clients = [];
    private readonly MongoCredential? _credential;
    private readonly string[] _hosts;

    private EmbeddedSet(EmbeddedMongo mongo, string[] hosts, MongoCredential? credential)
    {
        Mongo = mongo;
        _hosts = hosts;
        _credential = credential;
    }

    public EmbeddedMongo Mongo { get; }

    /// <summary>The members as a wait saw them last; part of a failure's message.</summary>
    public string Observed { get; private set; } = string.Empty;

    /// <summary>Starts the members and waits until one is primary and the others follow it.</summary>
    /// <param name="options">Everything but the members.</param>
    /// <param name="credential">Who initiates, and connects.</param>
    /// <param name="hosts">The members of the set, each in the region that its name has.</param>
    /// <param name="spare">Members that are started and in no set.</param>
    /// <param name="heartbeatTimeoutSecs">When a silent member is down.</param>
    /// <param name="oplogSizeBytes">The size of each oplog; null: as usual.</param>
    public static async Task<EmbeddedSet> StartAsync(
        EmbeddedMongoOptions? options = null, MongoCredential? credential = null, string[]? hosts = null, string[]? spare = null, int heartbeatTimeoutSecs = 10,
        long? oplogSizeBytes = null)
    {
        options ??= new EmbeddedMongoOptions { Members = [] };
        hosts ??= Hosts;
        var mongo = await EmbeddedMongo.StartAsync(options with
        {
            Members = [.. hosts.Concat(spare ?? []).Select(host => Member(host, oplogSizeBytes))],
        });
        var set = new EmbeddedSet(mongo, hosts, credential);
        await set.InitiateAsync(heartbeatTimeoutSecs);
        return set;
    }

    public MongoClient Connect(Action<MongoClientSettings>? configure = null) => Connect("rs0", _hosts, configure);

    public MongoClient ConnectTo(string host, Action<MongoClientSettings>? configure = null) => Connect(null, [host], configure);

    /// <summary>Polls a condition; fails the test when it does not come true in time.</summary>
    public static async Task WaitAsync(string what, Func<Task<bool>> condition, Func<string>? observed = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.That(limit.IsCancellationRequested, Is.False, $"timed out: {what}; {observed?.Invoke()}");
            await poll.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }

        await Mongo.DisposeAsync();
    }

    private MongoClient Connect(string? replicaSet, IReadOnlyCollection<string> hosts, Action<MongoClientSettings>? configure)
    {
        var settings = Mongo.ClientSettings(replicaSet, hosts);
        settings.Credential = _credential;
        settings.ServerSelectionTimeout = TimeSpan.FromSeconds(20);
        configure?.Invoke(settings);
        var client = new MongoClient(settings);
        _clients.Add(client);
        return client;
    }

    private static EmbeddedMongoMemberOptions Member(string host, long? oplogSizeBytes)
    {
        var member = new EmbeddedMongoMemberOptions { Host = host, Region = host.Split('.')[1] };
        return oplogSizeBytes is { } size ? member with { OplogSizeBytes = size } : member;
    }

    private async Task InitiateAsync(int heartbeatTimeoutSecs)
    {
        var config = new BsonDocument
        {
            { "_id", "rs0" },
            { "members", new BsonArray(_hosts.Select((host, id) => new BsonDocument { { "_id", id }, { "host", host } })) },
            { "settings", new BsonDocument { { "electionTimeoutMillis", 1000 }, { "heartbeatIntervalMillis", 200 }, { "heartbeatTimeoutSecs", heartbeatTimeoutSecs } } },
        };
        await ConnectTo(_hosts[0]).GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("replSetInitiate", config));
        await WaitAsync("a primary, two secondaries and a commit point that all know", async () =>
        {
            var members = await Mongo.DescribeAsync();
            Observed = string.Join("; ", members);
            return members.Count(member => member.IsWritablePrimary) == 1 && members.Count(member => member.State == "SECONDARY") == _hosts.Length - 1
                && members.Where(member => _hosts.Contains(member.Host)).All(member => !member.CommitPoint.IsNone);
        }, () => Observed);
    }
}
