using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>The hosts of the recordings, played by the model of the same release under virtual time.</summary>
internal sealed class RecordedWorld
{
    private static readonly ClientConnectionInfo Client = new(2);

    private readonly Dictionary<string, Outcome> outcomes = new(StringComparer.Ordinal);

    private readonly ServerVersion version;

    public RecordedWorld(int seed = 1, ServerVersion? version = null)
    {
        this.version = version ?? ServerVersion.Mongo49;
        Network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(seed));
        Network.Traced += Trace.Add;
        Network.Faults.LocalRoundTrip = TimeSpan.FromMilliseconds(0.2);
    }

    /// <summary>What the model answered, and how long it took.</summary>
    internal sealed record Outcome(BsonDocument Reply, TimeSpan Elapsed);

    public SimulatedReplicaSetNetwork Network { get; }

    public List<string> Trace { get; } = [];

    public IReadOnlyDictionary<string, Outcome> Outcomes => outcomes;

    public static string Host(int port) => $"127.0.0.1:{port}";

    public SimulatedMember this[int port] => Network.Find(Host(port))!;

    public void Add(params int[] ports)
    {
        foreach (var port in ports)
        {
            Add(port, "rs0");
        }
    }

    public void Add(int port, string? replSetName) =>
        Network.AddMember(new MemberOptions
        {
            Host = Host(port),
            ReplSetName = replSetName,
            Version = version,
            OplogSizeBytes = 67108864,
        });

    /// <summary>Makes a set of the given ports as voters; the first has priority 2.</summary>
    public void Initiate(IReadOnlyList<int> ports, BsonDocument? settings = null, double firstPriority = 2)
    {
        var config = new BsonDocument
        {
            { "_id", "rs0" },
            {
                "members", new BsonArray(ports.Select((port, index) => new BsonDocument
                {
                    { "_id", index }, { "host", Host(port) }, { "priority", index == 0 ? firstPriority : 1.0 },
                }))
            },
        };
        if (settings is not null)
        {
            config.Add("settings", settings);
        }

        Ok(ports[0], new BsonDocument("replSetInitiate", config));
        Until(() => ports.All(port => Describe(port).State is "PRIMARY" or "SECONDARY"));
        if (ports.Count > 1 && firstPriority > 1)
        {
            Until(() => Describe(ports[0]).IsWritablePrimary);
        }

        Until(() => ports.Any(port =>
            Describe(port) is { IsWritablePrimary: true, ConfigCommitted: true } primary && primary.CommitPoint == primary.LastApplied));
        Run(3);
    }

    public MemberDescription Describe(int port) => Network.Describe().Single(member => member.Host == Host(port));

    public int? PrimaryPort() => Network.Describe().Where(member => member.IsWritablePrimary).MaxBy(member => member.Term) is { } primary
        ? int.Parse(primary.Host.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary>Sends the recorded command, with the id of this run's set in place of the recorded one, and keeps the outcome.</summary>
    public BsonDocument Play(Recording recording, int? port = null)
    {
        var outcome = Await(Start(port ?? recording.Port, WithOurId(recording)));
        outcomes[recording.Name] = outcome;
        return outcome.Reply;
    }

    /// <summary>Plays several commands that were sent at the same moment.</summary>
    public void PlayTogether(params Recording[] recordings)
    {
        var started = recordings.Select(recording => Start(recording.Port, WithOurId(recording))).ToArray();
        for (var i = 0; i < recordings.Length; i++)
        {
            outcomes[recordings[i].Name] = Await(started[i]);
        }
    }

    public Task<Outcome> Start(int port, BsonDocument command)
    {
        var start = Network.Loop.Elapsed;
        return Measure();

        async Task<Outcome> Measure()
        {
            var reply = await this[port].ExecuteAsync(command, Client, CancellationToken.None);
            return new Outcome(reply, Network.Loop.Elapsed - start);
        }
    }

    public void Keep(Recording recording, Task<Outcome> started) => outcomes[recording.Name] = Await(started);

    public Outcome Await(Task<Outcome> started) => Network.Loop.Await(started, TimeSpan.FromMinutes(5));

    public BsonDocument Send(int port, BsonDocument command) => Await(Start(port, command)).Reply;

    public BsonDocument Send(int port, string command) => Send(port, BsonDocument.Parse(command));

    public BsonDocument Ok(int port, BsonDocument command)
    {
        var reply = Send(port, command);
        Assert.That(reply["ok"].ToDouble(), Is.EqualTo(1), () => $"{command}: {reply}\n{string.Join('\n', Trace.TakeLast(40))}");
        return reply;
    }

    public BsonDocument Ok(int port, string command) => Ok(port, BsonDocument.Parse(command));

    /// <summary>Changes the config as it is and raises its version, or sets the version asked for.</summary>
    public BsonDocument Reconfig(int port, Action<BsonDocument> change, int? version = null)
    {
        var config = Ok(port, "{replSetGetConfig: 1}")["config"].AsBsonDocument;
        config["version"] = version ?? config["version"].AsInt32 + 1;
        change(config);
        return Ok(port, new BsonDocument("replSetReconfig", config));
    }

    public void Run(double seconds) => Network.RunFor(TimeSpan.FromSeconds(seconds));

    public void Until(Func<bool> condition, double seconds = 120) => Assert.That(
        Network.RunUntil(condition, TimeSpan.FromSeconds(seconds)), Is.True, () => string.Join('\n', Trace.TakeLast(60)));

    private BsonDocument WithOurId(Recording recording)
    {
        var command = recording.Command.DeepClone().AsBsonDocument;
        // An id that the recording changed on purpose stays as it is.
        if (command[0] is BsonDocument config && config.Contains("settings") && config["settings"].AsBsonDocument.Contains("replicaSetId")
            && !recording.Name.Contains("replicasetid-changed", StringComparison.Ordinal))
        {
            var reply = Send(recording.Port, "{replSetGetConfig: 1}");
            if (reply.Contains("config"))
            {
                config["settings"]["replicaSetId"] = reply["config"]["settings"]["replicaSetId"];
            }
        }

        return command;
    }
}
