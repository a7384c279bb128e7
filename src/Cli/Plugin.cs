using System.CommandLine;
using Modestano.Cli.Cluster;
using Modestano.Cli.Commands;
using Spectre.Console;

namespace Modestano.Cli;

/// <summary>The plugin as a function, so that tests run it in their own process.</summary>
public static class Plugin
{
    /// <summary>Runs a command line.</summary>
    /// <returns>0: done; 1: the cluster refused, or there is no such object; 2: the command line is wrong.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, IAnsiConsole console, TextWriter errors, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(errors);
        var root = new RootCommand("Shows and steers MongoDB replica sets and region migrations of the Modestano operator.");
        root.Subcommands.Add(StatusCommand.Create(console, time));
        root.Subcommands.Add(PlanCommand.Create(console));
        root.Subcommands.Add(HoldCommands.Hold(console));
        root.Subcommands.Add(HoldCommands.Resume(console));
        root.Subcommands.Add(PromoteCommand.Create(console));
        root.Subcommands.Add(RollBackCommand.Create(console));
        root.Subcommands.Add(ApproveCommand.Create(console));
        root.Subcommands.Add(CheckCommand.Create(console));
        root.Subcommands.Add(EditsCommand.Create(console));
        root.Subcommands.Add(ReverseCommand.Create(console));
        root.Subcommands.Add(ReportCommand.Create(console));
        root.Subcommands.Add(InitCommand.Create(console, errors));
        root.Subcommands.Add(GrantsCommand.Create(console));
        root.Subcommands.Add(CompletionCommand.Create(console));
        root.Subcommands.Add(CompleteCommand.Create(console, root));
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await errors.WriteLineAsync($"error: {error.Message}");
            }

            await errors.WriteLineAsync("see `kubectl modestano --help`");
            return 2;
        }

        try
        {
            var output = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = console.Profile.Out.Writer, Error = errors, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(output, cancellationToken);
        }
        catch (PluginException e)
        {
            await errors.WriteLineAsync($"error: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
            return 0;
        }
    }
}
