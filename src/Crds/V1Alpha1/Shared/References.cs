using System.ComponentModel.DataAnnotations;

namespace Modestano.Crds.V1Alpha1;

/// <summary>Names an object of a fixed kind in the same namespace.</summary>
public sealed record LocalObjectReference
{
    /// <summary>The object's name.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    public string Name { get; init; } = "";
}

/// <summary>Names one key of a Secret in the same namespace.</summary>
public sealed record SecretKeyReference
{
    /// <summary>The Secret's name.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>The key in the Secret's data.</summary>
    [StringLength(253, MinimumLength = 1)]
    public string? Key { get; init; }
}
