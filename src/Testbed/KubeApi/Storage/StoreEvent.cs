using System.Collections.Immutable;

namespace Modestano.Testbed.KubeApi.Storage;

internal enum StoreEventType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change in the store.</summary>
/// <param name="Revision">The resourceVersion that the change made; a deletion makes one too.</param>
/// <param name="Collection">Whose object changed.</param>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object after the change; for a deletion its last state under the deletion's resourceVersion.</param>
/// <param name="Previous">The object before, null for a creation.</param>
/// <param name="Before">The whole collection before the change, which pages of an older list are cut from.</param>
internal sealed record StoreEvent(
    long Revision,
    CollectionKey Collection,
    StoreEventType Type,
    StoredObject Object,
    StoredObject? Previous,
    ImmutableSortedDictionary<string, StoredObject> Before);
