using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Commands about the config.</summary>
internal static class ConfigCommands
{
    public static void Initiate(CommandContext context)
    {
        var sent = context.Argument as BsonDocument;
        context.Process.Initiation.Run(sent, error =>
        {
            if (error is null && sent is null)
            {
                context.Reply(new BsonDocument
                {
                    { "info2", "no configuration specified. Using a default configuration for the set" },
                    { "me", context.Process.Host },
                });
            }
            else
            {
                context.End(error);
            }
        });
    }

    public static void Reconfig(CommandContext context)
    {
        Require(context);
        if (context.Argument is not BsonDocument sent)
        {
            throw new CommandException(ErrorCode.None, "no configuration specified");
        }

        context.Process.Reconfig.Run(sent, context.Flag("force"), context.MaxTime, context.End);
    }

    public static void GetConfig(CommandContext context)
    {
        var process = context.Process;
        var config = Require(context);
        var asksCommitment = context.Flag("commitmentStatus");
        if (asksCommitment && !process.Topology.IsLeader)
        {
            throw new CommandException(ErrorCode.NotWritablePrimary, "commitmentStatus is only supported on primary.");
        }

        var reply = new BsonDocument("config", ConfigWriter.ToBson(config, process.Release, withNewlyAdded: false));
        if (asksCommitment)
        {
            reply.Add("commitmentStatus", process.Commitment.IsCommitted);
        }

        context.Reply(reply);
    }

    /// <summary>The config of a member of a set.</summary>
    /// <exception cref="CommandException">76 for a standalone, 94 for one that was never initialised.</exception>
    public static ReplicaSetConfig Require(CommandContext context) =>
        context.Process.Member.Options.ReplSetName is null
            ? throw new CommandException(ErrorCode.NoReplicationEnabled, "not running with --replSet")
            : context.Process.Topology.Config
              ?? throw new CommandException(ErrorCode.NotYetInitialized, "no replset config has been received");
}
