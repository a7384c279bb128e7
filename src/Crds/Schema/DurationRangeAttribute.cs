namespace Modestano.Crds.Schema;

/// <summary>The bounds of a <see cref="V1Alpha1.Duration"/>, both included, as duration strings.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationRangeAttribute(string minimum, string maximum) : Attribute
{
    /// <summary>The shortest allowed, as <c>1s</c>.</summary>
    public string Minimum { get; } = minimum;

    /// <summary>The longest allowed, as <c>24h</c>.</summary>
    public string Maximum { get; } = maximum;
}
