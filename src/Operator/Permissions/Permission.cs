namespace Modestano.Operator.Permissions;

/// <summary>One thing that somebody may do with resources of the API server.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resources">Plurals, with <c>/status</c> for a subresource.</param>
/// <param name="Verbs">The verbs.</param>
/// <param name="Why">One sentence for whoever reviews the role.</param>
public sealed record Permission(string Group, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs, string Why)
{
    /// <summary>Only the objects of this name; null: all.</summary>
    public string? Name { get; init; }

    /// <summary>Paths that are no resources, instead of a group and resources.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <summary>A role as it is shipped, in kustomize and in the chart.</summary>
/// <param name="File">Name of its file in <c>config/rbac</c> without <c>.yaml</c>, and of its rules in the chart.</param>
/// <param name="Name">Its name before an installation's prefix.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Permissions">What it gives.</param>
public sealed record ShippedRole(string File, string Name, string Purpose, IReadOnlyList<Permission> Permissions)
{
    /// <summary>A Role in the operator's namespace instead of a ClusterRole.</summary>
    public bool Namespaced { get; init; }

    /// <summary>A Role of which each namespace that is granted something gets one: the file names no namespace.</summary>
    public bool PerNamespace { get; init; }

    /// <summary>The built-in roles (view, edit, admin) that take its rules in.</summary>
    public IReadOnlyList<string> AggregatesTo { get; init; } = [];
}
