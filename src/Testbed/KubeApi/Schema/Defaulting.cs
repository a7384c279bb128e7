using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Defaults, and what the server does with nulls: for a field that is not nullable null counts as absent, for a nullable one it is a value.</summary>
internal static class Defaulting
{
    public static void Apply(JsonObject root, SchemaNode schema) => Members(root, schema, true);

    private static void Node(JsonNode? value, SchemaNode schema)
    {
        switch (value)
        {
            case JsonObject members:
                Members(members, schema, schema.EmbeddedResource);
                break;
            case JsonArray items when schema.Items is not null:
                foreach (var item in items)
                {
                    Node(item, schema.Items);
                }

                break;
        }
    }

    private static void Members(JsonObject value, SchemaNode schema, bool isResource)
    {
        foreach (var (name, member) in schema.Properties)
        {
            if (member.Default is not null && (!value.TryGetPropertyValue(name, out var present) || (present is null && !member.Nullable)))
            {
                value[name] = member.Default.DeepClone();
            }
        }

        foreach (var (name, member) in value.ToList())
        {
            if ((isResource && name is "metadata" or "apiVersion" or "kind") || schema.Member(name) is not { } memberSchema)
            {
                continue;
            }

            // A schema without a type (under preserve-unknown-fields) takes any value, null included.
            if (member is null && !memberSchema.Nullable && (memberSchema.Type is not null || memberSchema.IntOrString))
            {
                value.Remove(name);
            }
            else
            {
                Node(member, memberSchema);
            }
        }
    }
}
