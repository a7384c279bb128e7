using System.CommandLine;
using Modestano.Testbed.Bench;

namespace Modestano.Testbed.Commands;

/// <summary><c>modestano-world bench</c>: the operator at a size, measured.</summary>
internal static class BenchCommand
{
    public static Command Build()
    {
        var assembly = new Option<FileInfo>("--operator") { Required = true, Description = "Path of modestano-operator.dll; it is started as its own process." };
        var config = WorldArguments.Config();
        var folder = WorldArguments.Folder();
        var seed = WorldArguments.Seed();
        var sets = Number("--sets", "Replica sets, at most 1000.", 1000);
        var members = Number("--members", "Members of each.", 6);
        var records = Number("--records", "DNS records, in one zone.", 1000);
        var samples = Number("--samples", "Objects that are edited, and primaries that step down.", 30);
        var pause = Number("--pause", "Seconds between the last object's readiness and the window at rest.", 45);
        var window = Number("--window", "Seconds of the window at rest.", 60);
        var outage = new Option<string?>("--outage") { Description = "At the end all members of a region stop: 'home' is the primaries', 'other' the other one, with '-silent' they neither answer nor refuse." };
        outage.AcceptOnlyFromAmong("home", "other", "home-silent", "other-silent");
        var command = new Command("bench", "Measure the operator at a size and print the figures; nothing is judged.") { assembly, config, folder, seed, sets, members, records, samples, pause, window, outage };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new BenchOptions(parsed.GetRequiredValue(assembly).FullName, parsed.GetRequiredValue(config).FullName, parsed.GetRequiredValue(folder).FullName)
            {
                Sets = parsed.GetValue(sets),
                Members = parsed.GetValue(members),
                Records = parsed.GetValue(records),
                Seed = parsed.GetValue(seed),
                Samples = parsed.GetValue(samples),
                Pause = TimeSpan.FromSeconds(parsed.GetValue(pause)),
                Window = TimeSpan.FromSeconds(parsed.GetValue(window)),
                Outage = parsed.GetValue(outage) is { } which
                    ? new RegionOutage(which.StartsWith("home", StringComparison.Ordinal) ? BenchNames.HomeRegion : BenchNames.OtherRegion, which.EndsWith("-silent", StringComparison.Ordinal))
                    : null,
            };
            await new BenchRun(options, Console.WriteLine).RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value };
}
