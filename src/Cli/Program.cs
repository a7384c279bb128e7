using Modestano.Cli;
using Spectre.Console;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};
if (Console.IsOutputRedirected)
{
    // A pipe has no width: a line of the tree stays one line for grep.
    AnsiConsole.Profile.Width = 1000;
}

return await Plugin.RunAsync(args, AnsiConsole.Console, Console.Error, TimeProvider.System, interrupted.Token);
