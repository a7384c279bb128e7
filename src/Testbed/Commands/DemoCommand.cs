using System.CommandLine;
using Modestano.Testbed.Demo;
using Modestano.Testbed.Demo.Screen;
using Spectre.Console;

namespace Modestano.Testbed.Commands;

/// <summary><c>modestano-world demo</c>: a whole migration, measured.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(110);

    public static Command Build()
    {
        var assembly = new Option<FileInfo>("--operator") { Required = true, Description = "Path of modestano-operator.dll; it is started as its own process." };
        var config = WorldArguments.Config();
        var folder = WorldArguments.Folder();
        var seed = WorldArguments.Seed();
        var hold = new Option<bool>("--hold") { Description = "Stay up afterwards until Ctrl-C." };
        var command = new Command("demo", "Carry out a whole migration and measure it; exit code 0 only where nothing was lost, failed or broken.") { assembly, config, folder, seed, hold };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new DemoOptions(
                parsed.GetRequiredValue(assembly).FullName, parsed.GetRequiredValue(config).FullName, parsed.GetRequiredValue(folder).FullName,
                parsed.GetValue(seed), parsed.GetValue(hold), Limit),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        using IScreen screen = Console.IsOutputRedirected ? new PlainScreen(Console.Out) : new LiveScreen(AnsiConsole.Console);
        try
        {
            var result = await new DemoRun(options, screen, TimeProvider.System).RunAsync(cancellationToken);
            return result.IsGood ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.Say("interrupted");
            return 130;
        }
    }
}
