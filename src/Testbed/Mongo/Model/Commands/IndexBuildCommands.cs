using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>setIndexCommitQuorum</c>: lets an index build that waits for a member go on without it.</summary>
internal static class IndexBuildCommands
{
    public static void SetCommitQuorum(CommandContext context)
    {
        ConfigCommands.Require(context);
        if (!context.Process.Topology.IsWritablePrimary)
        {
            throw new CommandException(ErrorCode.NotWritablePrimary, context.Connection.HelloOk ? "not primary" : "not master");
        }

        context.Process.IndexBuilds.SetQuorum(
            context.Database,
            context.Argument.AsString,
            [.. (context.Command.GetValue("indexNames", null) as BsonArray ?? []).Select(name => name.AsString)],
            context.Command.GetValue("commitQuorum", CommitQuorum.VotingMembers));
        context.Reply([]);
    }
}
