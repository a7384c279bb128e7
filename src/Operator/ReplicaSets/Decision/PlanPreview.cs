using System.Security.Cryptography;
using System.Text;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Simulation;

namespace Modestano.Operator.ReplicaSets.Decision;

/// <summary>What will happen, in order, before it happens: the planner run against a model of the set until it settles.</summary>
/// <param name="Steps">The steps, waits among them; for <c>status.plan</c>.</param>
/// <param name="Hash">For <c>status.planHash</c>; empty where there is nothing to do.</param>
public sealed record PlanPreview(IReadOnlyList<PlannedStep> Steps, string Hash)
{
    /// <summary>As many as <c>status.plan</c> holds.</summary>
    private const int MaxSteps = 100;

    /// <summary>Nothing to do.</summary>
    public static PlanPreview Nothing { get; } = new([], "");

    /// <summary>The steps without waits, each in its canonical form: what an approval covers.</summary>
    public IReadOnlyList<string> Effects { get; private init; } = [];

    /// <summary>Whether the plan ends with everything as wanted; false: its last entry says what it cannot get past.</summary>
    public bool Settles { get; private init; } = true;

    /// <summary>Runs the planner against the model.</summary>
    /// <param name="input">Where it begins.</param>
    /// <param name="identity">Whose plan it is: part of the hash.</param>
    public static PlanPreview Of(PlanInput input, PlanIdentity identity)
    {
        var (observed, desired, policy, history) = (input.Observed, input.Desired, input.Policy, input.History);
        var steps = new List<PlannedStep>();
        var effects = new List<string>();
        // That the server refused a step a moment ago changes when it is taken, not what the plan is.
        var past = history with { PlanApproved = true, Steps = [.. history.Steps.Select(s => s with { Refusal = null })] };
        var state = observed;
        var settles = false;
        for (var waited = false; steps.Count < MaxSteps;)
        {
            var decision = Planner.Next(new(state, desired, policy, past));
            if (decision is PlanDecision.Act(var step))
            {
                state = ReplicaSetModel.After(state, step);
                past = past with { Steps = [.. past.Steps, new PastStep(state.At, step, StepOutcome.Succeeded)] };
                effects.Add(StepText.Of(step));
                steps.Add(new PlannedStep { Kind = step.Kind, Summary = step.Summary, Votes = state.Config is { } config ? StepSummary.Votes(config, desired) : null });
                waited = false;
            }
            else if (decision is PlanDecision.Wait wait && !waited)
            {
                steps.Add(new PlannedStep { Kind = "Wait", Summary = wait.Message });
                state = ReplicaSetModel.Ideal(state, desired, policy, wait.Until);
                waited = true;
            }
            else
            {
                settles = decision is PlanDecision.Settled;
                if (decision is PlanDecision.Stalled stalled)
                {
                    // With its reason, which is what a person looks up.
                    steps.Add(new PlannedStep { Kind = "Wait", Summary = $"{stalled.Reason}: {stalled.Message}" });
                }

                break;
            }
        }

        return effects.Count == 0 ? new PlanPreview(steps, "") { Settles = settles } : new PlanPreview(steps, HashOf(observed, identity, effects)) { Effects = effects, Settles = settles };
    }

    private static string HashOf(ObservedReplicaSet observed, PlanIdentity identity, List<string> effects)
    {
        var text = string.Join('\n', [
            FormattableString.Invariant($"{identity.Uid} {identity.Generation} {identity.OverrideRevision} {identity.SpentApproval}"),
            FormattableString.Invariant($"{observed.Config?.Version} {observed.Config?.Term}"),
            .. effects]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}

/// <summary>Whose plan it is.</summary>
/// <param name="Uid">The object's UID.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="OverrideRevision">The latched override's revision; null: none.</param>
/// <param name="SpentApproval">The hash that was approved last and is used up: the same plan later is another one, so that it can be approved. Null: none.</param>
public sealed record PlanIdentity(string Uid, long Generation, long? OverrideRevision, string? SpentApproval = null);
