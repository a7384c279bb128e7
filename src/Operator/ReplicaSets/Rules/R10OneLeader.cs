using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// The planner's share of R10: a step-down names the primary and the term that it was decided for, so that the adapter can read both again
/// before it acts. That an effect ends before the lease does is the shell's share (<c>ILeadership.BeginEffect</c>).
/// </summary>
internal sealed class R10OneLeader : IReplicaSetRule
{
    public string Name => nameof(R10OneLeader);

    public string? Check(ProposedStep proposed) =>
        proposed.Step is StepDown down && (down.PrimaryHost != proposed.Observed.Primary || down.Term != proposed.Observed.Term)
            ? $"it was decided for {down.PrimaryHost} in term {down.Term}; the primary is {proposed.Observed.Primary ?? "none"} in term {proposed.Observed.Term}"
            : null;
}
