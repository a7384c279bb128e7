using System.CommandLine;

namespace Modestano.Testbed.Commands;

/// <summary><c>modestano-world up</c>: the world alone, until Ctrl-C; for an operator that is run by hand.</summary>
internal static class UpCommand
{
    public static Command Build()
    {
        var config = WorldArguments.Config();
        var folder = WorldArguments.Folder();
        var seed = WorldArguments.Seed();
        var command = new Command("up", "Start the world and print how to reach it; it stays up until Ctrl-C.") { config, folder, seed };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new WorldOptions
            {
                Folder = parsed.GetRequiredValue(folder).FullName,
                ConfigFolder = parsed.GetRequiredValue(config).FullName,
                Seed = parsed.GetValue(seed),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(WorldOptions options, CancellationToken cancellationToken)
    {
        await using var world = await World.StartAsync(options, cancellationToken);
        Console.WriteLine($"export KUBECONFIG={world.Kubeconfig}");
        foreach (var (name, value) in world.OperatorEnvironment)
        {
            Console.WriteLine($"export {name}={value}");
        }

        Console.WriteLine($"# DNS: dig -p {world.Route53.Dns.Port} @{world.Route53.Dns.Address} {SampleNames.Record}");
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
