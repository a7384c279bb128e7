using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>A command that changes a replica set, as a client sent it.</summary>
/// <param name="Time">When it was answered.</param>
/// <param name="Host">The member that it was sent to.</param>
/// <param name="Name">Its name, as <c>replSetReconfig</c>.</param>
/// <param name="Command">The whole command.</param>
/// <param name="Succeeded">It was answered with <c>ok: 1</c>.</param>
/// <param name="Code">The error's code; 0: none.</param>
public sealed record AdminCommand(DateTimeOffset Time, string Host, string Name, BsonDocument Command, bool Succeeded, int Code)
{
    private const int MaxTimeMSExpired = 50;

    /// <summary>When it came in.</summary>
    public DateTimeOffset ReceivedAt { get; init; } = Time;

    /// <summary>It changed the set: a reconfig whose time ran out after it was installed did, although its answer is an error.</summary>
    public bool TookEffect => Succeeded || (Name == "replSetReconfig" && Code == MaxTimeMSExpired);
}

/// <summary>Keeps the commands that change a replica set. Thread-safe.</summary>
internal sealed class AdminCommandLog(TimeProvider time)
{
    private static readonly HashSet<string> Kept = ["replSetInitiate", "replSetReconfig", "replSetStepDown", "replSetStepUp", "replSetFreeze", "setDefaultRWConcern"];
    private readonly Lock _gate = new();
    private readonly List<AdminCommand> _commands = [];

    public IReadOnlyList<AdminCommand> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _commands];
            }
        }
    }

    /// <summary>Whether the command changes a replica set.</summary>
    public static bool Keeps(BsonDocument command) => Kept.Contains(command.GetElement(0).Name);

    /// <summary>The log's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    public void Add(string host, BsonDocument command, BsonDocument reply, DateTimeOffset receivedAt)
    {
        lock (_gate)
        {
            _commands.Add(new AdminCommand(Now, host, command.GetElement(0).Name, command, reply.GetValue("ok", 0).ToDouble() == 1, reply.GetValue("code", 0).ToInt32())
            {
                ReceivedAt = receivedAt,
            });
        }
    }
}
