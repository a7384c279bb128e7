namespace Modestano.Operator.Dns.Planning;

/// <summary>All that a decision about one group of record sets is made of.</summary>
/// <param name="Observed">What Route 53 holds.</param>
/// <param name="Desired">What it should hold in the end.</param>
/// <param name="Policy">How it may get there.</param>
/// <param name="Now">The moment of the decision.</param>
public sealed record DnsPlanInput(ObservedGroup Observed, DesiredGroup Desired, ShiftPolicy Policy, DateTimeOffset Now)
{
    /// <summary>What earlier passes left.</summary>
    public PastSteps Past { get; init; } = PastSteps.None;
}
