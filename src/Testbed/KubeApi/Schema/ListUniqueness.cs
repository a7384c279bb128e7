using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Duplicates in lists of type set and map.</summary>
internal static class ListUniqueness
{
    public static void Check(JsonNode? value, SchemaNode schema, string path, List<FieldError> errors)
    {
        switch (value)
        {
            case JsonObject members:
                foreach (var (name, member) in members)
                {
                    if (schema.Member(name) is { } memberSchema)
                    {
                        Check(member, memberSchema, path.Length == 0 ? name : $"{path}.{name}", errors);
                    }
                }

                break;
            case JsonArray items when schema.Items is not null:
                CheckList(items, schema, path, errors);
                for (var i = 0; i < items.Count; i++)
                {
                    Check(items[i], schema.Items, $"{path}[{i}]", errors);
                }

                break;
        }
    }

    private static void CheckList(JsonArray items, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (schema.ListType is not ("set" or "map"))
        {
            return;
        }

        List<JsonNode?> seen = [];
        HashSet<string> reported = [];
        for (var i = 0; i < items.Count; i++)
        {
            var identity = schema.ListType == "map" ? Key(items[i], schema) : items[i];
            if (!seen.Any(s => JsonForm.Equal(s, identity)))
            {
                seen.Add(identity);
            }
            else if (reported.Add(JsonForm.Print(identity)))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}]", JsonForm.Print(identity)));
            }
        }
    }

    /// <summary>The members of an item that identify it in a list of type map, defaults filled in.</summary>
    public static JsonObject Key(JsonNode? item, SchemaNode schema)
    {
        var key = new JsonObject();
        foreach (var name in schema.ListMapKeys)
        {
            if (item is JsonObject members && (members[name] ?? schema.Items?.Properties.GetValueOrDefault(name)?.Default) is { } value)
            {
                key[name] = value.DeepClone();
            }
        }

        return key;
    }
}
