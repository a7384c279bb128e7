using System.CommandLine;
using Modestano.Crds.Generation;

namespace Modestano.Operator.Commands;

/// <summary><c>modestano-operator crds</c>: writes the custom resource definitions that this version understands.</summary>
internal static class CrdsCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo?>("--output")
        {
            Description = "Directory for one file a kind, made where it is missing. Without it: standard output, for kubectl apply -f -.",
            HelpName = "dir",
        };
        var command = new Command("crds", "Write the custom resource definitions as YAML.");
        command.Options.Add(output);
        command.SetAction((arguments, cancellationToken) => WriteAsync(arguments.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> WriteAsync(DirectoryInfo? directory, CancellationToken cancellationToken)
    {
        try
        {
            directory?.Create();
            foreach (var (fileName, yaml) in CrdManifests.All())
            {
                if (directory is null)
                {
                    await Console.Out.WriteLineAsync("---\n" + yaml.TrimEnd('\n'));
                }
                else
                {
                    await File.WriteAllTextAsync(Path.Combine(directory.FullName, fileName), yaml, cancellationToken);
                }
            }

            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"modestano-operator: --output: '{directory?.FullName}' cannot be written: {e.Message}");
            return 1;
        }
    }
}
