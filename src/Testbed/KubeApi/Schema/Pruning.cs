using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Removal of fields that the schema does not declare.</summary>
internal static class Pruning
{
    // The API server owns these at the root and in embedded resources, whatever the schema says.
    private static readonly string[] ObjectFields = ["apiVersion", "kind", "metadata"];

    public static void Prune(JsonObject root, SchemaNode schema, List<string> removed) => PruneObject(root, schema, "", true, removed);

    private static void PruneNode(JsonNode? value, SchemaNode schema, string path, List<string> removed)
    {
        switch (value)
        {
            case JsonObject members:
                PruneObject(members, schema, path, schema.EmbeddedResource, removed);
                break;
            case JsonArray items when schema.Items is not null:
                for (var i = 0; i < items.Count; i++)
                {
                    PruneNode(items[i], schema.Items, $"{path}[{i}]", removed);
                }

                break;
        }
    }

    private static void PruneObject(JsonObject value, SchemaNode schema, string path, bool isResource, List<string> removed)
    {
        foreach (var (name, member) in value.ToList())
        {
            if (isResource && ObjectFields.Contains(name))
            {
                continue;
            }

            var memberPath = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Member(name) is { } memberSchema)
            {
                PruneNode(member, memberSchema, memberPath, removed);
            }
            else if (!schema.PreserveUnknownFields)
            {
                value.Remove(name);
                removed.Add(memberPath);
            }
        }
    }
}
