using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.ServerSideApply;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>Creates objects.</summary>
internal sealed class ObjectCreation(ObjectStore store, ResourceRegistry registry, Identifiers identifiers, TimeProvider time)
{
    private const int GenerateNameLimit = 58;

    private static readonly CollectionKey Namespaces = new("", "namespaces");

    /// <param name="kind">The kind.</param>
    /// <param name="ns">The namespace of the path; null for cluster-scoped kinds.</param>
    /// <param name="body">The object as it came; it is changed.</param>
    /// <param name="options">Query parameters.</param>
    /// <param name="ownership">Sets managedFields once the object is complete.</param>
    /// <returns>The object as stored, in the version of <paramref name="kind"/>.</returns>
    public JsonObject Create(ResourceKind kind, string? ns, JsonObject body, WriteOptions options, FieldOwnership ownership)
    {
        ObjectIntake.CheckIdentity(body, kind, ns, name: null);
        var metadata = body.Ensure("metadata");
        if (!string.IsNullOrEmpty(metadata.String("resourceVersion")))
        {
            throw ApiErrors.Internal("resourceVersion should not be set on objects to be created");
        }

        metadata.Remove("resourceVersion");
        MetadataRules.CheckTimes(metadata, kind);
        MetadataRules.DropServerOwned(body);
        Name(metadata);
        if (kind.HasStatus)
        {
            body.Remove("status");
        }

        ObjectIntake.Complete(body, kind, options);
        kind.Strategy.PrepareForCreate(body);
        CheckNamespace(kind, ns, ObjectMeta.Name(body));
        metadata = ObjectMeta.Of(body);
        metadata["uid"] = identifiers.Uid();
        metadata["creationTimestamp"] = ObjectMeta.Time(time.GetUtcNow());
        if (kind.Strategy.CountsGenerations)
        {
            metadata["generation"] = 1;
        }

        ObjectIntake.Validate(body, null, kind);
        ownership.Created(kind, body, options);
        return options.DryRun ? Rehearse(kind, body) : Store(kind, body);
    }

    private JsonObject Store(ResourceKind kind, JsonObject body)
    {
        var key = StoredObject.KeyOf(ObjectMeta.Namespace(body), ObjectMeta.Name(body));
        var stored = store.Create(kind.Collection, key, kind.ToStorage is null ? body : kind.ToStorage(body)) ?? throw Exists(kind, key, body);
        return kind.View(stored);
    }

    private JsonObject Rehearse(ResourceKind kind, JsonObject body)
    {
        var key = StoredObject.KeyOf(ObjectMeta.Namespace(body), ObjectMeta.Name(body));
        return store.Get(kind.Collection, key) is null ? body : throw Exists(kind, key, body);
    }

    private ApiException Exists(ResourceKind kind, string key, JsonObject body) =>
        ApiErrors.AlreadyExists(kind, ObjectMeta.Name(body), store.Get(kind.Collection, key) is { } existing && ObjectMeta.IsTerminating(existing.Value));

    private void Name(JsonObject metadata)
    {
        if (string.IsNullOrEmpty(metadata.String("name")) && metadata.String("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix[..Math.Min(prefix.Length, GenerateNameLimit)] + identifiers.Suffix(5);
        }
    }

    private void CheckNamespace(ResourceKind kind, string? ns, string name)
    {
        if (ns is null)
        {
            return;
        }

        if (store.Get(Namespaces, ns) is not { } found)
        {
            throw ApiErrors.NotFound(registry.Find("", "v1", "namespaces")!, ns);
        }

        if (ObjectMeta.IsTerminating(found.Value))
        {
            var details = ApiErrors.ResourceDetails(kind, name);
            details["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {ns} is being terminated",
                ["field"] = "metadata.namespace",
            });
            throw ApiErrors.Forbidden(kind.QualifiedPlural, name, $"unable to create new content in namespace {ns} because it is being terminated", details);
        }
    }
}
