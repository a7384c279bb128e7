using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>Reads the options of a DELETE from its body and its query.</summary>
internal static class DeleteRequest
{
    public static async Task<DeleteOptions> ReadAsync(ApiRequest request)
    {
        // Options that cannot be read are answered with 500, whatever is wrong with them.
        var bytes = await RequestBody.ReadAsync(request.Http.Request, request.Aborted);
        var body = new JsonObject();
        if (bytes.Length > 0)
        {
            body = RequestBody.MediaType(request.Http.Request) == "application/vnd.kubernetes.protobuf"
                ? ProtobufBody.Decode(bytes, "DeleteOptions")
                : Parse(bytes);
        }

        if (body.String("kind") is { } kind and not "DeleteOptions")
        {
            throw ApiErrors.Internal($"no kind \"{kind}\" is registered for the internal version of group \"{request.Kind.Group}\" in scheme: DeleteOptions is wanted");
        }

        var propagation = body.String("propagationPolicy") ?? request.Query("propagationPolicy");
        if (body["orphanDependents"] is { } orphan)
        {
            if (propagation is not null)
            {
                throw ApiErrors.Invalid("meta.k8s.io", "DeleteOptions", "", [new("propagationPolicy", $"Invalid value: \"{propagation}\": orphanDependents and deletionPropagation cannot be both set", "FieldValueInvalid")]);
            }

            propagation = orphan.GetValue<bool>() ? "Orphan" : "Background";
        }

        if (propagation is not (null or "Foreground" or "Background" or "Orphan"))
        {
            throw ApiErrors.Invalid("meta.k8s.io", "DeleteOptions", "", [new("propagationPolicy", $"Unsupported value: \"{propagation}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"", "FieldValueNotSupported")]);
        }

        var preconditions = body.Object("preconditions");
        return new DeleteOptions(
            preconditions.String("uid"),
            preconditions.String("resourceVersion"),
            propagation,
            body.Strings("dryRun").Contains("All") || request.Query("dryRun") == "All");
    }

    private static JsonObject Parse(byte[] bytes)
    {
        try
        {
            return RequestBody.ParseObject(bytes, "DeleteOptions");
        }
        catch (ApiException e)
        {
            throw ApiErrors.Internal(e.Message);
        }
    }
}
