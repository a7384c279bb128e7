using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Scenarios.Simulation;

/// <summary>Whether the members are what the spec asks for, whatever the operator says of them.</summary>
internal static class RestJudge
{
    /// <summary>What differs; null: nothing.</summary>
    public static string? Differs(Truth truth, Landscape landscape, MongoReplicaSetSpec spec)
    {
        if (truth.Primary is not { } primary || truth.Config is not { } config)
        {
            return "there is no primary";
        }

        var desired = DesiredTopology.From(spec, SpecGenerator.Owner);
        var rest = RestPlan.For(desired, config);
        if (landscape.RegionOf(primary.Host) != spec.PrimaryRegion)
        {
            return $"the primary is {primary.Host}, wanted in {spec.PrimaryRegion}";
        }

        if (!config.Members.Select(m => m.Host).Order().SequenceEqual(rest.Members.Select(m => m.Host).Order()))
        {
            return $"members are {string.Join(' ', config.Members.Select(m => m.Host))}, wanted are {string.Join(' ', rest.Members.Select(m => m.Host))}";
        }

        foreach (var wanted in rest.Members.Where(m => !m.IsRetained))
        {
            var member = config.Find(wanted.Host)!;
            if (member.Votes != wanted.Votes || (!member.ArbiterOnly && member.Priority != wanted.Priority) || member.Hidden != wanted.Hidden
                || member.SecondaryDelaySecs != wanted.SecondaryDelaySecs || member.ArbiterOnly != wanted.ArbiterOnly
                || wanted.Tags.Any(t => !Has(desired, member, t)))
            {
                return $"{member.Host} has votes {member.Votes}, priority {member.Priority}, hidden {member.Hidden}, delay {member.SecondaryDelaySecs}; wanted are {wanted.Votes}, {wanted.Priority}, {wanted.Hidden}, {wanted.SecondaryDelaySecs}";
            }
        }

        if (spec.Settings?.ElectionTimeoutMillis is { } timeout && config.Settings.ElectionTimeoutMillis != timeout)
        {
            return $"electionTimeoutMillis is {config.Settings.ElectionTimeoutMillis}";
        }

        return Votes(desired, config);
    }

    // A place is written only where there is none: applications may read by the value that stands there.
    private static bool Has(DesiredTopology desired, Operator.ReplicaSets.Observation.ConfigMember member, KeyValuePair<string, string> tag) =>
        TagNames.IsPlace(tag.Key) && desired.Find(member.Host)?.TagsOfSpec.Contains(tag.Key) != true
            ? member.Tags.ContainsKey(tag.Key)
            : member.Tags.GetValueOrDefault(tag.Key) == tag.Value;

    /// <summary>R12 and the least number of votes, computed without the operator's own derivation.</summary>
    private static string? Votes(DesiredTopology desired, Operator.ReplicaSets.Observation.ReplicaSetConfig config)
    {
        if (!desired.RemoveOthers || desired.Members.Any(m => m.Votes is not null || m.ArbiterOnly))
        {
            return null;
        }

        var voters = config.Voters.ToList();
        var home = voters.Count(v => desired.RegionOf(v) == desired.PrimaryRegion);
        var eligible = desired.Members.Where(m => m.SecondaryDelaySecs == 0).ToList();
        return voters.Count < Math.Min(3, eligible.Count) ? $"{voters.Count} votes of {eligible.Count} members"
            : eligible.Count(m => m.Region == desired.PrimaryRegion) >= 2 && voters.Count > 2 && 2 * home <= voters.Count ? $"R12VotesFollowThePrimary: {home} of {voters.Count} votes in {desired.PrimaryRegion}"
            : null;
    }
}
