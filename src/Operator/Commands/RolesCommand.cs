using System.CommandLine;
using Modestano.Operator.Permissions;

namespace Modestano.Operator.Commands;

/// <summary><c>modestano-operator roles</c>: writes the roles that this version needs and offers.</summary>
internal static class RolesCommand
{
    public static Command Create()
    {
        var output = ManifestFolder.Option();
        var rules = new Option<bool>("--rules-only") { Description = "Only the rules, for templates." };
        var command = new Command("roles", "Write the roles that the operator needs, and those for people and Prometheus, as YAML.") { output, rules };
        command.SetAction((arguments, cancellationToken) => ManifestFolder.WriteAsync(
            ShippedRoles.All.Select(r => (r.File + ".yaml", arguments.GetValue(rules) ? RoleYaml.Rules(r) : RoleYaml.Manifest(r))),
            arguments.GetValue(output),
            cancellationToken));
        return command;
    }
}
