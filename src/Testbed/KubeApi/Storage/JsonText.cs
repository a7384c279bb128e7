using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>JSON in and out; numbers keep the form in which they came.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Encode(JsonNode? node)
    {
        using var stream = new MemoryStream();
        using (var writer = NewWriter(stream))
        {
            Write(writer, node);
        }

        return stream.ToArray();
    }

    public static Utf8JsonWriter NewWriter(Stream stream) => new(stream, Writer);

    public static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
        }
    }

    public static string Text(JsonNode? node) => node is null ? "null" : node.ToJsonString(Compact);

    /// <summary>The string at a property, or null where it is absent or not a string.</summary>
    public static string? String(this JsonObject? obj, string property) =>
        obj is not null && obj.TryGetPropertyValue(property, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The object at a property, or null.</summary>
    public static JsonObject? Object(this JsonObject? obj, string property) =>
        obj is not null && obj.TryGetPropertyValue(property, out var node) ? node as JsonObject : null;

    /// <summary>The array at a property, or null.</summary>
    public static JsonArray? Array(this JsonObject? obj, string property) =>
        obj is not null && obj.TryGetPropertyValue(property, out var node) ? node as JsonArray : null;

    /// <summary>The whole number at a property, or null.</summary>
    public static long? Integer(this JsonObject? obj, string property) =>
        obj is not null && obj.TryGetPropertyValue(property, out var node) && node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && long.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The boolean at a property; false where it is absent.</summary>
    public static bool Flag(this JsonObject? obj, string property) =>
        obj is not null && obj.TryGetPropertyValue(property, out var node) && node is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The strings of an array property; empty where it is absent.</summary>
    public static IReadOnlyList<string> Strings(this JsonObject? obj, string property) =>
        obj.Array(property) is { } array ? [.. array.OfType<JsonValue>().Where(v => v.GetValueKind() == JsonValueKind.String).Select(v => v.GetValue<string>())] : [];

    /// <summary>The objects of an array property; empty where it is absent.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject? obj, string property) => obj.Array(property)?.OfType<JsonObject>() ?? [];

    /// <summary>The object at a property, made where it is absent.</summary>
    public static JsonObject Ensure(this JsonObject obj, string property)
    {
        if (obj.TryGetPropertyValue(property, out var node) && node is JsonObject existing)
        {
            return existing;
        }

        var made = new JsonObject();
        obj[property] = made;
        return made;
    }

    /// <summary>Sets a property to a copy of another object's, or removes it where the other has none.</summary>
    public static void CopyFrom(this JsonObject obj, JsonObject source, string property)
    {
        if (source.TryGetPropertyValue(property, out var node))
        {
            obj[property] = node?.DeepClone();
        }
        else
        {
            obj.Remove(property);
        }
    }
}
