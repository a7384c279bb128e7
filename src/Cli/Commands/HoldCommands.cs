using System.CommandLine;
using System.Text.Json.Nodes;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>hold</c> and <c>resume</c>: the annotation that stops work on an object at once.</summary>
internal static class HoldCommands
{
    private static readonly KindName[] Kinds = [KindName.ReplicaSet, KindName.DnsRecord, KindName.Migration];

    public static Command Hold(IAnsiConsole console)
    {
        var command = new Command("hold", "Stop work on an object at once; its place is kept.");
        var reason = Reason("Why, for those who find it held.");
        command.Options.Add(reason);
        AddTo(command, async (client, kind, name, parsed, json, cancellationToken) =>
        {
            var why = parsed.GetRequiredValue(reason);
            await client.AnnotationsAsync(kind, name, cancellationToken);
            await client.AnnotateAsync(kind, name, Annotations.Hold, why, cancellationToken);
            Tell(console, json, client, kind, name, Annotations.Hold, why, $"{kind.Kind} {client.Namespace}/{name} is held: {why}");
        });
        return command;
    }

    public static Command Resume(IAnsiConsole console)
    {
        var command = new Command("resume", "Take the hold off an object.");
        AddTo(command, async (client, kind, name, _, json, cancellationToken) =>
        {
            var annotations = await client.AnnotationsAsync(kind, name, cancellationToken);
            if (!annotations.TryGetValue(Annotations.Hold, out var why))
            {
                throw new PluginException($"{kind.Kind} {client.Namespace}/{name} has no annotation {Annotations.Hold}: what holds it, if anything, is in its condition Held (spec.intent of a migration?)");
            }

            await client.AnnotateAsync(kind, name, Annotations.Hold, null, cancellationToken);
            Tell(console, json, client, kind, name, Annotations.Hold, null, $"{kind.Kind} {client.Namespace}/{name} goes on; it was held: {why}");
        });
        return command;
    }

    internal static Option<string> Reason(string description)
    {
        var reason = new Option<string>("--reason") { Description = description, Required = true };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("--reason: must not be empty: say why, in words for whoever reads it at night");
            }
        });
        return reason;
    }

    internal static void Tell(IAnsiConsole console, bool json, ClusterClient client, KindName kind, string name, string annotation, string? value, string words)
    {
        if (json)
        {
            JsonText.Write(console, new JsonObject { ["kind"] = kind.Kind, ["namespace"] = client.Namespace, ["name"] = name, ["annotation"] = annotation, ["value"] = value });
            return;
        }

        console.WriteLine(words);
    }

    private static void AddTo(Command command, Func<ClusterClient, KindName, string, ParseResult, bool, CancellationToken, Task> act)
    {
        var kind = KindName.Argument(Kinds);
        var name = new Argument<string>("NAME");
        command.Arguments.Add(kind);
        command.Arguments.Add(name);
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            await act(client, parsed.GetRequiredValue(kind), parsed.GetRequiredValue(name), parsed, cluster.WantsJson(parsed), cancellationToken);
            return 0;
        });
    }
}
