using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Migrations.Windows;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>
/// Retires the old region's members, when nobody can need them any more (invariant M5): the clients' seed lists are confirmed and the old
/// region serves no traffic; then its members are hidden, so that drivers let go of them; when no application is connected to them, they
/// leave. Until they are told to leave there is a way back.
/// </summary>
public sealed class DecommissioningPhase : IMigrationPhase
{
    /// <inheritdoc/>
    public string Name => MigrationPhases.Decommissioning;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var (spec, status) = (context.Spec, context.Status);
        if (status.Override!.RetiredMembers is null && (spec.Decommission.Mode == "Remove" ? NotYet(context) : CalledOff(context)) is { } other)
        {
            return other;
        }

        return status.Override switch
        {
            { RetiredMembers: null, HiddenMembers: null } => PhaseOutcome.Ask(
                status with { Override = status.Override with { HiddenMembers = [.. Targets.DataBearing(context.ReplicaSet!, spec.From).Select(m => m.Host)] } },
                $"the members in {spec.From} to be hidden", $"The members in {spec.From} are hidden, so that applications let go of them"),
            { RetiredMembers: null } => PhaseOutcome.Ask(
                status with { Override = status.Override with { HiddenMembers = null, RetiredMembers = [.. Retiring(context)] } },
                $"the members in {spec.From} to leave the set", $"The members in {spec.From} leave the set"),
            _ => Handshake.NotSettled(context) is { } missing
                ? PhaseOutcome.Wait(status, missing)
                : PhaseOutcome.Enter(status, MigrationPhases.Completed, context.Now, $"{spec.From} is decommissioned"),
        };
    }

    /// <summary>Somebody set the mode back before anybody left: the members are shown again and stay.</summary>
    private static PhaseOutcome CalledOff(MigrationContext context)
    {
        var (spec, status) = (context.Spec, context.Status);
        if (status.Override!.HiddenMembers is not null)
        {
            return PhaseOutcome.Ask(
                status with { Override = status.Override with { HiddenMembers = null } },
                $"the members in {spec.From} to be visible again", $"Decommissioning is called off: the members in {spec.From} are shown again");
        }

        return Handshake.NotSettled(context) is { } missing
            ? PhaseOutcome.Wait(status, missing)
            : PhaseOutcome.Enter(status, MigrationPhases.Completed, context.Now, $"Primary and traffic are in {spec.To}; the members in {spec.From} stay");
    }

    /// <summary>What each step towards the end waits for; null: nothing.</summary>
    private static PhaseOutcome? NotYet(MigrationContext context)
    {
        var (spec, status) = (context.Spec, context.Status);
        var due = (status.PhaseStartTime ?? context.Now.UtcDateTime) + spec.Decommission.After.Value;
        if (context.Now.UtcDateTime < due)
        {
            return PhaseOutcome.Wait(status, $"the delay of {spec.Decommission.After} (spec.decommission.after)", new DateTimeOffset(due, TimeSpan.Zero));
        }

        if (!spec.Decommission.ClientsConfirmed)
        {
            return PhaseOutcome.Wait(status, $"spec.decommission.clientsConfirmed: set it to true when every client's seed list holds the hosts of {spec.To}");
        }

        if (context.RecordRefs.Count > 0 && Targets.ServedPercent(context) is not 100)
        {
            return PhaseOutcome.Wait(status, $"{spec.From} to serve no traffic");
        }

        if (Handshake.NotSettled(context) is { } missing)
        {
            return PhaseOutcome.Wait(status, missing);
        }

        if (GateVerdict.FirstNotPassing(context.Gates) is { } gate)
        {
            return PhaseOutcome.AwaitGate(context, gate);
        }

        return status.Override!.HiddenMembers is null
            ? Openings.Awaited(context, $"hiding the members in {spec.From}", Estimates.Leaving(1))
            : Openings.Awaited(context, $"the members' leave from {spec.From}", Estimates.Leaving(Retiring(context).Count()));
    }

    private static IEnumerable<string> Retiring(MigrationContext context) =>
        context.ReplicaSet!.Spec.Regions.Where(r => r.Name == context.Spec.From).SelectMany(r => r.Members).Select(m => m.Host);
}
