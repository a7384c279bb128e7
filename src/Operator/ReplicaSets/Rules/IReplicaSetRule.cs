using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>One of the invariants R1 to R12. It judges a step by what was observed and by what the step makes, without knowing why the planner wants it.</summary>
public interface IReplicaSetRule
{
    /// <summary>The name in messages and conditions, as <c>R1Majority</c>.</summary>
    string Name { get; }

    /// <summary>What the step would break, in words; null: it keeps the rule.</summary>
    string? Check(ProposedStep proposed);
}

/// <summary>A step on trial.</summary>
/// <param name="Step">The step.</param>
/// <param name="Input">What it was computed from.</param>
/// <param name="Current">The configuration in force; without members before an initiation.</param>
/// <param name="Next">The configuration that the step makes; the current one for a step that makes none.</param>
public sealed record ProposedStep(Step Step, PlanInput Input, ReplicaSetConfig Current, ReplicaSetConfig Next)
{
    /// <summary>What was seen.</summary>
    public ObservedReplicaSet Observed => Input.Observed;

    /// <summary>The effective topology.</summary>
    public DesiredTopology Desired => Input.Desired;

    /// <summary>The same with votes and priorities derived.</summary>
    public RestPlan Rest => Input.Rest;

    /// <summary>The limits.</summary>
    public PlanningPolicy Policy => Input.Policy;

    /// <summary>The past.</summary>
    public PlanningHistory History => Input.History;

    /// <summary>The entry of the primary in force; null: there is none.</summary>
    public ConfigMember? Primary => Observed.Primary is { } host ? Current.Find(host) : null;

    /// <summary>Whether the primary is where it should be.</summary>
    public bool PrimaryIsHome => Primary is { } primary && Desired.RegionOf(primary) == Rest.PrimaryRegion;

    /// <summary>Members that vote after the step and did not before, and the other way round; the server's <c>newlyAdded</c> ones count as voting.</summary>
    public (IReadOnlyList<ConfigMember> Gained, IReadOnlyList<ConfigMember> Lost) Votes() => (
        [.. Next.Members.Where(m => m.Votes > 0 && Current.Members.FirstOrDefault(o => o.Id == m.Id) is not { Votes: > 0 })],
        [.. Current.Members.Where(m => m.Votes > 0 && Next.Members.FirstOrDefault(n => n.Id == m.Id) is not { Votes: > 0 })]);

    /// <summary>Healthy and close at this moment.</summary>
    public bool IsClose(ConfigMember member) => MemberHealth.IsCloseAndHealthy(Observed, Observed.Member(member.Host), Policy.MaxReplicationLag);

    /// <summary>Healthy and close, or not known to the primary yet.</summary>
    public bool MayBeWell(ConfigMember member) => MemberHealth.MayBeWell(Observed, Observed.Member(member.Host), Policy.MaxReplicationLag);

    /// <summary>
    /// R3's question: SECONDARY, close for the whole window, it and every voter that is up see each other healthy. An arbiter that cannot be read
    /// is not waited for to see it.
    /// </summary>
    public bool HasProved(ConfigMember member)
    {
        var seen = Observed.Member(member.Host);
        return seen.State == MemberState.Secondary
            && IsClose(member)
            && MemberHealth.IsSteady(Observed, seen, Policy.StabilizationWindow)
            && Current.Voters.Where(v => v.Id != member.Id && Observed.Member(v.Host).Healthy == true)
                .All(v => (seen.SeenHealthyBy.Contains(v.Host) || !MemberHealth.TellsWhomItSees(Observed, v)) && Observed.Member(v.Host).SeenHealthyBy.Contains(member.Host));
    }
}
