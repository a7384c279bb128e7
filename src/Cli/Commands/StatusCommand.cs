using System.CommandLine;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>status [KIND [NAME]] [-w]</c>: one object with what belongs to it as a tree, or all there are, a line each.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(IAnsiConsole console, TimeProvider time)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Draw anew whenever something changes, until Ctrl-C." };
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "Without a name: of the whole cluster instead of one namespace." };
        var kind = KindName.Argument(KindName.ReplicaSet, KindName.DnsRecord, KindName.Migration);
        kind.Arity = ArgumentArity.ZeroOrOne;
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Without it: all of that kind; without a kind: everything." };
        var command = new Command("status", "Draw regions, members, lag, votes, weights, phase and plan; without a name list what there is.") { kind, name, watch, all };
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            string? drawn = null;
            while (true)
            {
                var picture = parsed.GetValue(name) is { } one
                    ? await Picture.OfAsync(client, parsed.GetRequiredValue(kind), one, cancellationToken)
                    : await Picture.OfAllAsync(client, parsed.GetValue(kind), parsed.GetValue(all), cancellationToken);
                if (picture.Json.ToJsonString() is var now && now != drawn)
                {
                    Answer(console, picture, cluster.WantsJson(parsed), redraw: drawn is not null);
                    drawn = now;
                }

                if (!parsed.GetValue(watch))
                {
                    return 0;
                }

                await Task.Delay(Interval, time, cancellationToken);
            }
        });
        return command;
    }

    private static void Answer(IAnsiConsole console, Picture picture, bool json, bool redraw)
    {
        if (json)
        {
            JsonText.Write(console, picture.Json);
            return;
        }

        if (redraw && console.Profile.Capabilities.Ansi)
        {
            console.Clear();
        }
        else if (redraw)
        {
            console.WriteLine();
        }

        console.Write(picture.Drawing);
    }
}
