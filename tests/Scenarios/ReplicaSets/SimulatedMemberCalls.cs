using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Hands the gateway's commands to simulated members without a socket, in the world's virtual time.</summary>
internal sealed class SimulatedMemberCalls(SimulatedReplicaSetNetwork network) : IMemberCalls
{
    private static readonly ClientConnectionInfo Client = new(1, HelloOk: true);

    /// <summary>Hosts that the operator does not reach, although the members reach each other.</summary>
    public HashSet<string> CutOff { get; } = [];

    /// <summary>Names that lead the operator elsewhere, although the members reach each other by them.</summary>
    public Dictionary<string, string> LeadsTo { get; } = [];

    /// <summary>Answers that are lost: the command is carried out, the operator hears nothing. By command name, used once each.</summary>
    public HashSet<string> LoseAnswerTo { get; } = [];

    /// <summary>Commands that never arrive, and the operator hears nothing. By command name, used once each.</summary>
    public HashSet<string> LoseOnTheWay { get; } = [];

    /// <summary>Members with authorization on and no users until they have copied them from a set: they answer hello, and 13 to everything else.</summary>
    public HashSet<string> WithoutUsers { get; } = [];

    /// <summary>Members on which the operator has no user any more: they answer hello, and 13 to everything else.</summary>
    public HashSet<string> DroppedUser { get; } = [];

    /// <summary>Whether commands need a login. Every member has the operator's user, but an arbiter, which has no data: it answers what needs no login, and 13 to the rest.</summary>
    public bool Authorization { get; set; }

    /// <summary>Somebody else is quicker: called once, before the next command of that name arrives.</summary>
    public Dictionary<string, Action> Before { get; } = [];

    /// <summary>Every replSetReconfig and replSetStepDown that was sent.</summary>
    public List<BsonDocument> Sent { get; } = [];

    /// <summary>A command was carried out, whether or not its answer arrives.</summary>
    public event Action<BsonDocument>? CarriedOut;

    public async Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target,
        string host,
        string database,
        BsonDocument command,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        var name = command.GetElement(0).Name;
        if (name is "replSetReconfig" or "replSetStepDown" or "replSetInitiate")
        {
            Sent.Add(command);
        }

        var start = network.Loop.Elapsed;
        if (CutOff.Contains(host) || network.Find(LeadsTo.GetValueOrDefault(host, host)) is not { } member)
        {
            throw Failed(MongoFailureKind.Unreachable, "no route");
        }

        using var limited = new CancellationTokenSource(deadline, network.Loop.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
        try
        {
            if (LoseOnTheWay.Remove(name))
            {
                throw Failed(MongoFailureKind.Unreachable, "connection lost");
            }

            if (WithoutUsers.Contains(host) && name is not ("hello" or "isMaster"))
            {
                var state = network.Describe().Single(m => m.Host == host).State;
                if (state is not ("SECONDARY" or "PRIMARY"))
                {
                    throw new MongoCallException(host, name, FailureClassifier.FromCommand(13, "Unauthorized", $"command {name} requires authentication"));
                }
            }

            if ((DroppedUser.Contains(host) || (Authorization && member.UserData is null)) && member.IsRunning && !RequiredPrivileges.IsForEverybody(name))
            {
                throw new MongoCallException(host, name, FailureClassifier.FromCommand(13, "Unauthorized", $"command {name} requires authentication"));
            }

            if (Before.Remove(name, out var quicker))
            {
                quicker();
            }

            var reply = await member.ExecuteAsync(new BsonDocument(command) { { "$db", database } }, Client, both.Token);
            if (reply["ok"].ToDouble() == 1)
            {
                CarriedOut?.Invoke(command);
            }

            if (LoseAnswerTo.Remove(name))
            {
                throw Failed(MongoFailureKind.Unreachable, "connection lost");
            }

            return reply["ok"].ToDouble() == 1
                ? (reply, network.Loop.Elapsed - start)
                : throw new MongoCallException(host, name, FailureClassifier.FromCommand(reply["code"].ToInt32(), reply["codeName"].AsString, reply["errmsg"].AsString));
        }
        catch (MemberUnreachableException e)
        {
            throw Failed(MongoFailureKind.Unreachable, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(MongoFailureKind.TimedOut, "no answer before the deadline");
        }

        MongoCallException Failed(MongoFailureKind kind, string message) => new(host, name, new MongoFailure(kind, 0, "", message));
    }

    public void Begin(ObjectKey set)
    {
    }

    public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => null;

    public void Rest(ObjectKey set, string? host)
    {
    }

    public void Forget(ObjectKey set)
    {
    }
}
