using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>
/// Retires the old region's members, when nobody can need them any more (invariant M5): the clients' seed lists are confirmed, the old
/// region serves no traffic, and no application is connected to its members. There is no way back from here.
/// </summary>
public sealed class DecommissioningPhase : IMigrationPhase
{
    /// <summary>The replica set's check that no application is connected to a member.</summary>
    public const string ConnectionsCheck = "ApplicationConnections";

    /// <inheritdoc/>
    public string Name => MigrationPhases.Decommissioning;

    /// <inheritdoc/>
    public PhaseOutcome Evaluate(MigrationContext context)
    {
        var (spec, status) = (context.Spec, context.Status);
        if (status.Override!.RetiredMembers is null)
        {
            return MayRetire(context) ?? PhaseOutcome.Ask(
                status with { Override = status.Override with { RetiredMembers = [.. Retiring(context)] } },
                $"the members in {spec.From} to leave the set", $"The members in {spec.From} leave the set");
        }

        return Handshake.NotSettled(context) is { } missing
            ? PhaseOutcome.Wait(status, missing)
            : PhaseOutcome.Enter(status, MigrationPhases.Completed, context.Now, $"{spec.From} is decommissioned");
    }

    private static PhaseOutcome? MayRetire(MigrationContext context)
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

        var checks = context.ReplicaSet?.Status?.Checks ?? [];
        foreach (var host in Retiring(context))
        {
            if (checks.FirstOrDefault(c => c.Name == ConnectionsCheck && c.Member == host)?.Result != "Passed")
            {
                return PhaseOutcome.Wait(status, $"no application to be connected to {host} (check {ConnectionsCheck})");
            }
        }

        return GateVerdict.FirstNotPassing(context.Gates) is { } gate ? PhaseOutcome.AwaitGate(context, gate) : null;
    }

    private static IEnumerable<string> Retiring(MigrationContext context) =>
        (context.ReplicaSet?.Spec.Regions ?? []).Where(r => r.Name == context.Spec.From).SelectMany(r => r.Members).Select(m => m.Host);
}
