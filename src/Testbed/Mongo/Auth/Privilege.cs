namespace Modestano.Testbed.Mongo.Auth;

/// <summary>What an action is done to.</summary>
/// <param name="Database">A database; null is the cluster itself, <c>*</c> in a privilege any database.</param>
/// <param name="Collection">A collection; empty is the database as a whole, or in a privilege all its ordinary collections.</param>
public readonly record struct Resource(string? Database, string Collection)
{
    public static readonly Resource Cluster = new(null, string.Empty);

    public const string AnyDatabase = "*";
}

/// <summary>Leave to do some actions to a resource (manual: "Privilege Actions", "Resource Document").</summary>
public sealed record Privilege(Resource Resource, IReadOnlySet<string> Actions)
{
    public Privilege(Resource resource, params string[] actions)
        : this(resource, actions.ToHashSet(StringComparer.Ordinal))
    {
    }

    public bool Allows(string action, Resource target)
    {
        if (!Actions.Contains(action) || (Resource.Database is null) != (target.Database is null))
        {
            return false;
        }

        if (target.Database is null)
        {
            return true;
        }

        // "Any database" leaves out the two that belong to the member and to sharding, except where a privilege names them.
        var databaseFits = Resource.Database == target.Database
            || (Resource.Database == Auth.Resource.AnyDatabase && target.Database is not ("local" or "config"));
        return databaseFits && CollectionFits(target.Collection);
    }

    private bool CollectionFits(string collection) =>
        Resource.Collection == collection
        || (Resource.Collection.Length == 0 && !collection.StartsWith("system.", StringComparison.Ordinal));
}
