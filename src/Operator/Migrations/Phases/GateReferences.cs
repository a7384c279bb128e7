using System.Globalization;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Phases;

/// <summary>Gates that could never be evaluated: told before anything is claimed, and not at the first step at night.</summary>
internal static class GateReferences
{
    /// <summary>What is wrong; null: nothing.</summary>
    public static (string Reason, string Message)? Wrong(MigrationContext context)
    {
        var gates = context.Spec.Gates;
        var refs = context.RecordRefs.Select(r => r.Name).ToList();
        foreach (var probe in gates.Probes ?? [])
        {
            if (!refs.Contains(probe.EndpointRef))
            {
                var known = refs.Count == 0 ? "there are none" : $"they are {string.Join(", ", refs)}";
                return (MigrationReasons.WrongGate, $"spec.gates.probes[name={probe.Name}].endpointRef: {probe.EndpointRef} is none of spec.dnsRecordRefs; {known}");
            }
        }

        foreach (var query in gates.Prometheus ?? [])
        {
            if (Number(query.Min) > Number(query.Max))
            {
                return (MigrationReasons.WrongGate, $"spec.gates.prometheus[name={query.Name}]: min {query.Min} is above max {query.Max}, so it could never pass");
            }
        }

        // Status lists gates by name.
        return ReplicaSetGates.Names.Concat((gates.Probes ?? []).Select(p => p.Name)).Concat((gates.Prometheus ?? []).Select(p => p.Name))
            .GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? (MigrationReasons.WrongGate, $"spec.gates: the name {twice.Key} is used twice, or is that of a gate which every migration has: choose another")
            : null;
    }

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
