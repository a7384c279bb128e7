using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Commands that move the primary and change what a member may do.</summary>
internal static class RoleCommands
{
    private const int DefaultStepDownSeconds = 60;
    private const int DefaultCatchUpSeconds = 10;

    public static void StepDown(CommandContext context)
    {
        ConfigCommands.Require(context);
        var process = context.Process;
        var force = context.Flag("force");
        var seconds = Number(context.Argument);
        if (seconds < 0)
        {
            throw new CommandException(ErrorCode.BadValue, "stepdown period must be a positive integer");
        }

        var period = seconds == 0 ? DefaultStepDownSeconds : seconds;
        var catchUp = context.Command.Contains("secondaryCatchUpPeriodSecs")
            ? Number(context.Command["secondaryCatchUpPeriodSecs"])
            : force ? 0 : DefaultCatchUpSeconds;
        if (catchUp < 0)
        {
            throw new CommandException(ErrorCode.BadValue, "secondaryCatchUpPeriodSecs period must be a positive or absent");
        }

        if (period < catchUp)
        {
            throw new CommandException(ErrorCode.BadValue, "stepdown period must be longer than secondaryCatchUpPeriodSecs");
        }

        if (!process.Topology.IsLeader)
        {
            throw new CommandException(ErrorCode.NotWritablePrimary, "not primary so can't step down");
        }

        if (process.StepDown.IsWaiting)
        {
            throw new CommandException(ErrorCode.ConflictingOperationInProgress, "This node is already in the process of stepping down");
        }

        process.StepDown.Begin(TimeSpan.FromSeconds(period), TimeSpan.FromSeconds(catchUp), force, context.End);
    }

    public static void StepUp(CommandContext context)
    {
        ConfigCommands.Require(context);
        if (context.Process.Topology.IsLeader)
        {
            context.Reply([]);
            return;
        }

        var reason = context.Flag("skipDryRun") ? ElectionReason.StepUpRequestSkipDryRun : ElectionReason.StepUpRequest;
        context.Process.Elections.Run(reason, won =>
            context.End(won ? null : new CommandException(ErrorCode.CommandFailed, "Election failed.")));
    }

    public static void Freeze(CommandContext context)
    {
        ConfigCommands.Require(context);
        var process = context.Process;
        if (process.Topology.IsLeader)
        {
            throw new CommandException(ErrorCode.NotSecondary, "Cannot freeze node when primary or running for election, state: Primary");
        }

        if (process.Elections.IsRunning)
        {
            throw new CommandException(
                ErrorCode.NotSecondary, "Cannot freeze node when primary or running for election, state: Running-Election");
        }

        var seconds = Number(context.Argument);
        if (seconds == 0)
        {
            process.ElectionTimer.Release();
            context.Reply(new BsonDocument("info", "unfreezing"));
            process.ElectionTimer.RunIfAlone();
            return;
        }

        process.ElectionTimer.HoldFor(TimeSpan.FromSeconds(seconds));
        process.After(TimeSpan.FromSeconds(seconds), process.ElectionTimer.RunIfAlone);
        context.Reply(seconds == 1 ? new BsonDocument("warning", "you really want to freeze for only 1 second?") : []);
    }

    public static void Maintenance(CommandContext context)
    {
        ConfigCommands.Require(context);
        var topology = context.Process.Topology;
        if (topology.IsLeader)
        {
            throw new CommandException(ErrorCode.NotSecondary, "primaries can't modify maintenance mode");
        }

        if (context.Argument.ToBoolean())
        {
            topology.EnterMaintenance();
        }
        else if (topology.MaintenanceModes == 0)
        {
            throw new CommandException(ErrorCode.OperationFailed, "already out of maintenance mode");
        }
        else
        {
            topology.LeaveMaintenance();
        }

        context.Reply([]);
    }

    public static void SyncFrom(CommandContext context)
    {
        var config = ConfigCommands.Require(context);
        var process = context.Process;
        var host = context.Argument.AsString;
        var target = config.FindByHost(host);
        if (host == process.Host)
        {
            throw new CommandException(ErrorCode.InvalidOptions, "I cannot sync from myself");
        }

        if (target is null)
        {
            throw new CommandException(ErrorCode.NodeNotFound, $"Could not find member \"{host}\" in replica set");
        }

        if (process.Topology.IsLeader)
        {
            throw new CommandException(ErrorCode.NotSecondary, "primaries don't sync");
        }

        if (process.Topology.Self is { ArbiterOnly: true } || target.ArbiterOnly)
        {
            throw new CommandException(
                ErrorCode.InvalidOptions, target.ArbiterOnly ? $"Cannot sync from \"{host}\" because it is an arbiter" : "arbiters don't sync");
        }

        if (process.Views.FindByHost(host) is not { IsUp: true })
        {
            throw new CommandException(ErrorCode.HostUnreachable, $"I cannot reach the requested member: {host}");
        }

        var reply = new BsonDocument("syncFromRequested", host);
        reply.Add("prevSyncTarget", process.Fetcher.Source ?? "", process.Fetcher.Source is not null);
        process.Fetcher.Sources.Forced = host;
        context.Reply(reply);
        process.Fetcher.ChooseAgain();
    }

    /// <summary>Whole seconds; what is no number counts as 0 (seen).</summary>
    private static long Number(BsonValue value) => value.IsNumeric ? value.ToInt64() : 0;
}
