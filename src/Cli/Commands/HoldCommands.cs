using System.CommandLine;
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
        var reason = ObjectCommand.Reason("Why, for those who find it held.");
        return ObjectCommand.Create(console, "hold", "Stop work on an object at once; its place is kept.", Kinds, async (call, cancellationToken) =>
        {
            // A patch of an object that does not exist would be told in the server's words.
            await call.Client.AnnotationsAsync(call.Kind, call.Name, cancellationToken);
            var why = call.Parsed.GetRequiredValue(reason);
            await call.AnnotateAsync(Annotations.Hold, why, $"{call.Key} is held: {why}", cancellationToken);
        }, reason);
    }

    public static Command Resume(IAnsiConsole console) =>
        ObjectCommand.Create(console, "resume", "Take the hold off an object.", Kinds, async (call, cancellationToken) =>
        {
            var annotations = await call.Client.AnnotationsAsync(call.Kind, call.Name, cancellationToken);
            if (!annotations.TryGetValue(Annotations.Hold, out var why))
            {
                throw new PluginException($"{call.Key} has no annotation {Annotations.Hold}: what holds it, if anything, is in its condition Held (spec.intent of a migration?)");
            }

            await call.AnnotateAsync(Annotations.Hold, null, $"{call.Key} goes on; it was held: {why}", cancellationToken);
        });
}
