using System.ComponentModel.DataAnnotations;

namespace Modestano.Crds.V1Alpha1;

/// <summary>The latest effect that the operator had on the outside world for this object.</summary>
public sealed record LastAction
{
    /// <summary>The kind of step: Reconfig, StepDown, Initiate, ChangeBatch.</summary>
    [Required]
    public string Kind { get; init; } = "";

    /// <summary>What was done, in a sentence.</summary>
    [Required, StringLength(1024)]
    public string Summary { get; init; } = "";

    /// <summary>The same for a column of kubectl: hosts without what all of the set end with, cut where it is long.</summary>
    [StringLength(60)]
    public string? Brief { get; init; }

    /// <summary>When it ended.</summary>
    [Required]
    public DateTime Time { get; init; }

    /// <summary>Succeeded, Refused, Unknown (the answer was lost) or Failed.</summary>
    [Required]
    public string Outcome { get; init; } = "";

    /// <summary>For a hand-off: milliseconds from the step-down command until a new primary accepted writes.</summary>
    public long? WriteGapMillis { get; init; }
}
