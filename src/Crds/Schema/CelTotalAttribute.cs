namespace Modestano.Crds.Schema;

/// <summary>A bound on the sum of a term over the items of a list, written out item by item up to the list's <c>MaxLength</c>.</summary>
/// <remarks>
/// <c>self.map(x, …).sum()</c> would be shorter, but older API servers (1.30 among them) estimate its cost as unlimited and refuse the whole definition
/// (kubernetes/kubernetes#126239).
/// </remarks>
/// <param name="term">A CEL expression over <c>item</c> with a number as its value.</param>
/// <param name="maximum">The largest allowed sum.</param>
/// <param name="message">What a person reads when the rule fails.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelTotalAttribute(string term, int maximum, string message) : Attribute
{
    /// <summary>The CEL expression over <c>item</c>.</summary>
    public string Term { get; } = term;

    /// <summary>The largest allowed sum.</summary>
    public int Maximum { get; } = maximum;

    /// <summary>The message of the refusal.</summary>
    public string Message { get; } = message;
}
