using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Patching;
using Modestano.Testbed.KubeApi.ServerSideApply;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>Every form of PATCH.</summary>
internal sealed class PatchEndpoint(ObjectUpdate update, ApplyEndpoint apply, FieldOwnership ownership)
{
    private const string Merge = "application/merge-patch+json";
    private const string Json = "application/json-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";

    /// <returns>The HTTP code, the object and the options that warnings were collected in.</returns>
    public async Task<(int Code, JsonObject Object, WriteOptions Options)> PatchAsync(ApiRequest request)
    {
        var options = WriteOptions.From(request, "PatchOptions");
        var type = RequestBody.MediaType(request.Http.Request);
        CheckType(type, request.Kind);
        if (type != Apply && request.Query("force") is not null)
        {
            throw ApiErrors.Invalid("meta.k8s.io", "PatchOptions", "", [new("force", "Forbidden: may not be specified for non-apply patch", "FieldValueForbidden")]);
        }

        var bytes = await RequestBody.ReadAsync(request.Http.Request, request.Aborted);
        if (type == Apply)
        {
            var (code, applied) = apply.Apply(request, bytes, options);
            return (code, applied, options);
        }

        var change = type switch
        {
            Json => JsonChange(bytes, request),
            Strategic => StrategicChange(bytes, request.Kind),
            _ => MergeChange(bytes),
        };
        var subresource = request.Path.Subresource;
        if (subresource == "scale")
        {
            var inner = change;
            change = old => Scale.Apply(old, inner(Scale.Of(old, request.Kind)), request.Kind);
        }

        var updated = update.Update(request.Kind, request.Namespace, request.Name, subresource, change, options, ownership);
        return (200, updated, options);
    }

    private static void CheckType(string type, ResourceKind kind)
    {
        string[] accepted = kind.IsCustom ? [Json, Merge, Apply] : [Json, Merge, Strategic, Apply];
        if (!accepted.Contains(type, StringComparer.Ordinal))
        {
            throw ApiErrors.UnsupportedMediaType(string.Join(", ", accepted));
        }
    }

    private static Func<JsonObject, JsonObject> MergeChange(byte[] bytes)
    {
        var patch = Parse(bytes) as JsonObject
            ?? throw ApiErrors.Invalid("", "", "", [new("patch", $"Invalid value: \"{Shown(bytes)}\": couldn't get version/kind; json parse error: a patch must be an object", "FieldValueInvalid")]);
        return old => MergePatch.Apply(old, patch);
    }

    private static Func<JsonObject, JsonObject> StrategicChange(byte[] bytes, ResourceKind kind)
    {
        var patch = ReadObject(bytes);
        var merge = new StrategicMergePatch(path => MergeKeys.Of(kind, path));
        return old => merge.Apply(old, patch);
    }

    private static Func<JsonObject, JsonObject> JsonChange(byte[] bytes, ApiRequest request)
    {
        var operations = Parse(bytes) as JsonArray
            ?? throw ApiErrors.BadRequest("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch");
        return old =>
        {
            try
            {
                return JsonPatch.Apply(old, operations);
            }
            catch (JsonPatch.FailedException)
            {
                throw new ApiException(
                    422,
                    "Invalid",
                    "the server rejected our request due to an error in our request",
                    new JsonObject());
            }
        };
    }

    private static JsonObject ReadObject(byte[] bytes) =>
        Parse(bytes) as JsonObject ?? throw ApiErrors.BadRequest("error decoding patch: json: a patch must be an object");

    private static JsonNode? Parse(byte[] bytes)
    {
        try
        {
            return RequestBody.ParseJson(bytes, "patch");
        }
        catch (ApiException)
        {
            throw ApiErrors.BadRequest($"error decoding patch: invalid JSON: {Shown(bytes)}");
        }
    }

    private static string Shown(byte[] bytes) => Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 60)));
}
