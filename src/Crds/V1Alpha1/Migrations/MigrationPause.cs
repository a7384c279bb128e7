using System.ComponentModel.DataAnnotations;

namespace Modestano.Crds.V1Alpha1;

/// <summary>The hold of a step: it ends by itself, or a person promotes it.</summary>
public sealed record MigrationPause
{
    /// <summary>The step's percentage.</summary>
    [Required]
    public int Percent { get; init; }

    /// <summary>
    /// New for each pause of each migration. The annotation <c>mongo.modestano.io/promote: "percent/token"</c> ends this one and no other.
    /// </summary>
    [Required]
    public string Token { get; init; } = "";

    /// <summary>Since when.</summary>
    [Required]
    public DateTime Since { get; init; }

    /// <summary>When the hold ends by itself; absent: when a person promotes it.</summary>
    public DateTime? Until { get; init; }
}

/// <summary>A pause, or the rest of a hold, that a person ended.</summary>
public sealed record MigrationPromotion
{
    /// <summary>The step's percentage.</summary>
    [Required]
    public int Percent { get; init; }

    /// <summary>The token of the pause.</summary>
    [Required]
    public string Token { get; init; } = "";

    /// <summary>When it was seen.</summary>
    [Required]
    public DateTime Time { get; init; }
}
