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

        // Of whom the primary has not heard yet may be one of the healthy ones.
        var takesAWellOne = proposed.Current.Members.Any(m => !m.ArbiterOnly && proposed.Next.Find(m.Host) is null && proposed.MayBeWell(m));
        var after = proposed.Next.Members.Count(m => !m.ArbiterOnly && proposed.IsClose(m));
        var asked = proposed.Rest.Members.Count(r => !r.ArbiterOnly);
        return takesAWellOne && after < asked ? $"{after} healthy data-bearing members would be left of {asked} wanted" : null;
    }
}
