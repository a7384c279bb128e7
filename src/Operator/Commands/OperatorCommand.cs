using System.CommandLine;

namespace Modestano.Operator.Commands;

/// <summary>The command line.</summary>
internal static class OperatorCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand(
            """
            Keeps MongoDB replica sets, weighted Route 53 records and region migrations as their manifests say.
            Without a command it runs the operator. Every setting is a flag or an environment variable (in brackets); the flag wins.
            """);
        AddRun(root);
        var run = new Command("run", "Run the operator on the cluster of the kubeconfig, or on the cluster that this pod runs in (the default).");
        AddRun(run);
        root.Subcommands.Add(run);
        root.Subcommands.Add(CrdsCommand.Create());
        root.Subcommands.Add(RolesCommand.Create());
        return root;
    }

    private static void AddRun(Command command)
    {
        var flags = RunCommand.CreateFlags();
        foreach (var flag in flags)
        {
            command.Options.Add(flag);
        }

        command.SetAction((arguments, cancellationToken) => RunCommand.RunAsync(arguments, flags, cancellationToken));
    }
}
