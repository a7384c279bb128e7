using System.Globalization;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.ServerSideApply;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>Changes stored objects: what PUT and every PATCH come down to.</summary>
internal sealed class ObjectUpdate(ObjectStore store)
{
    private static readonly string[] NotSpecification = ["metadata", "status", "apiVersion", "kind"];

    /// <summary>Writes what <paramref name="change"/> makes of the stored object; it runs again where somebody wrote in between.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="ns">The namespace; null for cluster-scoped kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="subresource">null, or <c>status</c>.</param>
    /// <param name="change">From a copy of the stored object, in the version of <paramref name="kind"/>, to the wanted one.</param>
    /// <param name="options">Query parameters.</param>
    /// <param name="ownership">Sets managedFields once the object is complete.</param>
    /// <returns>The object as stored.</returns>
    public JsonObject Update(
        ResourceKind kind,
        string? ns,
        string name,
        string? subresource,
        Func<JsonObject, JsonObject> change,
        WriteOptions options,
        FieldOwnership ownership)
    {
        while (true)
        {
            var current = store.Get(kind.Collection, StoredObject.KeyOf(ns, name)) ?? throw ApiErrors.NotFound(kind, name);
            if (TryUpdate(kind, ns, current, subresource, change, options, ownership) is { } result)
            {
                return result;
            }
        }
    }

    private JsonObject? TryUpdate(
        ResourceKind kind,
        string? ns,
        StoredObject current,
        string? subresource,
        Func<JsonObject, JsonObject> change,
        WriteOptions options,
        FieldOwnership ownership)
    {
        var old = kind.View(current);
        var wanted = change((JsonObject)old.DeepClone());
        if (options.IsPatch && kind.IsCustom && wanted.String("apiVersion") is { Length: > 0 } version && version != kind.GroupVersion)
        {
            throw ApiErrors.Invalid(kind, current.Name, [new("apiVersion", $"Invalid value: \"{version}\": must be {kind.GroupVersion}", "FieldValueInvalid")]);
        }

        ObjectIntake.CheckIdentity(wanted, kind, ns, current.Name);
        CheckPreconditions(wanted, old, kind, options);
        wanted = subresource == "status" ? OnlyStatus(wanted, old) : WithoutStatus(wanted, old, kind);
        ObjectIntake.Complete(wanted, kind, options);
        MetadataRules.KeepServerOwned(wanted, old);
        kind.Strategy.PrepareForUpdate(wanted, old);
        ObjectMeta.Of(wanted)["resourceVersion"] = ObjectMeta.ResourceVersion(old);
        if (kind.Strategy.CountsGenerations && SpecificationDiffers(wanted, old))
        {
            ObjectMeta.Of(wanted)["generation"] = (ObjectMeta.Of(old).Integer("generation") ?? 0) + 1;
        }

        ObjectIntake.Validate(wanted, old, kind, statusOnly: subresource == "status");
        ownership.Updated(kind, old, wanted, subresource, options);
        if (IsUnchanged(wanted, old))
        {
            return old;
        }

        if (options.DryRun)
        {
            return wanted;
        }

        var toStore = kind.ToStorage is null ? wanted : kind.ToStorage(wanted);
        var finished = ObjectMeta.IsTerminating(wanted) && ObjectMeta.Finalizers(wanted).Count == 0 && !kind.Strategy.IsHeld(wanted);
        if (finished)
        {
            // The answer shows the object without its last finalizer, as it never was stored.
            var answer = (JsonObject)wanted.DeepClone();
            return store.Remove(kind.Collection, current, toStore) is null ? null : answer;
        }

        return store.Replace(kind.Collection, current, toStore) is { } stored ? kind.View(stored) : null;
    }

    /// <summary>A write that would only renew times in managedFields changes nothing.</summary>
    private static bool IsUnchanged(JsonObject wanted, JsonObject old)
    {
        if (JsonNode.DeepEquals(wanted, old))
        {
            return true;
        }

        if (!ManagedFields.Read(wanted).SameOwners(ManagedFields.Read(old)))
        {
            return false;
        }

        var withOldTimes = (JsonObject)wanted.DeepClone();
        ObjectMeta.Of(withOldTimes).CopyFrom(ObjectMeta.Of(old), "managedFields");
        return JsonNode.DeepEquals(withOldTimes, old);
    }

    private static void CheckPreconditions(JsonObject wanted, JsonObject old, ResourceKind kind, WriteOptions options)
    {
        var name = ObjectMeta.Name(old);
        var version = ObjectMeta.ResourceVersion(wanted);
        if (version.Length > 0 && version != "0" && version != ObjectMeta.ResourceVersion(old))
        {
            throw long.TryParse(version, CultureInfo.InvariantCulture, out _)
                ? ApiErrors.Modified(kind, name)
                : ApiErrors.Internal($"strconv.ParseUint: parsing \"{version}\": invalid syntax");
        }

        if (ObjectMeta.Uid(wanted) is { Length: > 0 } uid && uid != ObjectMeta.Uid(old))
        {
            throw options.IsPatch
                ? ApiErrors.Invalid(kind, name, [new("metadata.uid", $"Invalid value: \"{uid}\": field is immutable", "FieldValueInvalid")])
                : ApiErrors.Conflict(kind.QualifiedPlural, kind, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {ObjectMeta.Uid(old)}");
        }
    }

    private static JsonObject OnlyStatus(JsonObject wanted, JsonObject old)
    {
        var result = (JsonObject)old.DeepClone();
        result.CopyFrom(wanted, "status");
        ObjectMeta.Of(result).CopyFrom(ObjectMeta.Of(wanted), "managedFields");
        return result;
    }

    private static JsonObject WithoutStatus(JsonObject wanted, JsonObject old, ResourceKind kind)
    {
        if (kind.HasStatus)
        {
            wanted.CopyFrom(old, "status");
        }

        return wanted;
    }

    private static bool SpecificationDiffers(JsonObject wanted, JsonObject old)
    {
        var fields = wanted.Concat(old).Select(p => p.Key).Except(NotSpecification, StringComparer.Ordinal);
        return fields.Any(f => !JsonNode.DeepEquals(wanted[f], old[f]));
    }
}
