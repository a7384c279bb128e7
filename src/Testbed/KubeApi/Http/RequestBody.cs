using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>Reads bodies: JSON, YAML, or the few protobuf messages that kubectl insists on.</summary>
internal static class RequestBody
{
    public const long Limit = 3 * 1024 * 1024;

    /// <summary>What is read of a body that is too large, so that its sender gets to hear the answer.</summary>
    public const long MostRead = 4 * Limit;

    private const string AcceptedForObjects = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 256 };

    public static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var buffer = new MemoryStream();
            await request.Body.CopyToAsync(buffer, cancellationToken);
            return buffer.Length <= Limit ? buffer.ToArray() : throw ApiErrors.TooLarge(Limit);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw ApiErrors.TooLarge(Limit);
        }
    }

    /// <summary>Reads an object that is created or replaced, or options of a deletion.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">The kind that the path stands for, for messages.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<JsonObject> ReadObjectAsync(HttpRequest request, string kind, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(request, cancellationToken);
        return MediaType(request) switch
        {
            "" or "application/json" => ParseObject(bytes, kind),
            "application/yaml" or "application/x-yaml" or "text/yaml" => ParseYaml(bytes, kind),
            "application/vnd.kubernetes.protobuf" => ProtobufBody.Decode(bytes, kind),
            _ => throw ApiErrors.UnsupportedMediaType(AcceptedForObjects),
        };
    }

    public static JsonObject ParseObject(byte[] bytes, string kind) =>
        ParseJson(bytes, kind) as JsonObject ?? throw Unrecognized(kind, "a JSON object is wanted", bytes);

    public static JsonNode? ParseJson(byte[] bytes, string kind)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
            return LastWins.Read(ref reader);
        }
        catch (JsonException e)
        {
            throw Unrecognized(kind, bytes.Length == 0 ? "unexpected end of JSON input" : e.Message, bytes);
        }
    }

    public static JsonObject ParseYaml(byte[] bytes, string kind)
    {
        try
        {
            return YamlText.Parse(Encoding.UTF8.GetString(bytes)) as JsonObject ?? throw Unrecognized(kind, "a YAML mapping is wanted", bytes);
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw Unrecognized(kind, $"error converting YAML to JSON: {e.Message}", bytes);
        }
    }

    private static ApiException Unrecognized(string kind, string why, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var shown = text.Length == 0 ? "<empty>" : text.Length > 30 ? text[..30] + " ..." : text;
        return ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {why} ({shown})");
    }
}
