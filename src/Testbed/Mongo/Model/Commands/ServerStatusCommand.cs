using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>serverStatus</c>: the sections that watchers of replica sets read. A section is left out when the command says 0.</summary>
internal static class ServerStatusCommand
{
    private static readonly string[] Elections = ["stepUpCmd", "priorityTakeover", "catchUpTakeover", "electionTimeout", "freezeTimeout"];

    public static void Run(CommandContext context)
    {
        var process = context.Process;
        var uptime = process.Elapsed - process.StartedAt;
        var reply = new BsonDocument
        {
            { "host", process.Host },
            { "version", process.Version.ToString() },
            { "process", "mongod" },
            { "pid", 1L },
            { "uptime", Math.Floor(uptime.TotalSeconds) },
            { "uptimeMillis", (long)uptime.TotalMilliseconds },
            { "uptimeEstimate", (long)uptime.TotalSeconds },
            { "localTime", process.Now },
        };
        AddSection(reply, context, "connections", () => new BsonDocument
        {
            { "current", 1 }, { "available", 15999 }, { "totalCreated", (int)context.Connection.ConnectionId }, { "active", 1 },
        });
        if (process.Topology.Config is not null)
        {
            AddSection(reply, context, "electionMetrics", () => ElectionMetrics(process));
        }

        if (process.Member.Options.ReplSetName is not null)
        {
            AddSection(reply, context, "oplogTruncation", () => OplogTruncation(process.Disk.Oplog));
            AddSection(reply, context, "repl", () => Repl(process));
        }

        AddSection(reply, context, "storageEngine", () => new BsonDocument { { "name", "wiredTiger" }, { "persistent", true } });
        context.Reply(reply);
    }

    private static void AddSection(BsonDocument reply, CommandContext context, string name, Func<BsonDocument> section)
    {
        if (!context.Command.Contains(name) || context.Command[name].ToBoolean())
        {
            reply.Add(name, section());
        }
    }

    /// <summary>The retention is told only where one is set (manual: serverStatus.oplogTruncation).</summary>
    private static BsonDocument OplogTruncation(Oplog oplog)
    {
        var section = new BsonDocument { { "totalTimeProcessingMicros", 247L }, { "processingMethod", "scanning" } };
        section.Add("oplogMinRetentionHours", oplog.MinRetention.TotalHours, oplog.MinRetention > TimeSpan.Zero);
        return section.Add("totalTimeTruncatingMicros", 0L).Add("truncateCount", (long)oplog.Truncations);
    }

    private static BsonDocument Repl(MemberProcess process) => HelloCommand.Roles(process, "isWritablePrimary")
        .Add("primaryOnlyServices", new BsonDocument())
        .Add("rbid", process.Disk.RollbackId);

    private static BsonDocument ElectionMetrics(MemberProcess process)
    {
        var metrics = new BsonDocument();
        foreach (var name in Elections)
        {
            var (called, successful) = process.Elections.Count(name);
            metrics.Add(name, new BsonDocument { { "called", called }, { "successful", successful } });
        }

        return metrics.Add("numStepDownsCausedByHigherTerm", process.StepDown.StepDownsForNewerTerm);
    }
}
