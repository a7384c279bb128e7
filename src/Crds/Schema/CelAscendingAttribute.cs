namespace Modestano.Crds.Schema;

/// <summary>A list whose items must not descend by one member, written out pair by pair up to the list's <c>MaxLength</c>.</summary>
/// <remarks>As for <see cref="CelTotalAttribute"/>, <c>map(…).isSorted()</c> is refused by older API servers.</remarks>
/// <param name="member">The JSON name of the member that is compared.</param>
/// <param name="message">What a person reads when the rule fails.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CelAscendingAttribute(string member, string message) : Attribute
{
    /// <summary>The JSON name of the member that is compared.</summary>
    public string Member { get; } = member;

    /// <summary>The message of the refusal.</summary>
    public string Message { get; } = message;
}
