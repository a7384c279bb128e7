using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A command that reads: where the state and the read preference allow it, of the newest or of the majority-committed data.</summary>
internal static class ReadCommand
{
    public static void Run(CommandContext context)
    {
        RefuseUnlessReadable(context);
        if (Level(context) == "linearizable")
        {
            ReadLinearizably(context);
            return;
        }

        var wanted = AfterClusterTime(context);
        if (wanted is null || context.Process.Applier.LastApplied.Timestamp >= wanted)
        {
            context.Reply(Read(context));
            return;
        }

        var isAnswered = false;
        context.Process.Applier.Applied += Look;
        if (context.MaxTime is { } limit)
        {
            var expired = new CommandException(ErrorCode.MaxTimeMSExpired, "operation exceeded time limit");
            context.Process.After(limit, () => End(() => context.Fail(expired)));
        }

        void Look()
        {
            if (context.Process.Applier.LastApplied.Timestamp >= wanted)
            {
                End(() => context.Reply(Read(context)));
            }
        }

        void End(Action answer)
        {
            if (!isAnswered)
            {
                isAnswered = true;
                context.Process.Applier.Applied -= Look;
                context.Guard(answer);
            }
        }
    }

    private static BsonDocument Read(CommandContext context)
    {
        var store = context.Process.Store;
        if (context.Name == "aggregate" && IsCurrentOp(context.Command))
        {
            return CurrentOp(context);
        }

        if (context.Name == "dbStats")
        {
            return VolumeFields.AddTo(store.Read(context.Command), context);
        }

        if (context.Database == "local")
        {
            return LocalDatabase.Read(context);
        }

        return IsMajorityRead(context)
            ? store.Read(context.Command, asOf: context.Process.Disk.Data.Committed)
            : store.Read(context.Command);
    }

    /// <summary>A linearizable read answers when a majority has a no-op written after it: nobody else leads.</summary>
    private static void ReadLinearizably(CommandContext context)
    {
        var process = context.Process;
        if (!process.Topology.IsWritablePrimary)
        {
            throw new CommandException(ErrorCode.NotWritablePrimary, "cannot satisfy linearizable read concern on non-primary node");
        }

        var reply = Read(context);
        var time = process.Writer.WriteNoOp(new BsonDocument("msg", "linearizable read"));
        process.WriteConcerns.Wait(time, WriteConcern.Internal, context.MaxTime, error =>
        {
            if (error is null)
            {
                context.Reply(reply);
            }
            else
            {
                context.Fail(new CommandException((ErrorCode)error["code"].AsInt32, error["errmsg"].AsString));
            }
        });
    }

    private static string Level(CommandContext context) =>
        context.Command.GetValue("readConcern", null) is BsonDocument concern && concern.GetValue("level", "") is BsonString level
            ? level.Value
            : "";

    private static bool IsMajorityRead(CommandContext context) =>
        Level(context) == "majority"
        && context.Argument.IsString && context.Name is "find" or "aggregate" or "count" or "distinct";

    private static bool IsCurrentOp(BsonDocument command) =>
        command.GetValue("pipeline", null) is BsonArray { Count: > 0 } pipeline
        && pipeline[0] is BsonDocument stage && stage.Contains("$currentOp");

    /// <summary>What goes on, through the stages that follow <c>$currentOp</c>.</summary>
    private static BsonDocument CurrentOp(CommandContext context)
    {
        var command = context.Command.DeepClone().AsBsonDocument;
        var stages = command["pipeline"].AsBsonArray;
        var operations = CurrentOperations.Of(context, stages[0]["$currentOp"].AsBsonDocument);
        stages.RemoveAt(0);
        return context.Process.Store.Read(command, operations);
    }

    private static BsonTimestamp? AfterClusterTime(CommandContext context) =>
        context.Command.GetValue("readConcern", null) is BsonDocument concern && concern.GetValue("afterClusterTime", null) is BsonTimestamp time
            ? time
            : null;

    private static void RefuseUnlessReadable(CommandContext context)
    {
        var process = context.Process;
        if (process.Member.Options.ReplSetName is null || context.Name is "getMore" or "killCursors" || IsCurrentOp(context.Command))
        {
            return;
        }

        if (context.Database == "local")
        {
            LocalDatabase.RefuseUnlessReadable(context);
            return;
        }

        if (process.Topology.IsWritablePrimary)
        {
            return;
        }

        // dbStats asks for no read preference, but for a state that can be read (manual: dbStats).
        if (context.Name != "dbStats" && !AllowsSecondary(context.Command))
        {
            throw new CommandException(
                ErrorCode.NotPrimaryNoSecondaryOk,
                context.Connection.HelloOk ? "not primary and secondaryOk=false" : "not master and slaveOk=false");
        }

        var state = process.Topology.State;
        if (state == MemberState.Recovering)
        {
            throw new CommandException(ErrorCode.NotPrimaryOrSecondary, "node is recovering");
        }

        if (!state.IsReadable())
        {
            throw new CommandException(ErrorCode.NotPrimaryOrSecondary, "node is not in primary or recovering state");
        }
    }

    private static bool AllowsSecondary(BsonDocument command) =>
        command.GetValue("$readPreference", null) is BsonDocument preference && preference.GetValue("mode", "primary") != "primary";
}
