using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Words and sums over gates.</summary>
public static class GateVerdict
{
    /// <summary>The gate holds.</summary>
    public const string Passing = "Passing";

    /// <summary>The gate was evaluated and does not hold.</summary>
    public const string Failing = "Failing";

    /// <summary>There is no data: that only ever holds a migration, it never rolls one back.</summary>
    public const string Unknown = "Unknown";

    /// <summary>The first gate that does not hold, as a sentence; null: all hold.</summary>
    public static string? FirstNotPassing(IReadOnlyList<GateStatus> gates) =>
        gates.FirstOrDefault(g => g.Result != Passing) is { } gate ? $"gate {gate.Name}: {gate.Message}" : null;

    /// <summary>Whether a gate was evaluated and does not hold.</summary>
    public static bool AnyFailing(IReadOnlyList<GateStatus> gates) => gates.Any(g => g.Result == Failing);
}
