namespace Modestano.Operator.Dns.Planning;

/// <summary>What becomes of the record sets of an object that goes.</summary>
public abstract record DeletionDecision
{
    /// <summary>Nothing in the zone is ours (any more).</summary>
    public sealed record Done : DeletionDecision;

    /// <summary>Something stands in the way.</summary>
    /// <param name="Why">What.</param>
    public sealed record Blocked(string Why) : DeletionDecision;

    /// <summary>One batch takes away what is ours.</summary>
    /// <param name="Changes">DELETE of exactly what was read.</param>
    /// <param name="MovesTraffic">Whether sets are among it, and not marks alone: only nobody's hold allows that.</param>
    public sealed record Remove(IReadOnlyList<RecordChange> Changes, bool MovesTraffic) : DeletionDecision;
}

/// <summary>A decision, and what a person should know of what stays.</summary>
/// <param name="Decision">What is next.</param>
/// <param name="Warnings">Reason and words, for Events.</param>
public sealed record DeletionPlan(DeletionDecision Decision, IReadOnlyList<(string Reason, string Words)> Warnings);

/// <summary>All that it is made of.</summary>
/// <param name="Observed">What Route 53 holds.</param>
/// <param name="Claim">What may be called ours.</param>
/// <param name="Spec">The object's spec.</param>
/// <param name="HeldBecause">Who holds the object; null: nobody.</param>
public sealed record DeletionInput(ObservedGroup Observed, Ownership.RecordClaim Claim, Crds.V1Alpha1.WeightedDnsRecordSpec Spec, string? HeldBecause);
