using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>A value that does not fit its schema, so that nobody can say which fields it holds.</summary>
internal sealed class UntypableException(string message) : Exception(message);

/// <summary>Takes objects apart into fields.</summary>
internal static class TypedValues
{
    /// <summary>The fields that a manager owns who applies this object.</summary>
    /// <exception cref="UntypableException">A field is not declared, or a key is there twice.</exception>
    public static FieldSet Fields(JsonObject obj, TypedSchema schema)
    {
        var set = new FieldSet();
        AddMap(obj, schema, set, "");
        return set;
    }

    /// <summary>Items of a keyed list or a set, by their path element, in order.</summary>
    public static IReadOnlyList<(string Element, JsonNode? Item)> Items(JsonArray list, TypedSchema schema, string path, bool strict)
    {
        var items = new List<(string, JsonNode?)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            var element = schema.List == ListForm.Set ? PathElements.Value(item) : item is JsonObject obj ? PathElements.Key(obj, schema) : null;
            if (element is null)
            {
                if (strict)
                {
                    throw new UntypableException($"{path}: element 0: associative list with keys has an element that omits key field \"{schema.Keys[0]}\"");
                }

                continue;
            }

            if (!seen.Add(element))
            {
                if (strict)
                {
                    throw new UntypableException($"{path}: duplicate entries for key {PathElements.Text(element)}");
                }

                continue;
            }

            items.Add((element, item));
        }

        return items;
    }

    private static void Add(JsonNode? value, TypedSchema schema, FieldSet at, string path)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map when !schema.IsAtomicMap:
                AddMap(map, schema, at, path);
                break;
            case JsonArray { Count: > 0 } list when schema.List != ListForm.Atomic:
                foreach (var (element, item) in Items(list, schema, path, strict: true))
                {
                    var child = at.At(element);
                    Add(item, schema.Items, child, path + PathElements.Text(element));
                    child.Include();
                }

                break;
            default:
                at.Include();
                break;
        }
    }

    private static void AddMap(JsonObject map, TypedSchema schema, FieldSet at, string path)
    {
        foreach (var (name, value) in map)
        {
            var child = at.At(PathElements.Field(name));
            var childSchema = schema.Child(name) ?? throw new UntypableException($"{path}.{name}: field not declared in schema");
            Add(value, childSchema, child, $"{path}.{name}");
            if (!schema.Declares(name))
            {
                child.Include();
            }
        }
    }
}
