using System.CommandLine;
using Modestano.Testbed.Backends;
using Modestano.Testbed.MigrationBench;

namespace Modestano.Testbed.Commands;

/// <summary><c>modestano-world bench-migration</c>: the operator against a script with perfect knowledge.</summary>
internal static class BenchMigrationCommand
{
    public static Command Build()
    {
        var assembly = new Option<FileInfo>("--operator") { Required = true, Description = "Path of modestano-operator.dll; it is started as its own process." };
        var config = WorldArguments.Config();
        var folder = WorldArguments.Folder();
        var seed = WorldArguments.Seed();
        var command = new Command(
            "bench-migration",
            "The same migration by a script and by the operator, on the embedded servers or on those that KUBEBUILDER_ASSETS and MODESTANO_MONGOD name; prints both times.")
        {
            assembly, config, folder, seed,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new MigrationBenchOptions(
                parsed.GetRequiredValue(assembly).FullName, parsed.GetRequiredValue(config).FullName, parsed.GetRequiredValue(folder).FullName, parsed.GetValue(seed),
                BackendChoice.FromEnvironment(Environment.GetEnvironmentVariable));
            return await new MigrationBenchRun(options, TimeProvider.System, Console.WriteLine).RunAsync(cancellationToken) ? 0 : 1;
        });
        return command;
    }
}
