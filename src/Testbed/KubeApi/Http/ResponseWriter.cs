using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>Writes answers: compact JSON with a newline, or YAML.</summary>
internal static class ResponseWriter
{
    public const string Json = "application/json";

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static Task WriteAsync(HttpContext http, int code, JsonNode body, bool yaml = false) =>
        yaml
            ? WriteBytesAsync(http, code, "application/yaml", Encoding.UTF8.GetBytes(YamlText.Write(body)))
            : WriteBytesAsync(http, code, Json, (byte[])[.. JsonText.Encode(body), .. NewLine]);

    public static Task WriteTextAsync(HttpContext http, int code, string text) =>
        WriteBytesAsync(http, code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    public static async Task WriteBytesAsync(HttpContext http, int code, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.Headers.CacheControl = "no-cache, private";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    public static async Task WriteErrorAsync(HttpContext http, ApiException error)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        if (error.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await WriteAsync(http, error.Code, error.ToStatus());
    }
}
