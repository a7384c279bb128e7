using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Watching;

/// <summary>Which objects a watch shows; an object that leaves the selection counts as deleted, one that enters as added.</summary>
internal sealed record WatchFilter(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public string? Name { get; init; }

    public bool Matches(StoredObject stored) =>
        (Namespace is null || stored.Key.StartsWith(Namespace + "/", StringComparison.Ordinal))
        && (Name is null || stored.Name == Name)
        && Labels.Matches(stored.Value)
        && Fields.Matches(stored.Value);

    /// <summary>ADDED, MODIFIED or DELETED as this watch sees it; null where it does not see the change.</summary>
    public string? Type(StoreEvent change)
    {
        var before = change.Previous is not null && Matches(change.Previous);
        var after = change.Type != StoreEventType.Deleted && Matches(change.Object);
        return (before, after) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
    }
}
