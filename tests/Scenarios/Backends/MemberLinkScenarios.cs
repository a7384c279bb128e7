using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Backends;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Scenarios.Backends;

/// <summary>Network faults between members that are processes, seen through the official driver.</summary>
[CancelAfter(300_000)]
[Category("Processes")]
public sealed class MemberLinkScenarios
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_primary_that_is_cut_off_steps_down_another_one_takes_over_and_after_the_mend_it_follows()
    {
        await using var set = await ProcessSet.StartAsync();
        await set.WriteAsync(1);
        var before = set.Primary;
        var others = set.Hosts.Where(host => host != before).ToList();

        set.Links.Partition([before], others);
        var after = "";
        await Eventually.Is(async () => (after = await set.WritableAsync(others) is [var one, ..] ? one : "") != "", "the other side elects a primary", Patience);
        await Eventually.Is(async () => !(await set.WritableAsync([before])).Any(), "who is cut off steps down", Patience);
        await set.WriteAsync(2, after);

        set.Links.Heal();
        await Eventually.Is(async () => await set.StateAsync(before, before) == ("SECONDARY", 1) && await set.CountAsync(before) == 2, "it follows the other one", Patience);
    }

    [Test]
    public async Task A_path_that_is_cut_one_way_makes_one_member_deaf_to_another_and_nobody_else()
    {
        await using var set = await ProcessSet.StartAsync();
        var (silent, third) = (set.Hosts.First(host => host != set.Primary), set.Hosts.Last(host => host != set.Primary));

        set.Links.Cut(silent, set.Primary);
        await Eventually.Is(async () => (await set.StateAsync(set.Primary, silent)).Health == 0, "the primary hears nothing of it", Patience);
        Assert.That((await set.StateAsync(third, silent)).Health, Is.EqualTo(1), "the third member does");
        await set.WriteAsync(1);

        set.Links.Mend(silent, set.Primary);
        await Eventually.Is(async () => await set.StateAsync(set.Primary, silent) == ("SECONDARY", 1), "it is heard again", Patience);
    }

    [Test]
    public async Task A_majority_write_takes_the_round_trip_of_the_paths_to_the_others()
    {
        await using var set = await ProcessSet.StartAsync();
        await set.WriteAsync(1);
        foreach (var host in set.Hosts.Where(host => host != set.Primary))
        {
            set.Links.SetLatency(set.Primary, host, TimeSpan.FromMilliseconds(150));
            set.Links.SetLatency(host, set.Primary, TimeSpan.FromMilliseconds(150));
        }

        var took = TimeSpan.Zero;
        for (var id = 2; id < 5; id++)
        {
            took = await set.WriteAsync(id);
        }

        Assert.That(took, Is.GreaterThan(TimeSpan.FromMilliseconds(290)), "there and back");
    }

    /// <summary>Three members as processes, one of them primary, with short timers.</summary>
    private sealed class ProcessSet : IAsyncDisposable
    {
        private readonly ServerPrograms _programs = new();
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modestano-links-");
        private readonly List<MongoClient> _clients = [];
        private MongodProcesses _members = null!;

        public string Primary { get; private set; } = "";

        public IReadOnlyList<string> Hosts => _members.Hosts;

        public MemberLinks Links => _members.Links;

        public static async Task<ProcessSet> StartAsync()
        {
            var set = new ProcessSet();
            try
            {
                await set.InitiateAsync();
            }
            catch
            {
                await set.DisposeAsync();
                throw;
            }

            return set;
        }

        private static MongoCredential Root => MongoCredential.CreateCredential("admin", "root", "for-the-scenario-only");

        public async Task<TimeSpan> WriteAsync(int id, string? primary = null)
        {
            var since = System.Diagnostics.Stopwatch.StartNew();
            await Items(primary ?? Primary).WithWriteConcern(WriteConcern.WMajority).InsertOneAsync(new BsonDocument("_id", id));
            return since.Elapsed;
        }

        /// <summary>How much a member has; null: it does not let itself be read, as it may have begun to roll back just now.</summary>
        public async Task<long?> CountAsync(string host)
        {
            try
            {
                return await Items(host).WithReadPreference(ReadPreference.SecondaryPreferred).CountDocumentsAsync(new BsonDocument());
            }
            catch (MongoException)
            {
                return null;
            }
        }

        /// <summary>Those of these members that say that they take writes; one whose answer is interrupted says nothing (the driver clears a pool when its monitor loses a member).</summary>
        public async Task<IReadOnlyList<string>> WritableAsync(IReadOnlyList<string> hosts)
        {
            var writable = new List<string>();
            foreach (var host in hosts)
            {
                if (await SaysThatItTakesWritesAsync(host))
                {
                    writable.Add(host);
                }
            }

            return writable;
        }

        private async Task<bool> SaysThatItTakesWritesAsync(string host)
        {
            try
            {
                return (await Admin(host).RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1))).GetValue("isWritablePrimary", false).ToBoolean();
            }
            catch (MongoConnectionException)
            {
                return false;
            }
        }

        /// <summary>A member as another one, or itself, sees it.</summary>
        public async Task<(string State, int Health)> StateAsync(string seenBy, string host)
        {
            var status = await Admin(seenBy).RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetStatus", 1));
            var member = status["members"].AsBsonArray.Single(m => m["name"] == host);
            return (member["stateStr"].AsString, (int)member["health"].ToDouble());
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var client in _clients)
            {
                ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
            }

            if (_members is not null)
            {
                await _members.DisposeAsync();
            }

            _programs.Dispose();
            _folder.Delete(recursive: true);
        }

        private async Task InitiateAsync()
        {
            _members = await MongodProcesses.StartAsync(_programs.Choose(null).Mongod!, _folder.FullName, 3, tls: false, CancellationToken.None);
            var config = new BsonDocument
            {
                { "_id", SampleNames.ReplicaSet },
                { "members", new BsonArray(Hosts.Select((host, id) => new BsonDocument { { "_id", id }, { "host", host } })) },
                { "settings", new BsonDocument { { "electionTimeoutMillis", 3000 }, { "heartbeatIntervalMillis", 500 }, { "heartbeatTimeoutSecs", 3 } } },
            };
            await _members.InitiateAsync(config, Root, [], CancellationToken.None);
            Primary = await _members.PrimaryAsync(Hosts, CancellationToken.None);
            foreach (var host in Hosts)
            {
                await Eventually.Is(
                    async () => (await StateAsync(Primary, host)).State is "SECONDARY" or "PRIMARY" && await CanLogInAsync(host), $"{host} follows, with the users", Patience);
            }
        }

        private async Task<bool> CanLogInAsync(string host)
        {
            try
            {
                await Admin(host).RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
                return true;
            }
            catch (MongoAuthenticationException)
            {
                return false;
            }
        }

        private IMongoDatabase Admin(string host) => Client(host).GetDatabase("admin");

        private IMongoCollection<BsonDocument> Items(string host) => Client(host).GetDatabase("shop").GetCollection<BsonDocument>("items");

        private MongoClient Client(string host)
        {
            if (_clients.Find(client => client.Settings.Server.ToString() == host) is { } known)
            {
                return known;
            }

            var settings = _members.ClientSettings(null, host);
            settings.Credential = Root;
            var client = new MongoClient(settings);
            _clients.Add(client);
            return client;
        }
    }
}
