using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Controllers;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.ServerSideApply;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Watching;

namespace Modestano.Testbed.KubeApi.CustomResources;

/// <summary>Accepts names, establishes definitions, serves their kinds, and cleans up after them.</summary>
internal sealed class DefinitionController(
    ObjectStore store,
    ResourceRegistry registry,
    ObjectUpdate update,
    ObjectDeletion deletion,
    OpenWatches watches,
    FieldOwnership ownership,
    TimeProvider time) : IStoreController
{
    public static readonly CollectionKey Definitions = new("apiextensions.k8s.io", "customresourcedefinitions");

    private static readonly WriteOptions Options = new() { Manager = "kube-apiserver", FieldValidation = FieldValidation.Ignore };

    private readonly Dictionary<string, JsonNode?> served = new(StringComparer.Ordinal);

    public void React(StoreEvent change)
    {
        if (change.Collection == Definitions)
        {
            Reconcile(change.Object.Name);
            if (change.Type == StoreEventType.Deleted)
            {
                // A name that was taken may be free for another definition now.
                foreach (var other in store.List(Definitions).Objects.Keys)
                {
                    Reconcile(other);
                }
            }
        }
        else if (change.Type == StoreEventType.Deleted && store.Get(Definitions, $"{change.Collection.Plural}.{change.Collection.Group}") is { } definition
            && ObjectMeta.IsTerminating(definition.Value))
        {
            Reconcile(definition.Name);
        }
    }

    private void Reconcile(string name)
    {
        if (store.Get(Definitions, name)?.Value is not { } definition)
        {
            Stop(name);
        }
        else if (ObjectMeta.IsTerminating(definition))
        {
            CleanUp(name, definition);
        }
        else if (Clash(definition) is { } clash)
        {
            SetConditions(name, clash.Accepted, Condition("NamesAccepted", "False", clash.Reason, clash.Message), Condition("Established", "False", "NotAccepted", "not all names are accepted"));
        }
        else
        {
            Establish(name, definition);
        }
    }

    private void Establish(string name, JsonObject definition)
    {
        var accepted = Condition("NamesAccepted", "True", "NoConflicts", "no conflicts found");
        if (!IsTrue(definition, "Established"))
        {
            SetConditions(name, Names(definition), accepted, Condition("Established", "False", "Installing", "the initial names have been accepted"));
        }
        else
        {
            SetConditions(name, Names(definition), accepted);
        }

        Serve(name);
        SetConditions(name, Names(definition), Condition("Established", "True", "InitialNamesAccepted", "the initial names have been accepted"));
    }

    private void Serve(string name)
    {
        var definition = store.Get(Definitions, name)!.Value;
        var spec = definition["spec"];
        if (served.TryGetValue(name, out var before) && JsonNode.DeepEquals(before, spec))
        {
            return;
        }

        served[name] = spec;
        var kinds = DefinitionKinds.From(definition);
        registry.Serve(name, kinds);
        if (before is not null)
        {
            var collection = new CollectionKey(definition.Object("spec").String("group")!, definition.Object("spec").Object("names").String("plural")!);
            if (kinds.FirstOrDefault() is { } kind)
            {
                store.Reinterpret(collection, obj =>
                {
                    kind.Strategy.Prune(obj);
                    kind.Strategy.ApplyDefaults(obj);
                    return obj;
                });
            }

            watches.End(k => k.Collection == collection);
        }
    }

    private void CleanUp(string name, JsonObject definition)
    {
        var kinds = DefinitionKinds.From(definition);
        registry.Serve(name, [.. kinds.Select(k => k with { Verbs = [.. k.Verbs.Where(v => v != "create")] })]);
        SetConditions(name, null, Condition("Terminating", "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress"));
        var collection = kinds.FirstOrDefault()?.Collection ?? new CollectionKey("", "");
        foreach (var instance in store.List(collection).Objects.Values.Where(i => !ObjectMeta.IsTerminating(i.Value)))
        {
            var ns = kinds[0].Namespaced ? instance.Namespace : null;
            deletion.Delete(kinds[0], ns, instance.Name, new DeleteOptions(null, null, null, DryRun: false), out _);
        }

        if (store.List(collection).Objects.IsEmpty)
        {
            SetConditions(name, null, Condition("Terminating", "False", "InstanceDeletionCompleted", "removed all instances"));
            Update(name, null, obj =>
            {
                ObjectMeta.SetFinalizers(obj, ObjectMeta.Finalizers(obj).Where(f => f != DefinitionStrategy.CleanupFinalizer));
                return obj;
            });
        }
    }

    private void Stop(string name)
    {
        var kinds = registry.All.Where(k => k.IsCustom && k.QualifiedPlural == name).Select(k => k.Collection).ToHashSet();
        served.Remove(name);
        registry.Serve(name, []);
        watches.End(k => kinds.Contains(k.Collection));
    }

    /// <summary>
    /// What the definition asks for and an accepted one of the same group already has: the names that are left to it, and the reason and text of the
    /// last clash in the order in which the server looks.
    /// </summary>
    private (string Reason, string Message, JsonObject Accepted)? Clash(JsonObject definition)
    {
        var spec = definition.Object("spec");
        var mine = spec.Object("names");
        var others = store.List(Definitions).Objects.Values
            .Where(o => o.Name != ObjectMeta.Name(definition) && o.Value.Object("spec").String("group") == spec.String("group"))
            .Select(o => o.Value.Object("status").Object("acceptedNames"))
            .OfType<JsonObject>()
            .ToList();
        var names = others.SelectMany(o => o.Strings("shortNames").Append(o.String("plural")).Append(o.String("singular"))).ToHashSet();
        var kinds = others.SelectMany(o => new[] { o.String("kind"), o.String("listKind") }).ToHashSet();
        (string, string)? found = null;
        var accepted = new JsonObject { ["plural"] = "", ["kind"] = "" };
        accepted.CopyFrom(mine!, "categories");
        foreach (var (field, reason, wanted, taken) in new (string, string, IEnumerable<string?>, HashSet<string?>)[]
        {
            ("plural", "PluralConflict", [mine.String("plural")], names),
            ("singular", "SingularConflict", [mine.String("singular")], names),
            ("shortNames", "ShortNamesConflict", mine.Strings("shortNames"), names),
            ("kind", "KindConflict", [mine.String("kind")], kinds),
            ("listKind", "ListKindConflict", [mine.String("listKind")], kinds),
        })
        {
            if (wanted.FirstOrDefault(w => w is not null && taken.Contains(w)) is { } name)
            {
                found = (reason, $"\"{name}\" is already in use");
            }
            else
            {
                accepted.CopyFrom(mine!, field);
            }
        }

        return found is ({ } last, { } message) ? (last, message, accepted) : null;
    }

    private JsonObject Condition(string type, string status, string reason, string message) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["lastTransitionTime"] = ObjectMeta.Time(time.GetUtcNow()),
        ["reason"] = reason,
        ["message"] = message,
    };

    private static bool IsTrue(JsonObject definition, string type) =>
        definition.Object("status")?.Objects("conditions").Any(c => c.String("type") == type && c.String("status") == "True") == true;

    private static JsonObject? Names(JsonObject definition) => definition.Object("spec").Object("names");

    /// <summary>Sets conditions, and the accepted names where they are given.</summary>
    private void SetConditions(string name, JsonObject? acceptedNames, params JsonObject[] conditions) => Update(name, "status", obj =>
    {
        var status = obj.Ensure("status");
        var list = status.Array("conditions") ?? [];
        status["conditions"] ??= list;
        foreach (var condition in conditions)
        {
            var existing = list.OfType<JsonObject>().FirstOrDefault(c => c.String("type") == condition.String("type"));
            if (existing is null)
            {
                list.Add(condition.DeepClone());
                continue;
            }

            if (existing.String("status") != condition.String("status"))
            {
                existing.CopyFrom(condition, "lastTransitionTime");
            }

            existing.CopyFrom(condition, "status");
            existing.CopyFrom(condition, "reason");
            existing.CopyFrom(condition, "message");
        }

        if (acceptedNames is not null)
        {
            status["acceptedNames"] = acceptedNames.DeepClone();
        }
        else
        {
            status["acceptedNames"] ??= new JsonObject { ["kind"] = "", ["plural"] = "" };
        }

        return obj;
    });

    private void Update(string name, string? subresource, Func<JsonObject, JsonObject> change) =>
        update.Update(registry.Find("apiextensions.k8s.io", "v1", "customresourcedefinitions")!, null, name, subresource, change, Options, ownership);
}
