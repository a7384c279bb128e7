using System.ComponentModel.DataAnnotations;

namespace Modestano.Crds.V1Alpha1;

/// <summary>A condition as the Kubernetes API conventions describe it (<c>metav1.Condition</c>).</summary>
public sealed record Condition
{
    /// <summary>CamelCase type, unique in the list: one of <see cref="ConditionTypes"/>.</summary>
    [Required, StringLength(316)]
    public string Type { get; init; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Required, AllowedValues("True", "False", "Unknown")]
    public string Status { get; init; } = "Unknown";

    /// <summary>The generation of the spec that was evaluated.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When <see cref="Status"/> last flipped.</summary>
    [Required]
    public DateTime LastTransitionTime { get; init; }

    /// <summary>A constant in CamelCase for machines.</summary>
    [Required, StringLength(1024, MinimumLength = 1)]
    public string Reason { get; init; } = "";

    /// <summary>What a person does next; carries no figure that changes by itself.</summary>
    [Required, StringLength(1024)]
    public string Message { get; init; } = "";
}
