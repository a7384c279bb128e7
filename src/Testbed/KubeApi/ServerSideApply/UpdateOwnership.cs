using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>
/// Ownership after a create, update or patch: what the write changed belongs to the writer, what it removed belongs to nobody.
/// An update never conflicts; it takes fields away from whoever had them.
/// </summary>
internal sealed class UpdateOwnership(TimeProvider time) : FieldOwnership
{
    public override void Created(ResourceKind kind, JsonObject obj, WriteOptions options)
    {
        ObjectMeta.Of(obj).Remove("managedFields");
        var comparison = FieldComparison.Between([], OwnershipScope.Of(obj, kind, null), TypedSchema.Of(kind));
        var managed = new ManagedFields();
        managed.Entries[ManagerId.Updater(options.Manager, kind.GroupVersion, null)] = Entry(comparison.Added, kind);
        managed.Write(obj);
    }

    public override void Updated(ResourceKind kind, JsonObject old, JsonObject obj, string? subresource, WriteOptions options)
    {
        var given = ObjectMeta.Of(obj).Array("managedFields");
        if (given is [JsonObject { Count: 0 }])
        {
            ObjectMeta.Of(obj).Remove("managedFields");
            return;
        }

        if (ObjectMeta.Of(old).Array("managedFields") is not { Count: > 0 })
        {
            // Whoever cleared the list does not want it kept; the first apply begins it anew.
            ObjectMeta.Of(obj).Remove("managedFields");
            return;
        }

        if (given is not { Count: > 0 } || !given.All(IsWellFormed))
        {
            ObjectMeta.Of(obj).CopyFrom(ObjectMeta.Of(old), "managedFields");
        }

        var managed = ManagedFields.Read(obj);
        var scope = subresource == "scale" ? null : subresource;
        var comparison = FieldComparison.Between(OwnershipScope.Of(old, kind, scope), OwnershipScope.Of(obj, kind, scope), TypedSchema.Of(kind));
        var taken = comparison.Added.Union(comparison.Modified);
        foreach (var (id, entry) in managed.Entries.ToList())
        {
            managed.Entries[id] = entry with { Fields = entry.Fields.Difference(taken).Difference(comparison.Removed) };
        }

        if (!taken.IsEmpty)
        {
            var self = ManagerId.Updater(options.Manager, kind.GroupVersion, subresource);
            var owned = managed.Entries.TryGetValue(self, out var mine) ? mine.Fields.Union(taken) : taken;
            managed.Entries[self] = Entry(owned, kind);
        }

        managed.Write(obj);
    }

    private ManagedEntry Entry(FieldSet fields, ResourceKind kind) =>
        new(OwnershipScope.WithoutMetadataItself(fields), kind.GroupVersion, ObjectMeta.Time(time.GetUtcNow()));

    private static bool IsWellFormed(JsonNode? entry) =>
        entry is JsonObject obj && obj.String("operation") is "Apply" or "Update" && (entry as JsonObject).Object("fieldsV1") is not null;
}
