using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>
/// Reads JSON into nodes that are complete at once: nothing is parsed lazily, so many threads may read them.
/// Of duplicate keys the last one counts, as in Go. Numbers keep the text in which they came.
/// </summary>
internal static class LastWins
{
    public static JsonNode? Read(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        return Read(ref reader);
    }

    public static JsonNode? Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            throw new JsonException("unexpected end of JSON input");
        }

        var node = Value(ref reader);
        return reader.Read() ? throw new JsonException("invalid character after top-level value") : node;
    }

    private static JsonNode? Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Object(ref reader),
        JsonTokenType.StartArray => Array(ref reader),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Null => null,
        JsonTokenType.Number => Number(ref reader),
        _ => throw new JsonException($"unexpected {reader.TokenType}"),
    };

    private static JsonValue? Number(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonValue.Create(document.RootElement.Clone());
    }

    private static JsonObject Object(ref Utf8JsonReader reader)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            result[name] = Value(ref reader);
        }

        return result;
    }

    private static JsonArray Array(ref Utf8JsonReader reader)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            result.Add(Value(ref reader));
        }

        return result;
    }
}
