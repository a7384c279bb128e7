using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// Never <c>force: true</c>, but once under <c>spec.recovery</c>, which names the configuration that may be overridden and attests every
/// unreachable voter to be stopped (manual: Reconfigure a Replica Set with Unavailable Members: forcing can lose committed writes).
/// </summary>
internal sealed class R6NoForce : IReplicaSetRule
{
    public string Name => nameof(R6NoForce);

    public string? Check(ProposedStep proposed)
    {
        if (proposed.Step is not Reconfig { Force: true })
        {
            return null;
        }

        if (proposed.Policy.Recovery is not { } permit || permit.ConfigVersion != proposed.Current.Version || permit.ConfigTerm != proposed.Current.Term)
        {
            return $"no permit for configuration (version {proposed.Current.Version}, term {proposed.Current.Term})";
        }

        if (proposed.History.RecoveryUsed)
        {
            return "the permit has been used";
        }

        if (proposed.Observed.Primary is not null || proposed.Observed.PrimaryViews.Any(v => v.Primary is not null))
        {
            return "somebody sees a primary";
        }

        if (proposed.Current.Members.FirstOrDefault(m => proposed.Observed.Member(m.Host) is { Reachable: true, OwnStatus: not (OwnStatus.Member or OwnStatus.Arbiter) }) is { } silent)
        {
            return $"{silent.Host} answers and does not tell what it sees";
        }

        return proposed.Current.Members.FirstOrDefault(m => m.Votes > 0 && proposed.Observed.Member(m.Host).Reachable == permit.FencedHosts.Contains(m.Host)) is { } doubtful
            ? $"{doubtful.Host} is {(proposed.Observed.Member(doubtful.Host).Reachable ? "attested to be stopped and answers" : "not attested to be stopped and does not answer")}"
            : null;
    }
}
