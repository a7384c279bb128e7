using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.OpenApi;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Discovery;

/// <summary>Answers paths that name no resource: discovery, health, version, OpenAPI.</summary>
internal sealed class DiscoveryEndpoint(ResourceRegistry registry, OpenApiDocuments openApi, string minorVersion)
{
    public async Task AnswerAsync(HttpContext http, string raw)
    {
        var parts = raw.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["healthz" or "readyz" or "livez", ..])
        {
            await ResponseWriter.WriteTextAsync(http, 200, http.Request.Query.ContainsKey("verbose") ? $"[+]ping ok\n{parts[0]} check passed\n" : "ok");
            return;
        }

        if (OpenApi(parts) is { } document)
        {
            await WriteTaggedAsync(http, document.Json, document.Hash);
            return;
        }

        var body = Document(parts, http.Request.Host.Value ?? "");
        if (body is null && parts is ["api", _])
        {
            throw ApiErrors.NoSuchResource();
        }

        if (body is null)
        {
            await ResponseWriter.WriteTextAsync(http, 404, "404 page not found\n");
            return;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (parts is ["openapi", ..])
        {
            var json = JsonText.Encode(body);
            await WriteTaggedAsync(http, json, Convert.ToHexString(SHA256.HashData(json)));
            return;
        }

        var yaml = AcceptHeader.Parse(http.Request.Headers.Accept).Form == AnswerForm.Yaml;
        await ResponseWriter.WriteAsync(http, 200, body, yaml);
    }

    // A client that already holds the document is told so instead of getting it again.
    private static async Task WriteTaggedAsync(HttpContext http, byte[] json, string hash)
    {
        var tag = $"\"{hash}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.Vary = "Accept";
        if (http.Request.Headers.IfNoneMatch.Any(t => t == tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await ResponseWriter.WriteBytesAsync(http, 200, ResponseWriter.Json, json);
    }

    private JsonObject? Document(string[] parts, string address) => parts switch
    {
        [] => Root(),
        ["version"] => Version(),
        ["api"] => DiscoveryDocuments.CoreVersions(address),
        ["api", "v1"] => DiscoveryDocuments.Resources(registry, "", "v1"),
        ["apis"] => DiscoveryDocuments.Groups(registry),
        ["apis", var group] => DiscoveryDocuments.Group(registry, group, nested: false),
        ["apis", var group, var version] => DiscoveryDocuments.Resources(registry, group, version),
        ["openapi", "v3"] => openApi.Root(),
        _ => null,
    };

    private (byte[] Json, string Hash)? OpenApi(string[] parts) => parts switch
    {
        ["openapi", "v3", "api", var version] => openApi.Find("", version),
        ["openapi", "v3", "apis", var group, var version] => openApi.Find(group, version),
        _ => null,
    };

    private JsonObject Root()
    {
        string[] fixedPaths = ["/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"];
        var paths = fixedPaths.Concat(registry.All.Where(k => k.Group.Length > 0).SelectMany(k => new[] { $"/apis/{k.Group}", $"/apis/{k.GroupVersion}" }));
        return new JsonObject { ["paths"] = new JsonArray([.. paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(p => (JsonNode?)JsonValue.Create(p))]) };
    }

    private JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = minorVersion,
        ["gitVersion"] = $"v1.{minorVersion}.0",
        ["gitCommit"] = "0000000000000000000000000000000000000000",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "linux/amd64",
    };
}
