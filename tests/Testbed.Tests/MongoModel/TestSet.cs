using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>A small world under virtual time: members a, b, c … of one set.</summary>
internal sealed class TestSet
{
    private static readonly ClientConnectionInfo Client = new(2);

    public TestSet(int seed = 1, ServerVersion? version = null)
    {
        Version = version ?? ServerVersion.Mongo70;
        Network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(seed));
        Network.Traced += Trace.Add;
    }

    public ServerVersion Version { get; }

    public SimulatedReplicaSetNetwork Network { get; }

    public List<string> Trace { get; } = [];

    public TimeSpan Now => Network.Loop.Elapsed;

    public static string Host(int number) => $"127.0.1.{number}:27017";

    /// <summary>Starts members 1 to <paramref name="count"/>, makes them a set of voters and waits until it is at rest.</summary>
    public static TestSet Of(int count, int seed = 1, ServerVersion? version = null, BsonDocument? settings = null)
    {
        var set = new TestSet(seed, version);
        for (var number = 1; number <= count; number++)
        {
            set.Add(number);
        }

        var config = new BsonDocument
        {
            { "_id", "rs0" },
            { "members", new BsonArray(Enumerable.Range(1, count).Select(number => Member(number, priority: number == 1 ? 2 : 1))) },
        };
        if (settings is not null)
        {
            config.Add("settings", settings);
        }

        set.Ok(1, new BsonDocument("replSetInitiate", config));
        set.Until(() => set.Described(1).IsWritablePrimary && set.All().All(member => member.State is "PRIMARY" or "SECONDARY"), 60);
        set.Run(5);
        return set;
    }

    public static BsonDocument Member(int number, double priority = 1, int votes = 1) => new()
    {
        { "_id", number }, { "host", Host(number) }, { "priority", priority }, { "votes", votes },
    };

    public SimulatedMember Add(int number, string region = "local", string? replSetName = "rs0", string? keyFile = null, ServerVersion? version = null, string? clusterRole = null) =>
        Network.AddMember(new MemberOptions
        {
            Host = Host(number),
            Region = region,
            ReplSetName = replSetName,
            Version = version ?? Version,
            KeyFile = keyFile,
            ClusterRole = clusterRole,
        });

    public SimulatedMember this[int number] => Network.Find(Host(number))!;

    public Task<BsonDocument> Start(int number, BsonDocument command) => this[number].ExecuteAsync(command, Client, CancellationToken.None);

    public BsonDocument Send(int number, BsonDocument command) => Network.Loop.Await(Start(number, command), TimeSpan.FromMinutes(5));

    public BsonDocument Ok(int number, BsonDocument command)
    {
        var reply = Send(number, command);
        Assert.That(reply["ok"].ToDouble(), Is.EqualTo(1), () => $"{command} at {number}: {reply}");
        return reply;
    }

    public BsonDocument Send(int number, string command) => Send(number, BsonDocument.Parse(command));

    public BsonDocument Ok(int number, string command) => Ok(number, BsonDocument.Parse(command));

    public BsonDocument Insert(int number, int id, string writeConcern = "{w: 'majority'}") =>
        Send(number, new BsonDocument
        {
            { "insert", "x" },
            { "documents", new BsonArray { new BsonDocument("_id", id) } },
            { "writeConcern", BsonDocument.Parse(writeConcern) },
            { "$db", "test" },
        });

    public BsonDocument Config(int number) => Ok(number, "{replSetGetConfig: 1}")["config"].AsBsonDocument;

    /// <summary>Changes the config of the primary and raises its version.</summary>
    public BsonDocument Reconfig(int primary, Action<BsonDocument> change, BsonDocument? with = null)
    {
        var config = Config(primary);
        config["version"] = config["version"].AsInt32 + 1;
        change(config);
        return Send(primary, new BsonDocument("replSetReconfig", config).AddRange(with ?? []));
    }

    /// <summary>Adds a member to the config, hidden and without a vote unless told otherwise.</summary>
    public BsonDocument Join(int number, BsonDocument? with = null) => Reconfig(1, config => config["members"].AsBsonArray.Add(
        new BsonDocument { { "_id", number }, { "host", Host(number) } }.AddRange(with ?? new BsonDocument { { "votes", 0 }, { "priority", 0 }, { "hidden", true } })));

    public IReadOnlyList<MemberDescription> All() => Network.Describe();

    public MemberDescription Described(int number) => All().Single(member => member.Host == Host(number));

    public int? PrimaryNumber()
    {
        var primary = All().Where(member => member.IsWritablePrimary).MaxBy(member => member.Term);
        return primary is null ? null : int.Parse(primary.Host.Split('.', ':')[3], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Run(double seconds) => Network.RunFor(TimeSpan.FromSeconds(seconds));

    public TimeSpan Until(Func<bool> condition, double limitSeconds)
    {
        var start = Now;
        var holds = Network.RunUntil(condition, TimeSpan.FromSeconds(limitSeconds));
        Assert.That(holds, Is.True, () => $"not within {limitSeconds} s; the last steps:\n{string.Join('\n', Trace.TakeLast(60))}");
        return Now - start;
    }
}
