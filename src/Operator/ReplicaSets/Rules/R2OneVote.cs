using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>At most one member's vote changes in one reconfig, and the next one waits until the configuration is committed by a majority (manual: replSetReconfig, since 4.4).</summary>
internal sealed class R2OneVote : IReplicaSetRule
{
    public string Name => nameof(R2OneVote);

    public string? Check(ProposedStep proposed)
    {
        if (proposed.Step is not Reconfig { Force: false })
        {
            return null;
        }

        var (gained, lost) = proposed.Votes();
        if (gained.Count + lost.Count > 1)
        {
            return $"{gained.Count + lost.Count} votes change at once ({string.Join(", ", gained.Concat(lost).Select(m => m.Host))})";
        }

        return proposed.Current.IsCommitted ? null : "the configuration in force is not committed by a majority";
    }
}
