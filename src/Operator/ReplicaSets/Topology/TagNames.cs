namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>The replica-set tags that the operator sets.</summary>
public static class TagNames
{
    /// <summary>The member's region.</summary>
    public const string Region = "region";

    /// <summary>The member's zone.</summary>
    public const string Zone = "zone";

    /// <summary>Who manages the set (R11): <c>cluster uid/namespace/name</c>.</summary>
    public const string Owner = "modestano-owner";

    /// <summary>The managed tags of a data-bearing member; those of the operator win over the spec's.</summary>
    public static IReadOnlyDictionary<string, string> Of(string region, string? zone, string owner, IReadOnlyDictionary<string, string>? more)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            tags[name] = value;
        }

        tags[Region] = region;
        if (zone is not null)
        {
            tags[Zone] = zone;
        }

        tags[Owner] = owner;
        return tags;
    }
}
