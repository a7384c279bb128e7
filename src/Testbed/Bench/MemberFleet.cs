using System.Diagnostics;
using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Bench;

/// <summary>
/// Many replica sets in one process, each member with an address and a port of its own. They are spread over several networks, each with its
/// own thread, and rest with long intervals between their own heartbeats, so that what is measured beside them has a processor.
/// </summary>
internal sealed class MemberFleet : IAsyncDisposable
{
    private const int SetsInANetwork = 100;
    private const int ParallelStarts = 250;

    // Longer than MongoDB's 10 s, as the heartbeats are further apart, too.
    private const int RestElectionTimeoutMillis = 60_000;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly BenchOptions _options;
    private readonly List<EmbeddedMongo> _networks = [];

    private MemberFleet(BenchOptions options) => _options = options;

    /// <summary>Called with the host and the moment (<see cref="Stopwatch.GetTimestamp"/>) of each member that becomes primary.</summary>
    public event Action<string, long>? BecamePrimary;

    /// <summary>Client commands so far, by name.</summary>
    public IReadOnlyDictionary<string, long> Commands =>
        _networks.SelectMany(n => n.Commands.All).GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Sum(c => c.Value));

    /// <summary>Client connections that are open now.</summary>
    public int Connections => _networks.SelectMany(n => n.Members).Sum(m => m.ConnectionCount);

    /// <summary>Starts and initiates all sets.</summary>
    public static async Task<MemberFleet> StartAsync(BenchOptions options, string clusterUid, CancellationToken cancellationToken)
    {
        var fleet = new MemberFleet(options);
        try
        {
            foreach (var sets in Enumerable.Range(0, options.Sets).Chunk(SetsInANetwork))
            {
                fleet._networks.Add(await fleet.StartNetworkAsync(sets));
            }

            await Parallel.ForEachAsync(
                Enumerable.Range(0, options.Sets),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelStarts, CancellationToken = cancellationToken },
                async (set, token) => await fleet.InitiateAsync(set, clusterUid, token));
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }

        return fleet;
    }

    /// <summary>The commands that changed a set, oldest first.</summary>
    public IEnumerable<Modestano.Testbed.Mongo.Wire.AdminCommand> Changes(int set)
    {
        var hosts = Enumerable.Range(0, _options.Members).Select(m => BenchNames.Host(set, m)).ToHashSet();
        return NetworkOf(set).AdminCommands.Where(c => hosts.Contains(c.Host));
    }

    /// <summary>The set's primary; null: none at the moment.</summary>
    public async Task<string?> PrimaryAsync(int set, CancellationToken cancellationToken)
    {
        var status = await AskAsync(BenchNames.Host(set, 0), new BsonDocument("replSetGetStatus", 1), cancellationToken);
        return status.GetValue("members", new BsonArray()).AsBsonArray.FirstOrDefault(m => m["state"].ToInt32() == 1)?["name"].AsString;
    }

    /// <summary>Runs a command on a member, past all sockets.</summary>
    public Task<BsonDocument> AskAsync(string host, BsonDocument command, CancellationToken cancellationToken) =>
        Find(host).Model.ExecuteAsync(
            new BsonDocument(command) { { "$db", "admin" } }, new ClientConnectionInfo(0), cancellationToken);

    /// <summary>How many sets have a member that takes writes.</summary>
    public async Task<int> SetsWithPrimaryAsync() => (await Task.WhenAll(_networks.Select(n => n.DescribeAsync())))
        .Sum(n => n.Where(m => m.IsWritablePrimary).Select(m => BenchNames.SetOf(m.Host)).Distinct().Count());

    /// <summary>The members stop: they fall silent, or their processes end.</summary>
    public void Stop(IEnumerable<string> hosts, bool silent)
    {
        foreach (var host in hosts)
        {
            if (silent)
            {
                Find(host).Model.Pause();
            }
            else
            {
                Find(host).Model.Crash();
            }
        }
    }

    /// <summary>They are back.</summary>
    public void Start(IEnumerable<string> hosts, bool silent)
    {
        foreach (var host in hosts)
        {
            if (silent)
            {
                Find(host).Model.Resume();
            }
            else
            {
                Find(host).Model.Restart();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_networks.Select(n => n.DisposeAsync().AsTask()));

    private EmbeddedMongoMember Find(string host) => _networks.Find(n => n.Network.Find(host) is not null)!.Member(host);

    private int RestHeartbeatMillis => (int)_options.Heartbeat.TotalMilliseconds;

    private EmbeddedMongo NetworkOf(int set) => _networks[set / SetsInANetwork];

    private async Task<EmbeddedMongo> StartNetworkAsync(int[] sets)
    {
        var network = await EmbeddedMongo.StartAsync(new EmbeddedMongoOptions
        {
            // Networks of one seed would make the same replica-set ids.
            Seed = _options.Seed + sets[0],
            Authorization = true,
            Proxy = false,
            Users = [new EmbeddedMongoUser(SampleNames.OperatorUser, SampleNames.OperatorPassword, [new RoleName("clusterManager", "admin"), new RoleName("clusterMonitor", "admin"), new RoleName("read", "local")])],
            Members = [.. from set in sets from m in Enumerable.Range(0, _options.Members) select new EmbeddedMongoMemberOptions
            {
                Host = BenchNames.Host(set, m), Region = BenchNames.Region(m, _options.Members), ReplSetName = BenchNames.Set(set),
            }],
        });
        network.Network.Traced += line =>
        {
            if (BecamePrimary is { } listener && line.EndsWith(" state PRIMARY", StringComparison.Ordinal))
            {
                listener(line.Split(' ')[1], Stopwatch.GetTimestamp());
            }
        };
        return network;
    }

    // Short times until there is a primary where it belongs, then the times of rest.
    private async Task InitiateAsync(int set, string clusterUid, CancellationToken cancellationToken)
    {
        var config = BenchNames.Config(set, _options.Members, clusterUid);
        config["settings"] = new BsonDocument { { "heartbeatIntervalMillis", 500 }, { "electionTimeoutMillis", 1500 } };
        var first = BenchNames.Host(set, 0);
        await AskAsync(first, new BsonDocument("replSetInitiate", config), cancellationToken);
        var home = Enumerable.Range(0, (_options.Members + 1) / 2).Select(m => BenchNames.Host(set, m)).ToHashSet();
        string? primary;
        while ((primary = await PrimaryAsync(set, cancellationToken)) is null || !home.Contains(primary) || !await RestsAsync(set, primary, cancellationToken))
        {
            await Task.Delay(LookInterval, cancellationToken);
        }
    }

    private async Task<bool> RestsAsync(int set, string primary, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(primary, new BsonDocument { { "replSetGetConfig", 1 }, { "commitmentStatus", true } }, cancellationToken);
        if (reply["ok"].ToDouble() != 1 || !reply.GetValue("commitmentStatus", false).ToBoolean())
        {
            return false;
        }

        var status = await AskAsync(primary, new BsonDocument("replSetGetStatus", 1), cancellationToken);
        if (status["members"].AsBsonArray.Any(m => m["state"].ToInt32() is not (1 or 2)))
        {
            return false;
        }

        var config = reply["config"].AsBsonDocument;
        if (config["settings"]["heartbeatIntervalMillis"].ToInt32() == RestHeartbeatMillis)
        {
            return true;
        }

        config["version"] = config["version"].ToInt32() + 1;
        config["settings"]["heartbeatIntervalMillis"] = RestHeartbeatMillis;
        config["settings"]["electionTimeoutMillis"] = RestElectionTimeoutMillis;
        await AskAsync(primary, new BsonDocument("replSetReconfig", config), cancellationToken);
        // Committed it is within one heartbeat, and by the time the operator asks.
        return true;
    }
}
