using Modestano.Testbed.Mongo.Wire;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Demo;

/// <summary>What happened, read off the world's own records: not from what the operator says of itself.</summary>
public static class WorldFacts
{
    /// <summary>The weights that Route 53 holds, old region and new region; -1 where there is no such record.</summary>
    public static (int Old, int New) Weights(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var sets = world.Route53.Zones.Sets(SampleNames.ZoneId);
        int Weight(string region) => sets.TryGetValue(new RecordKey(DnsName.Normalize(SampleNames.Record), "A", region), out var set) ? set.Weight ?? -1 : -1;
        return (Weight(SampleNames.OldRegion), Weight(SampleNames.NewRegion));
    }

    /// <summary>The primary's region; null: there is no primary.</summary>
    public static string? PrimaryRegion(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return world.Mongo.Primary?.Options.Region;
    }

    /// <summary>Effects by kind.</summary>
    public static IReadOnlyList<(string Kind, int Count)> Steps(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var commands = Commands(world).ToList();
        return
        [
            ("reconfigs", commands.Count(c => c.Name == "replSetReconfig")),
            ("step-downs", commands.Count(c => c.Name == "replSetStepDown")),
            ("DNS batches", world.Route53.Zones.Log.Count),
        ];
    }

    /// <summary>What must never happen and did, a sentence each.</summary>
    public static IEnumerable<string> BrokenInvariants(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return VotesOneByOne(world).Concat(SomebodyServes(world));
    }

    private static IEnumerable<AdminCommand> Commands(World world) => world.Mongo.AdminCommands.Skip(world.PreparedCommands).Where(c => c.TookEffect);

    // R2: from one configuration to the next at most one member's vote changes.
    private static IEnumerable<string> VotesOneByOne(World world)
    {
        var voters = SampleNames.Members(SampleNames.OldRegion).ToHashSet();
        foreach (var command in Commands(world).Where(c => c.Name == "replSetReconfig"))
        {
            var config = command.Command["replSetReconfig"].AsBsonDocument;
            var next = config["members"].AsBsonArray.Select(m => m.AsBsonDocument)
                .Where(m => m.GetValue("votes", 1).ToInt32() == 1).Select(m => m["host"].AsString).ToHashSet();
            var changed = voters.Except(next).Concat(next.Except(voters)).ToList();
            if (changed.Count > 1)
            {
                yield return $"R2 one vote: configuration {config["version"]} changes the votes of {string.Join(", ", changed)}";
            }

            if (command.Command.GetValue("force", false).ToBoolean())
            {
                yield return $"R6 no force: configuration {config["version"]} was forced";
            }

            voters = next;
        }
    }

    // D1: once the record is served, no batch leaves it without weight.
    private static IEnumerable<string> SomebodyServes(World world)
    {
        var name = DnsName.Normalize(SampleNames.Record);
        var weights = new Dictionary<string, int>();
        foreach (var batch in world.Route53.Zones.Log)
        {
            foreach (var (action, set) in batch.Changes.Where(c => c.Set.Name == name && c.Set.Type == "A").Select(c => (c.Action, c.Set)))
            {
                if (action == "DELETE")
                {
                    weights.Remove(set.SetIdentifier ?? "");
                }
                else
                {
                    weights[set.SetIdentifier ?? ""] = set.Weight ?? 1;
                }
            }

            if (weights.Count > 0 && weights.Values.Sum() == 0)
            {
                yield return $"D1 someone serves: batch {batch.ChangeId} left {SampleNames.Record} with all weights 0";
            }
        }
    }
}
