using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>Everything that a decision about a set with a primary and a configuration looks at.</summary>
public sealed class PlanContext
{
    private readonly PlanInput _input;

    /// <summary>Gathers it; the set must have a configuration, and a primary that is in it.</summary>
    public PlanContext(PlanInput input)
    {
        _input = input;
        Config = Observed.Config ?? throw new ArgumentException("the set has no configuration", nameof(input));
        Primary = Config.Find(Observed.Primary ?? "") ?? throw new ArgumentException($"the primary {Observed.Primary ?? "(none)"} is not in the configuration", nameof(input));
    }

    /// <summary>What was seen.</summary>
    public ObservedReplicaSet Observed => _input.Observed;

    /// <summary>What is wanted.</summary>
    public DesiredTopology Desired => _input.Desired;

    /// <summary>What is wanted, with votes and priorities derived.</summary>
    public RestPlan Rest => _input.Rest;

    /// <summary>The limits.</summary>
    public PlanningPolicy Policy => _input.Policy;

    /// <summary>The past.</summary>
    public PlanningHistory History => _input.History;

    /// <summary>The configuration in force.</summary>
    public ReplicaSetConfig Config { get; }

    /// <summary>The primary's entry.</summary>
    public ConfigMember Primary { get; }

    /// <summary>The member's region.</summary>
    public string RegionOf(ConfigMember member) => Desired.RegionOf(member);

    /// <summary>The primary is not where it should be, or must give the role up: it leaves, or cannot be primary at rest.</summary>
    public bool PrimaryMustMove => RegionOf(Primary) != Rest.PrimaryRegion || Rest.Find(Primary.Host) is not { IsElectable: true };

    /// <summary>
    /// Whether a voter may lend its vote to a newcomer until the primary has moved: one of the wanted region would only lend it to its neighbour,
    /// and take it back.
    /// </summary>
    public bool MayLend(ConfigMember voter) => voter.Id != Primary.Id && !voter.ArbiterOnly && RegionOf(voter) != Rest.PrimaryRegion;

    /// <summary>Healthy and close at this moment.</summary>
    public bool IsClose(string host) => MemberHealth.IsCloseAndHealthy(Observed, Observed.Member(host), Policy.MaxReplicationLag);

    /// <summary>Healthy and close, or not known to the primary yet.</summary>
    public bool MayBeWell(string host) => MemberHealth.MayBeWell(Observed, Observed.Member(host), Policy.MaxReplicationLag);

    /// <summary>Healthy and close for the whole window.</summary>
    public bool IsSteady(string host) => MemberHealth.IsSteady(Observed, Observed.Member(host), Policy.StabilizationWindow);

    /// <summary>Votes of the primary's region that stay there, in a configuration.</summary>
    public int HomeVotes(ReplicaSetConfig config) => config.Voters.Count(m => Rest.Find(m.Host) is { } r && r.Region == Rest.PrimaryRegion && r.Votes == 1);
}

/// <summary>Why something that is wanted cannot be done now.</summary>
/// <param name="Reason">One of <see cref="PlanReasons"/>.</param>
/// <param name="Message">For a person.</param>
/// <param name="NeedsPerson">True: it does not pass by itself.</param>
/// <param name="Until">When it passes if nothing happens; null: not known.</param>
public sealed record Blocker(string Reason, string Message, bool NeedsPerson = false, DateTimeOffset? Until = null)
{
    /// <summary>The decision that says so.</summary>
    public PlanDecision ToDecision() => NeedsPerson ? new PlanDecision.Stalled(Reason, Message) : new PlanDecision.Wait(Reason, Message, Until);
}
