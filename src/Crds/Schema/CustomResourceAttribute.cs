namespace Modestano.Crds.Schema;

/// <summary>Names of a namespaced custom resource in category <c>modestano</c> with a status subresource.</summary>
/// <param name="kind">The kind, as <c>MongoReplicaSet</c>.</param>
/// <param name="plural">The plural, as in the URL.</param>
/// <param name="shortName">What people type.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomResourceAttribute(string kind, string plural, string shortName) : Attribute
{
    /// <summary>The kind.</summary>
    public string Kind { get; } = kind;

    /// <summary>The plural, as in the URL.</summary>
    public string Plural { get; } = plural;

    /// <summary>What people type.</summary>
    public string ShortName { get; } = shortName;
}
