using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>One command while it is carried out; it ends with exactly one <see cref="Reply"/> or <see cref="Fail(CommandException)"/>.</summary>
internal sealed class CommandContext(MemberProcess process, ClientCall call)
{
    public MemberProcess Process => process;

    public BsonDocument Command => call.Command;

    public ClientConnectionInfo Connection => call.Connection;

    public string Name => call.Name;

    /// <summary>The command's own value: the collection of a find, the seconds of a step-down.</summary>
    public BsonValue Argument => Command[0];

    public string Database => Command.GetValue("$db", "admin").AsString;

    /// <summary><c>maxTimeMS</c>, or null.</summary>
    public TimeSpan? MaxTime => Command.GetValue("maxTimeMS", 0) is { IsNumeric: true } limit && limit.ToInt64() > 0
        ? TimeSpan.FromMilliseconds(limit.ToInt64())
        : null;

    public bool Flag(string field) => Command.Contains(field) && Command[field].ToBoolean();

    /// <summary>Answers; <c>ok: 1</c> is added where the document has no <c>ok</c>.</summary>
    public void Reply(BsonDocument document)
    {
        if (!document.Contains("ok"))
        {
            document.Add("ok", 1.0);
        }

        call.Answer(WithTimes(document));
    }

    public void Fail(CommandException error) => call.Answer(WithTimes(ErrorReply.Of(error, this)));

    /// <summary>Answers a call that may fail: null for success.</summary>
    public void End(CommandException? error)
    {
        if (error is null)
        {
            Reply([]);
        }
        else
        {
            Fail(error);
        }
    }

    /// <summary>Runs the rest of a command that had to wait: its errors become error replies.</summary>
    public void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (CommandException error)
        {
            Fail(error);
        }
        catch (CommandFailedException failure)
        {
            Reply(failure.ToReply());
        }
    }

    private BsonDocument WithTimes(BsonDocument reply)
    {
        if (process.Member.Options.ReplSetName is null || process.Topology.Self is { ArbiterOnly: true })
        {
            return reply;
        }

        var last = process.Disk.Oplog.Last.Timestamp;
        reply.Add("$clusterTime", new BsonDocument
        {
            { "clusterTime", last },
            { "signature", new BsonDocument { { "hash", new BsonBinaryData(new byte[20]) }, { "keyId", 0L } } },
        });
        return reply.Add("operationTime", last);
    }
}
