using System.Text.Json;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>Server-side apply: merges a configuration into an object, and keeps account of who owns which field.</summary>
internal sealed class Applier(TimeProvider time)
{
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The object that a configuration makes where there is none.</summary>
    public JsonObject Create(ResourceKind kind, JsonObject config, WriteOptions options)
    {
        var obj = (JsonObject)config.DeepClone();
        var managed = new ManagedFields();
        managed.Entries[ManagerId.Applier(options.Manager, null)] = new ManagedEntry(Owned(kind, config, null), kind.GroupVersion, Now);
        managed.Write(obj);
        return obj;
    }

    /// <summary>The live object with a configuration applied to it.</summary>
    /// <exception cref="ApiException">409 where another manager owns a field with another value, and force is not asked for.</exception>
    public JsonObject Apply(ResourceKind kind, JsonObject live, JsonObject config, string? subresource, WriteOptions options)
    {
        var schema = TypedSchema.Of(kind);
        var managed = ManagedFields.Read(live);
        var self = ManagerId.Applier(options.Manager, subresource);
        if (managed.Entries.Count == 0)
        {
            StartWithWhatExists(kind, live, managed);
        }

        var last = managed.Entries.GetValueOrDefault(self)?.Fields;
        var owned = Owned(kind, config, subresource);
        managed.Entries[self] = new ManagedEntry(owned, kind.GroupVersion, Now);
        var merged = TypedMerge.Merge(live, Applied(kind, config, subresource), schema);
        if (last is not null)
        {
            var kept = managed.Entries.Values.Aggregate(new FieldSet(), (all, entry) => all.Union(entry.Fields)).WithParents();
            merged = TypedMerge.Without(merged, last.WithParents().Difference(kept), schema);
        }

        Settle(kind, live, merged, subresource, managed, self, options);
        managed.Write(merged);
        KeepLastApplied(merged, config, options);
        return merged;
    }

    private string Now => ObjectMeta.Time(time.GetUtcNow());

    /// <summary>Takes changed fields from the other managers, or refuses the apply because of them.</summary>
    private static void Settle(ResourceKind kind, JsonObject live, JsonObject merged, string? subresource, ManagedFields managed, ManagerId self, WriteOptions options)
    {
        var comparison = FieldComparison.Between(OwnershipScope.Of(live, kind, subresource), OwnershipScope.Of(merged, kind, subresource), TypedSchema.Of(kind));
        var changed = comparison.Added.Union(comparison.Modified);
        var conflicts = new List<(ManagerId Manager, FieldSet Fields)>();
        foreach (var (id, entry) in managed.Entries.Where(e => e.Key != self).ToList())
        {
            var contested = entry.Fields.Intersection(changed);
            if (!contested.IsEmpty)
            {
                conflicts.Add((id, contested));
            }

            managed.Entries[id] = entry with { Fields = entry.Fields.Difference(contested).Difference(comparison.Removed) };
        }

        if (conflicts.Count == 0 || options.Force)
        {
            return;
        }

        var moving = options.Manager == "kubectl" ? LastApplied(kind, live) : new FieldSet();
        var left = conflicts.Select(c => (c.Manager, Fields: c.Fields.Difference(moving))).Where(c => !c.Fields.IsEmpty).ToList();
        if (left.Count > 0)
        {
            throw ApplyConflict.Of(left);
        }
    }

    /// <summary>
    /// What kubectl's client-side apply set and nobody has changed since: kubectl's own server-side apply takes that over without a conflict
    /// (Kubernetes, server-side apply: upgrading from client-side apply).
    /// </summary>
    private static FieldSet LastApplied(ResourceKind kind, JsonObject live)
    {
        try
        {
            if (JsonNode.Parse(live.Object("metadata").Object("annotations").String(Annotation) ?? "null") is not JsonObject applied)
            {
                return new FieldSet();
            }

            var schema = TypedSchema.Of(kind);
            var since = FieldComparison.Between(applied, live, schema);
            return TypedValues.Fields(applied, schema).Difference(since.Modified).Difference(since.Added).Difference(since.Removed);
        }
        catch (Exception e) when (e is JsonException or UntypableException)
        {
            // An annotation that somebody wrote by hand gives nothing away.
            return new FieldSet();
        }
    }

    private static FieldSet Owned(ResourceKind kind, JsonObject config, string? subresource)
    {
        try
        {
            // Everything must be declared, the parts that this endpoint does not write too.
            TypedValues.Fields(config, TypedSchema.Of(kind));
            return TypedValues.Fields(OwnershipScope.Of(config, kind, subresource), TypedSchema.Of(kind));
        }
        catch (UntypableException e)
        {
            var place = StoredObject.KeyOf(ObjectMeta.Namespace(config), ObjectMeta.Name(config));
            throw ApiErrors.Internal($"failed to create typed patch object ({place}; {kind.GroupVersion}, Kind={kind.Kind}): {e.Message}");
        }
    }

    /// <summary>The part of a configuration that this endpoint writes.</summary>
    private static JsonObject Applied(ResourceKind kind, JsonObject config, string? subresource)
    {
        var applied = (JsonObject)config.DeepClone();
        if (subresource == "status")
        {
            return new JsonObject { ["status"] = applied["status"]?.DeepClone() };
        }

        if (kind.HasStatus)
        {
            applied.Remove("status");
        }

        return applied;
    }

    private void StartWithWhatExists(ResourceKind kind, JsonObject live, ManagedFields managed)
    {
        var existing = FieldComparison.Between([], OwnershipScope.Of(live, kind, null), TypedSchema.Of(kind)).Added;
        managed.Entries[ManagerId.Updater("before-first-apply", kind.GroupVersion, null)] =
            new ManagedEntry(OwnershipScope.WithoutMetadataItself(existing), kind.GroupVersion, Now);
    }

    /// <summary>Keeps kubectl's client-side annotation up to date where an object has one, so that a client-side apply still works afterwards.</summary>
    private static void KeepLastApplied(JsonObject obj, JsonObject config, WriteOptions options)
    {
        if (options.Manager == "kubectl" && obj.Object("metadata").Object("annotations") is { } annotations && annotations.ContainsKey(Annotation))
        {
            annotations[Annotation] = JsonText.Text(config) + "\n";
        }
    }
}
