namespace Modestano.Operator.ReplicaSets.Topology;

/// <summary>The replica-set tags that the operator sets.</summary>
public static class TagNames
{
    /// <summary>The member's region; written only where the member has no such tag: applications may read by the one that it has.</summary>
    public const string Region = "region";

    /// <summary>The member's zone; written as <see cref="Region"/> is.</summary>
    public const string Zone = "zone";

    /// <summary>Who manages the set (R11): <c>cluster uid/namespace/name</c>.</summary>
    public const string Owner = "modestano-owner";

    /// <summary>Whether the tag says where the member is, which the spec knows better.</summary>
    public static bool IsPlace(string name) => name is Region or Zone;

    /// <summary>The tags of a data-bearing member: the spec's, its place where the spec gives no such tag, and the owner.</summary>
    public static IReadOnlyDictionary<string, string> Of(string region, string? zone, string owner, IReadOnlyDictionary<string, string>? more)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            tags[name] = value;
        }

        tags.TryAdd(Region, region);
        if (zone is not null)
        {
            tags.TryAdd(Zone, zone);
        }

        tags[Owner] = owner;
        return tags;
    }
}
