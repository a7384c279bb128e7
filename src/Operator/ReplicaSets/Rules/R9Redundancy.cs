using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>A removal never lowers the number of healthy data-bearing members under what the effective topology asks for.</summary>
internal sealed class R9Redundancy : IReplicaSetRule
{
    public string Name => nameof(R9Redundancy);

    public string? Check(ProposedStep proposed)
    {
        if (proposed.Step is not Reconfig { Removals.Count: > 0, Force: false })
        {
            return null;
        }

        var (before, after) = (Healthy(proposed.Current), Healthy(proposed.Next));
        var asked = proposed.Rest.Members.Count(r => !r.ArbiterOnly);
        return after < before && after < asked ? $"{after} healthy data-bearing members would be left of {asked} wanted" : null;

        int Healthy(ReplicaSetConfig config) => config.Members.Count(m => !m.ArbiterOnly && proposed.IsClose(m));
    }
}
