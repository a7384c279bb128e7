using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.ServerSideApply;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>PATCH with <c>application/apply-patch+yaml</c>; an object that does not exist is created.</summary>
internal sealed class ApplyEndpoint(ObjectStore store, ObjectCreation creation, ObjectUpdate update, Applier applier)
{
    /// <returns>201 where the object was created, 200 otherwise, and the object.</returns>
    public (int Code, JsonObject Object) Apply(ApiRequest request, byte[] body, WriteOptions options)
    {
        var (kind, subresource) = (request.Kind, request.Path.Subresource);
        if (string.IsNullOrEmpty(request.Query("fieldManager")))
        {
            throw ApiErrors.Invalid("meta.k8s.io", "PatchOptions", "", [new("fieldManager", "Required value: is required for apply patch", "FieldValueRequired")]);
        }

        var config = Read(body, request);
        if (subresource is null && store.Get(kind.Collection, StoredObject.KeyOf(request.Namespace, request.Name)) is null)
        {
            try
            {
                var made = applier.Create(kind, config, options);
                ObjectMeta.Of(made).Remove("uid");
                return (201, creation.Create(kind, request.Namespace, made, options, FieldOwnership.AlreadySet));
            }
            catch (ApiException e) when (e.Reason == "AlreadyExists")
            {
                // Somebody created it in between; then it is changed like any other.
                return (200, Change(request, config, options));
            }
        }

        return (200, Change(request, config, options));
    }

    private JsonObject Change(ApiRequest request, JsonObject config, WriteOptions options) => update.Update(
        request.Kind,
        request.Namespace,
        request.Name,
        request.Path.Subresource,
        old => applier.Apply(request.Kind, old, config, request.Path.Subresource, options),
        options,
        FieldOwnership.AlreadySet);

    private static JsonObject Read(byte[] body, ApiRequest request)
    {
        var kind = request.Kind;
        JsonObject config;
        try
        {
            config = YamlText.Parse(Encoding.UTF8.GetString(body)) as JsonObject ?? throw ApiErrors.BadRequest("error decoding YAML: a mapping is wanted");
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw ApiErrors.BadRequest($"error decoding YAML: error converting YAML to JSON: {e.Message}");
        }

        if (config.String("apiVersion") != kind.GroupVersion)
        {
            throw ApiErrors.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {config.String("apiVersion")}, expected: {kind.GroupVersion}");
        }

        if (config.String("kind") != kind.Kind)
        {
            throw ApiErrors.BadRequest($"Incorrect kind specified in apply patch. Specified kind: {config.String("kind")}, expected: {kind.Kind}");
        }

        if (config.Object("metadata")?.ContainsKey("managedFields") == true)
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        ObjectIntake.CheckIdentity(config, kind, request.Namespace, request.Name);
        return config;
    }
}
