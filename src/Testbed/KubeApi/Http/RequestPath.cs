namespace Modestano.Testbed.KubeApi.Http;

/// <summary>A request path, taken apart as <c>/apis/GROUP/VERSION/namespaces/NS/RESOURCE/NAME/SUBRESOURCE</c>.</summary>
internal sealed record RequestPath
{
    private static readonly HashSet<string> NamespaceSubresources = ["status", "finalize"];

    public required string Raw { get; init; }

    /// <summary>The API group; empty for the core group.</summary>
    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string? Namespace { get; init; }

    /// <summary>The plural; null where the path names no resource (discovery, health).</summary>
    public string? Resource { get; init; }

    public string? Name { get; init; }

    public string? Subresource { get; init; }

    /// <summary>The deprecated form <c>/apis/GROUP/VERSION/watch/…</c>, a watch of what follows.</summary>
    public bool IsWatch { get; init; }

    public static RequestPath Parse(string raw)
    {
        var parts = raw.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var path = new RequestPath { Raw = raw };
        var head = parts.FirstOrDefault() switch
        {
            "api" when parts.Length >= 3 => 2,
            "apis" when parts.Length >= 4 => 3,
            _ => 0,
        };
        if (head == 0)
        {
            return path;
        }

        path = path with { Group = head == 3 ? parts[1] : "", Version = parts[head - 1] };
        var rest = parts[head..];
        if (rest is ["watch", _, ..])
        {
            path = path with { IsWatch = true };
            rest = rest[1..];
        }

        if (rest[0] == "namespaces" && rest.Length > 2 && !NamespaceSubresources.Contains(rest[2]))
        {
            path = path with { Namespace = rest[1] };
            rest = rest[2..];
        }
        else if (rest[0] == "namespaces" && rest.Length > 1)
        {
            // A namespace counts as being in itself when rights to it are decided.
            path = path with { Namespace = rest[1] };
        }

        return path with
        {
            Resource = rest[0],
            Name = rest.Length > 1 ? rest[1] : null,
            Subresource = rest.Length > 2 ? string.Join('/', rest[2..]) : null,
        };
    }
}
