using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Controllers;

/// <summary>Deletes objects whose owners are gone, and clears the finalizers of foreground and orphaning deletions.</summary>
internal sealed class GarbageCollector(ObjectStore store, ResourceRegistry registry, ObjectDeletion deletion) : IStoreController
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    public void React(StoreEvent change)
    {
        if (change.Type == StoreEventType.Deleted)
        {
            foreach (var (kind, dependent) in Dependents(ObjectMeta.Uid(change.Object.Value)))
            {
                Collect(kind, dependent);
            }

            foreach (var owner in Owners(change.Object.Value))
            {
                Finish(owner.Kind, owner.Object);
            }
        }
        else if (ObjectMeta.IsTerminating(change.Object.Value) && registry.FindByCollection(change.Collection) is { } kind)
        {
            Finish(kind, change.Object);
        }
        else if (change.Type == StoreEventType.Added && change.Object.Value.Object("metadata").Array("ownerReferences") is not null
            && registry.FindByCollection(change.Collection) is { } added)
        {
            Collect(added, change.Object);
        }
    }

    /// <summary>Carries out a deletion that waits for its dependents.</summary>
    private void Finish(ResourceKind kind, StoredObject stale)
    {
        if (store.Get(kind.Collection, stale.Key) is not { } owner || !ObjectMeta.IsTerminating(owner.Value))
        {
            return;
        }

        var finalizers = ObjectMeta.Finalizers(owner.Value);
        if (finalizers.Contains(Orphan, StringComparer.Ordinal))
        {
            foreach (var (dependentKind, dependent) in Dependents(ObjectMeta.Uid(owner.Value)))
            {
                Disown(dependentKind, dependent, ObjectMeta.Uid(owner.Value));
            }

            RemoveFinalizer(kind, owner, Orphan);
        }
        else if (finalizers.Contains(Foreground, StringComparer.Ordinal))
        {
            var dependents = Dependents(ObjectMeta.Uid(owner.Value)).ToList();
            foreach (var (dependentKind, dependent) in dependents.Where(d => !ObjectMeta.IsTerminating(d.Object.Value)))
            {
                deletion.Delete(dependentKind, NamespaceOf(dependentKind, dependent), dependent.Name, new DeleteOptions(null, null, "Foreground", DryRun: false), out _);
            }

            if (dependents.Count == 0)
            {
                RemoveFinalizer(kind, owner, Foreground);
            }
        }
    }

    private void Collect(ResourceKind kind, StoredObject dependent)
    {
        if (!ObjectMeta.IsTerminating(dependent.Value) && !Owners(dependent.Value).Any())
        {
            deletion.Delete(kind, NamespaceOf(kind, dependent), dependent.Name, new DeleteOptions(ObjectMeta.Uid(dependent.Value), null, null, DryRun: false), out _);
        }
    }

    private void Disown(ResourceKind kind, StoredObject dependent, string uid)
    {
        var changed = dependent.Copy();
        var metadata = ObjectMeta.Of(changed);
        var others = metadata.Objects("ownerReferences").Where(o => o.String("uid") != uid).Select(o => o.DeepClone()).ToList();
        metadata.Remove("ownerReferences");
        if (others.Count > 0)
        {
            metadata["ownerReferences"] = new JsonArray([.. others]);
        }

        store.Replace(kind.Collection, dependent, changed);
    }

    private void RemoveFinalizer(ResourceKind kind, StoredObject stored, string finalizer)
    {
        var changed = stored.Copy();
        ObjectMeta.SetFinalizers(changed, ObjectMeta.Finalizers(changed).Where(f => f != finalizer));
        if (ObjectMeta.Finalizers(changed).Count == 0 && !kind.Strategy.IsHeld(changed))
        {
            store.Remove(kind.Collection, stored, changed);
        }
        else
        {
            store.Replace(kind.Collection, stored, changed);
        }
    }

    private IEnumerable<(ResourceKind Kind, StoredObject Object)> Dependents(string uid) =>
        from kind in registry.All.DistinctBy(k => k.Collection).ToList()
        from stored in store.List(kind.Collection).Objects.Values.ToList()
        where stored.Value.Object("metadata").Objects("ownerReferences").Any(o => o.String("uid") == uid)
        select (kind, stored);

    private IEnumerable<(ResourceKind Kind, StoredObject Object)> Owners(JsonObject obj) =>
        from reference in obj.Object("metadata").Objects("ownerReferences")
        from kind in registry.All
        where kind.Kind == reference.String("kind") && kind.GroupVersion == reference.String("apiVersion")
        let key = StoredObject.KeyOf(kind.Namespaced ? ObjectMeta.Namespace(obj) : null, reference.String("name") ?? "")
        let owner = store.Get(kind.Collection, key)
        where owner is not null && ObjectMeta.Uid(owner.Value) == reference.String("uid")
        select (kind, owner);

    private static string? NamespaceOf(ResourceKind kind, StoredObject stored) => kind.Namespaced ? stored.Namespace : null;
}
