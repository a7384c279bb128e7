using Modestano.Testbed.Mongo.Storage;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Finds the code of a command by its name.</summary>
internal sealed class CommandDispatcher(MemberProcess process)
{
    private static readonly Dictionary<string, Action<CommandContext>> Handlers = new(StringComparer.Ordinal)
    {
        ["hello"] = HelloCommand.Run,
        ["isMaster"] = HelloCommand.Run,
        ["ismaster"] = HelloCommand.Run,
        ["ping"] = context => context.Reply([]),
        ["buildInfo"] = DiagnosticCommands.BuildInfo,
        ["buildinfo"] = DiagnosticCommands.BuildInfo,
        ["getParameter"] = DiagnosticCommands.GetParameter,
        ["getCmdLineOpts"] = DiagnosticCommands.GetCmdLineOpts,
        ["serverStatus"] = ServerStatusCommand.Run,
        ["endSessions"] = context => context.Reply([]),
        ["refreshSessions"] = context => context.Reply([]),
        ["killSessions"] = context => context.Reply([]),
        ["replSetInitiate"] = ConfigCommands.Initiate,
        ["replSetReconfig"] = ConfigCommands.Reconfig,
        ["replSetGetConfig"] = ConfigCommands.GetConfig,
        ["replSetGetStatus"] = StatusCommand.Run,
        ["replSetStepDown"] = RoleCommands.StepDown,
        ["replSetStepUp"] = RoleCommands.StepUp,
        ["replSetFreeze"] = RoleCommands.Freeze,
        ["replSetMaintenance"] = RoleCommands.Maintenance,
        ["replSetSyncFrom"] = RoleCommands.SyncFrom,
        ["replSetResizeOplog"] = DiagnosticCommands.ResizeOplog,
        ["getDefaultRWConcern"] = DefaultConcernCommands.Get,
        ["setDefaultRWConcern"] = DefaultConcernCommands.Set,
        ["setFeatureCompatibilityVersion"] = FeatureCompatibilityCommand.Set,
        ["setIndexCommitQuorum"] = IndexBuildCommands.SetCommitQuorum,
    };

    /// <summary>Names of all commands that a member answers itself; the document store has more.</summary>
    public static IEnumerable<string> Names => Handlers.Keys;

    /// <summary>Whether a member answers that command.</summary>
    public static bool Knows(string name) => Handlers.ContainsKey(name) || DocumentStore.IsWrite(name) || DocumentStore.IsRead(name);

    public void Execute(ClientCall call)
    {
        var context = new CommandContext(process, call);
        context.Guard(() => Run(context));
    }

    private static void Run(CommandContext context)
    {
        if (Handlers.TryGetValue(context.Name, out var handler) && (context.Name != "hello" || context.Process.Member.KnowsHello))
        {
            handler(context);
        }
        else if (DocumentStore.IsWrite(context.Name))
        {
            WriteCommand.Run(context);
        }
        else if (DocumentStore.IsRead(context.Name))
        {
            ReadCommand.Run(context);
        }
        else
        {
            throw new CommandException(ErrorCode.CommandNotFound, $"no such command: '{context.Name}'");
        }
    }
}
