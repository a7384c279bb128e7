using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>Words and sums over gates.</summary>
public static class GateVerdict
{
    /// <summary>The gate holds.</summary>
    public const string Passing = "Passing";

    /// <summary>The gate was evaluated and does not hold.</summary>
    public const string Failing = "Failing";

    /// <summary>There is no data: that only ever holds a migration, it never rolls one back.</summary>
    public const string Unknown = "Unknown";

    /// <summary>
    /// A gate that does not hold, as a sentence; null: all hold. One that was evaluated and fails comes before those without data: it is the
    /// reason, and what the others would say is not known.
    /// </summary>
    public static string? FirstNotPassing(IReadOnlyList<GateStatus> gates) => Worst(gates) is { } gate ? Sentence(gate) : null;

    /// <summary>The gate that the sentence is about.</summary>
    public static GateStatus? Worst(IReadOnlyList<GateStatus> gates) =>
        gates.FirstOrDefault(g => g.Result == Failing) ?? gates.FirstOrDefault(g => g.Result != Passing);

    /// <summary>What is said of a gate that does not hold.</summary>
    public static string Sentence(GateStatus gate) => $"gate {gate.Name}: {gate.Message}";

    /// <summary>Whether a gate was evaluated and does not hold.</summary>
    public static bool AnyFailing(IReadOnlyList<GateStatus> gates) => gates.Any(g => g.Result == Failing);
}
