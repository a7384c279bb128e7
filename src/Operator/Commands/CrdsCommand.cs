using System.CommandLine;
using Modestano.Crds.Generation;

namespace Modestano.Operator.Commands;

/// <summary><c>modestano-operator crds</c>: writes the custom resource definitions that this version understands.</summary>
internal static class CrdsCommand
{
    public static Command Create()
    {
        var output = ManifestFolder.Option();
        var format = new Option<string>("--format") { Description = "yaml: the definitions; markdown: the reference of their fields.", DefaultValueFactory = _ => "yaml", HelpName = "yaml|markdown" };
        format.AcceptOnlyFromAmong("yaml", "markdown");
        var command = new Command("crds", "Write the custom resource definitions as YAML, or their reference.") { output, format };
        command.SetAction((arguments, cancellationToken) => arguments.GetValue(format) == "markdown"
            ? ManifestFolder.WriteAsync([("api.md", CrdManifests.Reference())], arguments.GetValue(output), cancellationToken)
            : ManifestFolder.WriteAsync(CrdManifests.All(), arguments.GetValue(output), cancellationToken));
        return command;
    }
}
