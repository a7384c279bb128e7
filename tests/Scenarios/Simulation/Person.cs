using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Simulation;

/// <summary>
/// Reads the conditions, as people do: after a while, and then does what they say. Where a condition names nothing that a person decides, that
/// is a break.
/// </summary>
internal sealed class Person(ReplicaSetWorld world, Truth truth, SpecGenerator specs, StubbornHand hand, Action<string> log)
{
    private string? _reads;
    private TimeSpan _since;
    private readonly Dictionary<string, TimeSpan> _ill = [];
    private readonly Dictionary<string, int> _starts = [];

    /// <summary>How long a condition stands before anybody acts on it.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Looks at status. A text: what no person could act on.</summary>
    public string? Look()
    {
        var waiting = Waiting();
        if (waiting is null || waiting != _reads)
        {
            (_reads, _since) = (waiting, world.Network.Loop.Elapsed);
            return null;
        }

        if (world.Network.Loop.Elapsed - _since < Patience)
        {
            return null;
        }

        _reads = null;
        return Act(waiting);
    }

    /// <summary>Looks after the machines: what does not run is started, what is too stale gets an empty disk.</summary>
    public void TendMachines()
    {
        foreach (var member in world.Network.Members)
        {
            // One that ends again and again found no common point to roll back to, or nobody to copy from.
            if (!member.IsRunning && (_starts[member.Host] = _starts.GetValueOrDefault(member.Host) + 1) > 5)
            {
                log($"{member.Host} does not stay up: it gets an empty disk");
                _starts.Remove(member.Host);
                member.WipeDisk();
            }

            member.Restart();
            if (member.Process?.Topology.State != MemberState.Recovering)
            {
                _ill.Remove(member.Host);
            }
            else if (!_ill.TryAdd(member.Host, world.Network.Loop.Elapsed) && world.Network.Loop.Elapsed - _ill[member.Host] > TimeSpan.FromSeconds(40))
            {
                _ill.Remove(member.Host);
                log($"{member.Host} is too stale: it gets an empty disk");
                member.Crash();
                member.WipeDisk();
                member.Restart();
            }
        }
    }

    private string? Waiting()
    {
        if (world.Status.ObservedGeneration != world.Entity.Metadata.Generation)
        {
            return null;
        }

        return Of(ConditionTypes.Stalled) ?? Of(ConditionTypes.AwaitingApproval);

        string? Of(string type) => world.Status.Conditions?.FirstOrDefault(c => c.Type == type && c.Status == "True")?.Reason;
    }

    private string? Act(string reason)
    {
        var spec = world.Entity.Spec;
        switch (reason)
        {
            case PlanReasons.Adoption or PlanReasons.ManualApproval or PlanReasons.ForcedConfig or PlanReasons.ChangedInTrouble:
                if (world.Status.PlanHash is not { } hash)
                {
                    return $"{reason} is waited for, and status.planHash is empty";
                }

                Apply("approves the plan", spec with { Reconfiguration = spec.Reconfiguration with { ApprovedPlanHash = hash } });
                return null;
            case PlanReasons.Contested:
                Apply("edits the spec", spec with { Reconfiguration = spec.Reconfiguration with { MaxTransactionAge = Duration.FromSeconds(spec.Reconfiguration.MaxTransactionAge.Value.TotalSeconds + 1) } });
                return null;
            case PlanReasons.InvalidTopology or PlanReasons.ImmutableMemberField or PlanReasons.MemberOfAnotherSet:
                Apply("asks for something else", specs.Attainable(spec, truth.Config));
                return null;
            case PlanReasons.OneArbiter:
                Apply("asks for one arbiter", specs.Attainable(spec, truth.Config));
                return null;
            case PlanReasons.RefusedByServer when Message(reason).Contains("Multiple arbiters are not allowed", StringComparison.Ordinal):
                Apply("asks for one arbiter", specs.Attainable(spec, truth.Config));
                return null;
            case PlanReasons.ImplicitWriteConcernWouldChange:
                Apply("makes the default write concern explicit", spec with { DefaultWriteConcern = new DefaultWriteConcern { W = "majority" } });
                return null;
            case PlanReasons.MemberPreflightFailed:
                log("a person enlarges the oplogs");
                foreach (var member in world.Network.Members)
                {
                    hand.Send(member, new BsonDocument { { "replSetResizeOplog", 1 }, { "size", 1000.0 } });
                }

                return null;
            case PlanReasons.MemberNotReady:
                // A member that needs an empty disk gets it in peace: see TendMachines.
                return null;
            default:
                return $"stalled: {reason}: {Message(reason)}";
        }
    }

    private string Message(string reason) => world.Status.Conditions!.First(c => c.Reason == reason).Message ?? "";

    private void Apply(string what, MongoReplicaSetSpec spec)
    {
        log($"a person {what}");
        world.Apply(spec);
    }
}
