using Modestano.Cli;
using Spectre.Console;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};
return await Plugin.RunAsync(args, AnsiConsole.Console, Console.Error, TimeProvider.System, interrupted.Token);
