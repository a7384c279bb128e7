using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;
using ReplicaSetConfig = Modestano.Operator.ReplicaSets.Observation.ReplicaSetConfig;

namespace Modestano.Scenarios.Simulation;

/// <summary>One reconfig as a primary received it, held against the rules one by one.</summary>
internal sealed class JudgedReconfig(Truth truth, Landscape landscape, MongoReplicaSetSpec spec, string primaryHost, ReplicaSetConfig current, ReplicaSetConfig next)
{
    private readonly ConfigMember _primary = current.Find(primaryHost)!;

    /// <summary>What the spec asks for in the end.</summary>
    public RestPlan Rest { get; } = RestPlan.For(DesiredTopology.From(spec, SpecGenerator.Owner), current);

    /// <summary>The rules that it breaks, by name.</summary>
    public IEnumerable<string> Broken()
    {
        (string Name, Func<string?> Check)[] rules =
        [
            ("R1Majority", Majority), ("R2OneVote", OneVote), ("R3LateVote", LateVote), ("R4GentlePrimary", GentlePrimary), ("R5Limits", Limits),
            ("R8RightSet", RightSet), ("R9Redundancy", Redundancy), ("R11OneOwner", OneOwner), ("OpenTransaction", OpenTransaction),
        ];
        return rules.Select(r => r.Check() is { } broken ? $"{r.Name}: {broken}" : null).OfType<string>();
    }

    private IReadOnlyList<ConfigMember> Gained => [.. next.Members.Where(m => m.Votes > 0 && Before(m) is not { Votes: > 0 })];

    private IReadOnlyList<ConfigMember> Lost => [.. current.Members.Where(m => m.Votes > 0 && After(m) is not { Votes: > 0 })];

    private IEnumerable<ConfigMember> Added => next.Members.Where(m => Before(m) is null);

    private ConfigMember? Before(ConfigMember member) => current.Members.FirstOrDefault(m => m.Id == member.Id && m.Host == member.Host);

    private ConfigMember? After(ConfigMember member) => next.Members.FirstOrDefault(m => m.Id == member.Id && m.Host == member.Host);

    private string? Majority()
    {
        var good = next.Voters.Where(v => v.ArbiterOnly && Before(v) is null ? truth.WasUp(v.Host) : truth.WasGood(v.Host)).ToList();
        var dataBearing = good.Count(v => !v.ArbiterOnly);
        var bad = string.Join(", ", next.Voters.Except(good).Select(v => truth.Describe(v.Host)));
        return good.Count < next.ElectionMajority ? $"{good.Count} good voters of {next.Voters.Count()}, not good: {bad}"
            : dataBearing < next.WriteMajority ? $"{dataBearing} good data-bearing voters, {next.WriteMajority} acknowledge a majority write, not good: {bad}"
            : null;
    }

    private string? OneVote() =>
        Gained.Count + Lost.Count > 1 ? $"{Gained.Count + Lost.Count} votes change: {string.Join(", ", Gained.Concat(Lost).Select(m => m.Host))}"
        : !current.IsCommitted ? $"version {current.Version} is not on a majority of the voters"
        : null;

    private string? LateVote()
    {
        if (Added.FirstOrDefault(m => !m.ArbiterOnly && (m.Votes != 0 || m.Priority != 0 || !m.Hidden)) is { } early)
        {
            return $"{early.Host} joins with votes {early.Votes}, priority {early.Priority}, hidden {early.Hidden}";
        }

        var counting = next.Members.FirstOrDefault(m => !m.ArbiterOnly && Before(m) is { Votes: 0 } before && (m.Votes > 0 || (before.Hidden && !m.Hidden))
            && !(truth.SteadyFor(m.Host) >= spec.Reconfiguration.StabilizationWindow.Value));
        return counting is null ? null : $"{counting.Host} counts after {truth.SteadyFor(counting.Host)?.TotalSeconds ?? 0:0.0} steady seconds";
    }

    private string? GentlePrimary()
    {
        if (After(_primary) is not { IsElectable: true, Hidden: false, SecondaryDelaySecs: 0 } after)
        {
            return $"the primary {primaryHost} is removed or made unelectable";
        }

        return landscape.RegionOf(primaryHost) != spec.PrimaryRegion && next.Members.FirstOrDefault(m => m.Priority > after.Priority && m.Priority > (Before(m)?.Priority ?? 0)) is { } above
            ? $"{above.Host} rises to {above.Priority}, above the primary {primaryHost} with {after.Priority}"
            : null;
    }

    private string? Limits()
    {
        var votes = next.Members.Sum(m => m.Votes);
        if (next.Members.Count > 50 || (votes > VoteAllocation.MaxVotes && votes > current.Members.Sum(m => m.Votes)))
        {
            return $"{next.Members.Count} members, {votes} votes";
        }

        if (next.Members.FirstOrDefault(m => m.Priority > 0 && !m.ArbiterOnly && (m.Votes == 0 || m.Hidden || m.SecondaryDelaySecs > 0)) is { } wrong)
        {
            return $"{wrong.Host} has priority {wrong.Priority} with votes {wrong.Votes}, hidden {wrong.Hidden}, delay {wrong.SecondaryDelaySecs}";
        }

        // A healthy voter does not give way to one that is still missing, but at seven votes, and an arbiter to an arbiter where there may be one only.
        var missing = Rest.Members.Where(r => r.Votes == 1 && next.Find(r.Host) is not { Votes: 1 }).OrderBy(r => r.ArbiterOnly).FirstOrDefault();
        return Lost.FirstOrDefault(m => truth.IsSurelyGood(m.Host) && !(m.ArbiterOnly && missing is { ArbiterOnly: true } && landscape.HasOneArbiter)) is { } healthy && missing is not null && current.Voters.Count() < VoteAllocation.MaxVotes
            ? $"{healthy.Host} loses its vote while {missing.Host} has not got its own"
            : null;
    }

    private string? RightSet() => Added.Select(m => truth.Find(m.Host)).FirstOrDefault(m => m.Disk.Config is { } config
        && (config.Settings.ReplicaSetId != truth.SetId || config.FindByHost(m.Host) is not null)) is { } wrong ? $"{wrong.Host} belongs to a set" : null;

    private string? Redundancy()
    {
        var remaining = next.Members.Where(m => !m.ArbiterOnly && truth.WasGood(m.Host)).Select(m => m.Host).ToList();
        var asked = Rest.Members.Count(r => !r.ArbiterOnly);
        var removed = current.Members.FirstOrDefault(m => !m.ArbiterOnly && After(m) is null && truth.IsSurelyGood(m.Host));
        return removed is not null && remaining.Count < asked ? $"{removed.Host} is healthy and is removed, {asked} good data-bearing members are asked for, good: {string.Join(", ", remaining)}; not good: {string.Join(", ", Rest.Members.Select(m => m.Host).Concat(next.Members.Select(m => m.Host)).Distinct().Except(remaining).Select(truth.Describe))}" : null;
    }

    private string? OneOwner() => next.Members.FirstOrDefault(m => !m.ArbiterOnly && Rest.Find(m.Host) is { IsRetained: false }
        && m.Tags.GetValueOrDefault(TagNames.Owner) != SpecGenerator.Owner) is { } unmarked ? $"{unmarked.Host} is left without our tag" : null;

    private string? OpenTransaction() => !current.Voters.Select(v => v.Host).ToHashSet().SetEquals(next.Voters.Select(v => v.Host)) && truth.Find(primaryHost).CurrentOperations.Count > 0
        && truth.OldOperationsSince is { } since && since < truth.PassBegan ? "a vote changes while an old transaction is open on the primary" : null;
}
