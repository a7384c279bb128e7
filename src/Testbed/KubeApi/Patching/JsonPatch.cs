using System.Globalization;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Patching;

/// <summary>JSON patch, RFC 6902, on nodes, so that numbers keep their form.</summary>
internal static class JsonPatch
{
    /// <summary>An operation that cannot be carried out.</summary>
    public sealed class FailedException(string message) : Exception(message);

    /// <summary>The target with the operations applied; the target is changed.</summary>
    /// <exception cref="FailedException">An operation failed.</exception>
    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        JsonNode? root = target;
        foreach (var operation in operations)
        {
            root = Step(root, operation as JsonObject ?? throw new FailedException("an operation is not an object"));
        }

        return root as JsonObject ?? throw new FailedException("the result is not an object");
    }

    private static JsonNode? Step(JsonNode? root, JsonObject operation)
    {
        var op = Text(operation, "op");
        var path = Pointer(Text(operation, "path"));
        switch (op)
        {
            case "add":
                return Add(root, path, Value(operation));
            case "remove":
                return Remove(root, path);
            case "replace":
                Get(root, path);
                return path.Length == 0 ? Value(operation) : Add(Remove(root, path), path, Value(operation));
            case "move":
                var from = Pointer(Text(operation, "from"));
                var moved = Get(root, from)?.DeepClone();
                return Add(Remove(root, from), path, moved);
            case "copy":
                return Add(root, path, Get(root, Pointer(Text(operation, "from")))?.DeepClone());
            case "test":
                return JsonNode.DeepEquals(Get(root, path), Value(operation)) ? root : throw new FailedException($"testing value {Text(operation, "path")} failed");
            default:
                throw new FailedException($"unexpected kind: {op}");
        }
    }

    private static string Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new FailedException($"operation without {name}");

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw new FailedException("operation without value");

    private static string[] Pointer(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        return text[0] == '/'
            ? [.. text[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : throw new FailedException($"path {text} does not begin with a slash");
    }

    private static JsonNode? Get(JsonNode? at, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            at = at switch
            {
                JsonObject obj when obj.TryGetPropertyValue(part, out var value) => value,
                JsonArray array => array[Index(array, part, array.Count - 1)],
                _ => throw new FailedException($"path part {part} does not exist"),
            };
        }

        return at;
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }

        switch (Get(root, path.AsSpan(..^1)))
        {
            case JsonObject obj:
                obj[path[^1]] = value;
                break;
            case JsonArray array when path[^1] == "-":
                array.Add(value);
                break;
            case JsonArray array:
                array.Insert(Index(array, path[^1], array.Count), value);
                break;
            default:
                throw new FailedException($"parent of {path[^1]} is neither object nor array");
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            throw new FailedException("the whole document cannot be removed");
        }

        switch (Get(root, path.AsSpan(..^1)))
        {
            case JsonObject obj when obj.Remove(path[^1]):
                break;
            case JsonArray array:
                array.RemoveAt(Index(array, path[^1], array.Count - 1));
                break;
            default:
                throw new FailedException($"{path[^1]} does not exist");
        }

        return root;
    }

    private static int Index(JsonArray array, string part, int highest) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= highest && highest >= 0
            ? index
            : throw new FailedException($"index {part} is outside the array of {array.Count}");
}
