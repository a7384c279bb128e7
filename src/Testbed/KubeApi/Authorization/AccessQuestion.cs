namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary>May somebody do this?</summary>
internal sealed record AccessQuestion(string Verb)
{
    public string Group { get; init; } = "";

    /// <summary>The plural; empty for a path.</summary>
    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>A path that is no resource, such as <c>/version</c>.</summary>
    public string Path { get; init; } = "";

    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";
}
