using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

/// <summary>A set in which everything goes well at once, behind the gateway's port; it answers with documents shaped as a server's.</summary>
internal sealed class FakeReplicaSet(TimeProvider time) : IReplicaSetGateway
{
    private static readonly ObjectId Id = ObjectId.Parse("6b043562011e4f57301d0632");

    public BsonDocument? Config { get; private set; }

    public string? Primary { get; set; }

    public long Term { get; private set; } = 1;

    public HashSet<string> Down { get; } = [];

    public List<Step> Steps { get; } = [];

    public List<string> Rested { get; } = [];

    /// <summary>What the next step gets instead of success; it is not carried out.</summary>
    public Queue<StepResult> Refusals { get; } = new();

    public IEnumerable<string> Hosts => Config?["members"].AsBsonArray.Select(m => m["host"].AsString) ?? [];

    public void Initiate(params string[] hosts)
    {
        Config = new BsonDocument
        {
            { "_id", "rs0" },
            { "version", 1 },
            { "term", 1L },
            { "members", new BsonArray(hosts.Select((h, i) => new BsonDocument { { "_id", i }, { "host", h }, { "votes", 1 }, { "priority", 1.0 }, { "futureField", "kept" } })) },
            { "settings", new BsonDocument("replicaSetId", Id) },
        };
        Primary = hosts[0];
    }

    /// <summary>Tags every member, as another owner would have.</summary>
    public void Tag(string name, string value)
    {
        foreach (var member in Config!["members"].AsBsonArray)
        {
            member["tags"] = new BsonDocument(name, value);
        }
    }

    public void Elect(string host)
    {
        Primary = host;
        Term++;
        Config!["term"] = Term;
    }

    public int Votes(string region) => Config!["members"].AsBsonArray.Count(m => m["votes"] == 1 && m["host"].AsString.Contains(region, StringComparison.Ordinal));

    /// <summary>How many members were asked in each pass.</summary>
    public List<int> Asked { get; } = [];

    /// <summary>How far each of these passes reached.</summary>
    public List<ObservationReach> Reaches { get; } = [];

    public Task<IReadOnlyList<MemberReplies>> ObserveAsync(ReplicaSetTarget target, IReadOnlyCollection<string> hosts, ObservationReach reach, CancellationToken cancellationToken)
    {
        List<string> asked = [.. reach == ObservationReach.AllMembers ? hosts.Union(Hosts) : hosts];
        Asked.Add(asked.Count);
        Reaches.Add(reach);
        return Task.FromResult<IReadOnlyList<MemberReplies>>([.. asked.Select(Answer)]);
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyList<ConnectedApplication>?>> ApplicationsAsync(ReplicaSetTarget target, IReadOnlyCollection<string> hosts, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<ConnectedApplication>?>>(hosts.ToDictionary(h => h, _ => (IReadOnlyList<ConnectedApplication>?)[]));

    /// <summary>A set without users.</summary>
    public Task<IReadOnlyList<string>?> RolesAsync(ReplicaSetTarget target, string primary, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>?>(null);

    public Task<StepResult> ExecuteAsync(ReplicaSetTarget target, Step step, string? primary, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Steps.Add(step);
        if (Refusals.TryDequeue(out var refusal))
        {
            return Task.FromResult(refusal);
        }

        switch (step)
        {
            case Reconfig reconfig:
                Config = ConfigEditor.Apply(Config!, reconfig);
                Config["term"] = Term;
                break;
            case StepDown stepDown:
                Elect(stepDown.Successors[0]);
                break;
            default:
                throw new NotSupportedException(step.Kind);
        }

        return Task.FromResult(StepResult.Succeeded);
    }

    public Task<string?> AwaitPrimaryAsync(ReplicaSetTarget target, IReadOnlyCollection<string> candidates, TimeSpan atMost, CancellationToken cancellationToken) =>
        Task.FromResult(Primary);

    public void Rest(ObjectKey set, string? host) => Rested.Add(host ?? "");

    public void Forget(ObjectKey set) => Rested.Clear();

    private MemberReplies Answer(string host)
    {
        var now = time.GetUtcNow();
        if (Down.Contains(host))
        {
            return new MemberReplies { Host = host, At = now, Connection = new MongoFailure(MongoFailureKind.Unreachable, 0, "", "connection refused") };
        }

        var isPrimary = host == Primary;
        var hello = new BsonDocument { { "isWritablePrimary", isPrimary }, { "setName", "rs0" }, { "localTime", new BsonDateTime(now.UtcDateTime) } };
        if (!Hosts.Contains(host))
        {
            return new MemberReplies
            {
                Host = host,
                At = now,
                Hello = new CommandReply(new BsonDocument { { "isWritablePrimary", false }, { "isreplicaset", true } }, null),
                Status = new CommandReply(null, new MongoFailure(MongoFailureKind.CommandFailed, 94, "NotYetInitialized", "no replset config has been received")),
            };
        }

        hello.Add("primary", Primary, Primary is not null);
        return new MemberReplies
        {
            Host = host,
            At = now,
            HelloAt = now,
            Hello = new CommandReply(hello, null),
            Status = new CommandReply(Status(host), null),
            Config = new CommandReply(new BsonDocument { { "config", Config! }, { "commitmentStatus", true } }, null),
            OplogFirst = Oplog(now.AddDays(-3)),
            OplogLast = Oplog(now),
        };
    }

    private BsonDocument Status(string host) => new()
    {
        { "set", "rs0" },
        { "myState", host == Primary ? 1 : 2 },
        { "term", Term },
        {
            "electionCandidateMetrics",
            new BsonDocument { { "electionTerm", Term }, { "newTermStartDate", new BsonDateTime(1_000_000) }, { "wMajorityWriteAvailabilityDate", new BsonDateTime(1_000_990) } }
        },
        { "optimes", new BsonDocument("lastAppliedWallTime", new BsonDateTime(time.GetUtcNow().UtcDateTime)) },
        {
            "members",
            new BsonArray(Hosts.Select(h => new BsonDocument
            {
                { "name", h }, { "health", Down.Contains(h) ? 0.0 : 1.0 }, { "state", Down.Contains(h) ? 8 : h == Primary ? 1 : 2 }, { "self", h == host }, { "configVersion", Config!["version"] }, { "configTerm", Term },
            }))
        },
    };

    private static CommandReply Oplog(DateTimeOffset at) =>
        new(new BsonDocument("cursor", new BsonDocument("firstBatch", new BsonArray { new BsonDocument("ts", new BsonTimestamp((int)at.ToUnixTimeSeconds(), 1)) })), null);
}
