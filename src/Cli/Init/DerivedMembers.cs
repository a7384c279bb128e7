using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Cli.Init;

/// <summary>
/// The members of a spec that comes to rest exactly in a given configuration: votes and priority are written only where those that the operator
/// would derive differ. Pure.
/// </summary>
internal static class DerivedMembers
{
    /// <summary>The regions, and what still differs at the end; empty: nothing.</summary>
    public static (IReadOnlyList<RegionSpec> Regions, IReadOnlyList<string> Problems) Of(
        ReplicaSetConfig config, IReadOnlyDictionary<string, (string Region, string? Zone)> places, string primaryRegion)
    {
        var members = config.Members.ToDictionary(m => m.Host, m => AsItIs(m, places[m.Host].Zone, places[m.Host].Region), StringComparer.Ordinal);
        // Each round pins what differs most: votes before priorities, as priorities follow votes. Nothing is pinned twice.
        for (var round = 0; round <= (2 * config.Members.Count) + 1; round++)
        {
            var rest = RestOf(config, places, members, primaryRegion);
            var votes = config.Members.Where(m => members[m.Host].Votes is null && !m.ArbiterOnly && rest.Find(m.Host)?.Votes != m.Votes).ToList();
            var priorities = config.Members.Where(m => members[m.Host].Priority is null && m is { ArbiterOnly: false, Votes: 1 } && rest.Find(m.Host)?.Priority != m.Priority).ToList();
            if (votes.Count == 0 && priorities.Count == 0)
            {
                return (Regions(config, places, members), Problems(config, rest));
            }

            foreach (var member in votes.Count > 0 ? votes : priorities)
            {
                members[member.Host] = votes.Count > 0
                    ? members[member.Host] with { Votes = member.Votes }
                    : members[member.Host] with { Priority = new Fraction((decimal)member.Priority) };
            }
        }

        return (Regions(config, places, members), ["votes and priorities come to no rest"]);
    }

    private static RestPlan RestOf(
        ReplicaSetConfig config, IReadOnlyDictionary<string, (string Region, string? Zone)> places, Dictionary<string, MemberSpec> members, string primaryRegion) =>
        RestPlan.For(DesiredTopology.From(new MongoReplicaSetSpec { ReplicaSetName = config.SetName, PrimaryRegion = primaryRegion, Regions = Regions(config, places, members) }, "init"), config);

    private static List<RegionSpec> Regions(ReplicaSetConfig config, IReadOnlyDictionary<string, (string Region, string? Zone)> places, Dictionary<string, MemberSpec> members) =>
        [.. config.Members.GroupBy(m => places[m.Host].Region).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new RegionSpec { Name = g.Key, Members = [.. g.Select(m => members[m.Host])] })];

    private static List<string> Problems(ReplicaSetConfig config, RestPlan rest)
    {
        var problems = rest.Problem is { } problem ? new List<string> { problem } : [];
        problems.AddRange(config.Members.Where(m => rest.Find(m.Host) is { } at && (at.Votes != m.Votes || (m is { ArbiterOnly: false, Votes: 1 } && at.Priority != m.Priority)))
            .Select(m => FormattableString.Invariant($"{m.Host} has votes {m.Votes} and priority {m.Priority}, and would get {rest.Find(m.Host)!.Votes} and {rest.Find(m.Host)!.Priority}")));
        return problems;
    }

    private static MemberSpec AsItIs(ConfigMember member, string? zone, string region)
    {
        var tags = member.Tags.Where(t => t.Key != TagNames.Owner && !(t.Key == TagNames.Region && t.Value == region) && !(t.Key == TagNames.Zone && t.Value == zone)).ToDictionary(StringComparer.Ordinal);
        return new MemberSpec
        {
            Host = member.Host,
            Zone = zone,
            Hidden = member.Hidden ? true : null,
            ArbiterOnly = member.ArbiterOnly ? true : null,
            SecondaryDelaySecs = member.SecondaryDelaySecs > 0 ? (int)member.SecondaryDelaySecs : null,
            BuildIndexes = member.BuildIndexes ? null : false,
            Tags = tags.Count > 0 && !member.ArbiterOnly ? tags : null,
            Horizons = member.Horizons.Count > 0 ? member.Horizons : null,
        };
    }
}
