using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Migrations.Windows;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Takes the traffic from step to step; a step's hold starts when all records are in sync. The primary moves between two steps.</summary>
public sealed class ShiftingPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.Shifting;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var (spec, status, step) = (context.Spec, context.Status, context.Step);
        var last = spec.TrafficSteps.Count - 1;

        // Edited steps may begin above the share that is reached: it is under way all the same.
        if (step.Index >= 0 || step.Percent > 0)
        {
            if (Handshake.RecordsNotSettled(context) is { } missing)
            {
                return OnTheWay(context, missing);
            }

            if (step.InSyncTime is null)
            {
                var arrived = status with { Step = step with { InSyncTime = context.Now.UtcDateTime }, Override = Asks.Forbid(status.Override!) };
                var held = Pauses.Of(context, arrived);
                var until = held is { Until: null } ? ", until a person promotes it" : "";
                return PhaseOutcome.Ask(arrived, held is null ? null : Pauses.Words(context, held), $"{step.Percent}% of the traffic is in {spec.To}{until}", context.Now);
            }
        }

        var primaryIsDue = !context.PrimaryMoveAsked && (step.Percent >= spec.Primary.MoveAtPercent || step.Index >= last);
        if (step.Index >= last && !primaryIsDue)
        {
            return PhaseOutcome.Enter(status, MigrationPhases.Soaking, context.Now, $"All traffic and the primary are in {spec.To}");
        }

        // The last step's hold is the soak; it starts when the primary has moved too.
        if (Pauses.Standing(context, status) is { } pause)
        {
            return Pauses.Wait(context, pause);
        }

        if (Handshake.NotSettled(context) is { } busy)
        {
            return PhaseOutcome.Wait(status, busy);
        }

        if (GateVerdict.FirstNotPassing(context.Gates) is { } gate)
        {
            return PhaseOutcome.AwaitGate(context, gate);
        }

        return primaryIsDue
            ? Openings.Awaited(context, "the primary's move", Estimates.HandOff(context)) ?? MovePrimary(context)
            : Openings.Awaited(context, $"the step to {spec.TrafficSteps[step.Index + 1].Percent}%", Estimates.Step(context, spec.TrafficSteps[step.Index + 1].Percent)) ?? NextStep(context);
    }

    private static PhaseOutcome OnTheWay(MigrationContext context, string missing)
    {
        var status = context.Status;
        var gate = GateVerdict.FirstNotPassing(context.Gates);
        var asked = gate is null ? Asks.Permit(status.Override!, context.Now) : Asks.Forbid(status.Override!);
        return PhaseOutcome.Wait(status with { Override = asked }, gate ?? missing, context.Now + (Asks.PermitDuration / 3));
    }

    private static PhaseOutcome MovePrimary(MigrationContext context) => PhaseOutcome.Enter(
        context.Status with { Override = context.Status.Override! with { PrimaryRegion = context.Spec.To } },
        MigrationPhases.MovingPrimary, context.Now, $"The primary moves to {context.Spec.To}");

    private static PhaseOutcome NextStep(MigrationContext context)
    {
        var index = context.Step.Index + 1;
        var percent = context.Spec.TrafficSteps[index].Percent;
        var next = context.Status with
        {
            Step = new MigrationStep { Index = index, Percent = percent },
            Override = Asks.AtPercent(context, context.Status.Override!, percent),
        };
        return PhaseOutcome.Ask(next, $"{percent}% of the traffic to reach {context.Spec.To}", $"Step {index + 1} of {context.Spec.TrafficSteps.Count}: {percent}% of the traffic to {context.Spec.To}", context.Now + (Asks.PermitDuration / 3));
    }
}
