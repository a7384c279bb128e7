using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Controllers;

/// <summary>Empties namespaces that are being deleted, and removes them once they are empty.</summary>
/// <param name="store">The objects.</param>
/// <param name="registry">The kinds that may be in a namespace.</param>
/// <param name="deletion">Deletes what is in it.</param>
/// <param name="later">Runs an action after a while.</param>
internal sealed class NamespaceController(ObjectStore store, ResourceRegistry registry, ObjectDeletion deletion, Action<TimeSpan, Action> later) : IStoreController
{
    // A real cluster takes five seconds before it begins. Without any wait, whoever deletes a namespace together with what is in it
    // would find the latter gone already, which kubectl reports as an error.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    private static readonly CollectionKey Namespaces = new("", "namespaces");

    // Namespaces by uid that are due to be emptied: false while the wait goes on.
    private readonly Dictionary<string, bool> due = new(StringComparer.Ordinal);

    public void React(StoreEvent change)
    {
        var name = change.Collection == Namespaces ? change.Object.Name : change.Object.Namespace;
        var mayMatter = change.Collection == Namespaces ? change.Type != StoreEventType.Deleted : change.Type == StoreEventType.Deleted && name.Length > 0;
        if (mayMatter && store.Get(Namespaces, name) is { } found && ObjectMeta.IsTerminating(found.Value))
        {
            var uid = ObjectMeta.Uid(found.Value);
            if (due.TryAdd(uid, false))
            {
                later(Delay, () => Begin(name, uid));
            }
            else if (due[uid])
            {
                Empty(found);
            }
        }
    }

    private void Begin(string name, string uid)
    {
        due[uid] = true;
        if (store.Get(Namespaces, name) is { } found && ObjectMeta.Uid(found.Value) == uid)
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
