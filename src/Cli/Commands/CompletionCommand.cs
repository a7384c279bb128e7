using System.CommandLine;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>completion</c>: prints the script that kubectl asks for candidates of a plugin.</summary>
internal static class CompletionCommand
{
    // kubectl calls `kubectl_complete-NAME` with what was typed, the unfinished word last.
    private const string Script = """
        #!/bin/sh
        exec kubectl-modestano __complete "$@"
        """;

    public static Command Create(IAnsiConsole console)
    {
        var command = new Command("completion", "Print the script kubectl_complete-modestano: executable and on the path, it completes commands, kinds and names.");
        command.SetAction(_ => console.Profile.Out.Writer.Write(Script + "\n"));
        return command;
    }
}
