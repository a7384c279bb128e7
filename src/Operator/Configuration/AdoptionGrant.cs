namespace Modestano.Operator.Configuration;

/// <summary>Former owners whose records or replica sets the objects of some namespaces may take over.</summary>
public sealed record AdoptionGrant
{
    /// <summary>Who may take them over.</summary>
    public required NamespaceList Namespaces { get; init; }

    /// <summary>
    /// Owners as marks and tags name them: <c>instance/namespace/name</c> of a record, <c>cluster/namespace/name</c> of a set; with
    /// <c>/*</c> at the end all names of a namespace.
    /// </summary>
    public required IReadOnlyList<string> PreviousOwners { get; init; }

    internal bool Includes(string inNamespace, string owner) => Namespaces.Includes(inNamespace) && PreviousOwners.Any(granted =>
        granted == owner || (granted.EndsWith("/*", StringComparison.Ordinal) && owner.LastIndexOf('/') == granted.Length - 2 && owner.StartsWith(granted[..^1], StringComparison.Ordinal)));
}
