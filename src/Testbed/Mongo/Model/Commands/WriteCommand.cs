using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A command that changes data: once per (session, txnNumber), logged, and answered when its write concern is met.</summary>
internal static class WriteCommand
{
    /// <summary>Commands whose reply carries <c>opTime</c> and <c>electionId</c>.</summary>
    private static readonly HashSet<string> WithOpTime = ["insert", "update", "delete"];

    public static void Run(CommandContext context)
    {
        var process = context.Process;
        if (process.Member.Options.ReplSetName is null)
        {
            RunOnStandalone(context);
            return;
        }

        RefuseUnlessWritable(context);
        var concern = WriteConcern.Of(context.Command, process);
        if (context.Command.Contains("startTransaction") || context.Command.GetValue("autocommit", true) == false)
        {
            throw new CommandException(ErrorCode.CommandNotSupported, "Multi-document transactions are not supported by this member");
        }

        if (Repeated(context) is { } earlier)
        {
            Wait(context, concern, earlier.Time, earlier.Write.Reply.DeepClone().AsBsonDocument);
            return;
        }

        var plan = process.Store.PlanWrite(context.Command);
        if (plan.Operations.Count == 0)
        {
            Wait(context, concern, process.Applier.LastApplied, plan.Reply);
            return;
        }

        if (context.Name == "createIndexes" && process.Store.DocumentsOf($"{context.Database}.{context.Argument}").Any())
        {
            process.IndexBuilds.Start(context.Command, ended => context.Guard(() =>
            {
                // The collection may have changed meanwhile.
                var built = ended is null ? process.Store.PlanWrite(context.Command) : throw ended;
                built.Reply.Set("commitQuorum", context.Command.GetValue("commitQuorum", CommitQuorum.VotingMembers));
                Wait(context, concern, process.Writer.Write(built.Operations, null), built.Reply);
            }));
            return;
        }

        var retryable = context.Command.Contains("txnNumber")
            ? new RetryableWrite(
                context.Command["lsid"].AsBsonDocument.DeepClone().AsBsonDocument,
                context.Command["txnNumber"].ToInt64(),
                plan.Reply.DeepClone().AsBsonDocument)
            : null;
        var time = process.Writer.Write(plan.Operations, retryable);
        Wait(context, concern, time, plan.Reply);
    }

    /// <summary>A standalone has no oplog and nobody to wait for.</summary>
    private static void RunOnStandalone(CommandContext context)
    {
        var store = context.Process.Store;
        var plan = store.PlanWrite(context.Command);
        foreach (var operation in plan.Operations)
        {
            store.Apply(operation);
        }

        context.Reply(plan.Reply);
    }

    private static void RefuseUnlessWritable(CommandContext context)
    {
        if (!context.Process.Topology.IsWritablePrimary)
        {
            throw new CommandException(ErrorCode.NotWritablePrimary, context.Connection.HelloOk ? "not primary" : "not master");
        }
    }

    private static (RetryableWrite Write, OpTime Time)? Repeated(CommandContext context) =>
        context.Command.Contains("txnNumber") && context.Command.GetValue("lsid", null) is BsonDocument session
            ? context.Process.Disk.Data.Sessions.Find(session, context.Command["txnNumber"].ToInt64())
            : null;

    private static void Wait(CommandContext context, WriteConcern concern, OpTime time, BsonDocument reply)
    {
        var process = context.Process;
        var electionId = process.StepUp.ElectionId;
        process.WriteConcerns.Wait(time, concern, context.MaxTime, error =>
        {
            if (WithOpTime.Contains(context.Name))
            {
                reply.Add("opTime", time.ToBson()).Add("electionId", electionId);
            }

            reply.Add("ok", 1.0);
            if (error is not null)
            {
                reply.Add("writeConcernError", error);
                if (context.Command.Contains("txnNumber") && ErrorReply.IsRetryable(error["code"].AsInt32))
                {
                    reply.Add("errorLabels", new BsonArray { ErrorReply.RetryableWriteError });
                }

                reply.Add("topologyVersion", process.Topology.Version, ErrorReply.IsStateChange(error["code"].AsInt32));
            }

            context.Reply(reply);
        });
    }
}
