using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>What is in force on a replica set while a migration decides, and which fields of its spec wait for Git. Pure.</summary>
internal static class InForce
{
    /// <summary>What counts instead of the spec, as a sentence without an end; null: the two agree.</summary>
    public static string? Instead(MongoReplicaSetSpec spec, LatchedOverride latched)
    {
        var members = spec.Regions.SelectMany(r => r.Members).ToList();
        List<string> Of(IReadOnlyList<string>? hosts, Func<MemberSpec, bool> differs) =>
            [.. members.Where(m => differs(m) && hosts?.Contains(m.Host, HostNames.Comparer) == true).Select(m => m.Host)];
        var (retired, voteless, hidden) = (Of(latched.RetiredMembers, _ => true), Of(latched.VotelessMembers, m => m.Votes != 0), Of(latched.HiddenMembers, m => m.Hidden != true));
        var all = new List<string>();
        if (latched.PrimaryRegion is { } region && region != spec.PrimaryRegion)
        {
            all.Add($"the primary belongs to {region} (spec.primaryRegion says {spec.PrimaryRegion})");
        }

        Add(retired, "out of the set");
        Add(voteless, "without a vote");
        Add(hidden, "hidden");
        return all.Count == 0 ? null : string.Join("; ", all);

        void Add(List<string> hosts, string how)
        {
            if (hosts.Count > 0)
            {
                all.Add($"{string.Join(", ", hosts)} {(hosts.Count == 1 ? "is" : "are")} {how} (spec.regions says otherwise)");
            }
        }
    }
}
