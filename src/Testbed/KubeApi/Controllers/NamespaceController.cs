using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Controllers;

/// <summary>Empties namespaces that are being deleted, and removes them once they are empty.</summary>
internal sealed class NamespaceController(ObjectStore store, ResourceRegistry registry, ObjectDeletion deletion) : IStoreController
{
    private static readonly CollectionKey Namespaces = new("", "namespaces");

    public void React(StoreEvent change)
    {
        var name = change.Collection == Namespaces ? change.Object.Name : change.Object.Namespace;
        var mayMatter = change.Collection == Namespaces ? change.Type != StoreEventType.Deleted : change.Type == StoreEventType.Deleted && name.Length > 0;
        if (mayMatter && store.Get(Namespaces, name) is { } found && ObjectMeta.IsTerminating(found.Value))
        {
            Empty(found);
        }
    }

    private void Empty(StoredObject ns)
    {
        var left = 0;
        foreach (var kind in registry.All.Where(k => k.Namespaced).DistinctBy(k => k.Collection))
        {
            var inside = store.List(kind.Collection).Objects.Values.Where(o => o.Namespace == ns.Name).ToList();
            foreach (var item in inside.Where(i => !ObjectMeta.IsTerminating(i.Value)))
            {
                deletion.Delete(kind, ns.Name, item.Name, new DeleteOptions(null, null, null, DryRun: false), out _);
            }

            left += store.List(kind.Collection).Objects.Values.Count(o => o.Namespace == ns.Name);
        }

        if (left == 0 && store.Get(Namespaces, ns.Name) is { } current)
        {
            var last = current.Copy();
            last.Ensure("spec")["finalizers"] = new JsonArray();
            store.Remove(Namespaces, current, last);
        }
    }
}
