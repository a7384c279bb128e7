using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>
/// Schemas of built-in kinds, read from KubernetesClient's model types: which fields there are and of what type. Descriptions and bounds are not in them.
/// </summary>
internal static class ModelSchemas
{
    private static readonly Dictionary<string, Type> Roots = typeof(V1Pod).Assembly.GetTypes()
        .Select(t => (Type: t, Entity: t.GetCustomAttribute<KubernetesEntityAttribute>()))
        .Where(t => t.Entity is not null && !t.Type.Name.EndsWith("List", StringComparison.Ordinal))
        .DistinctBy(t => Key(t.Entity!.Group, t.Entity.ApiVersion, t.Entity.Kind))
        .ToDictionary(t => Key(t.Entity!.Group, t.Entity.ApiVersion, t.Entity.Kind), t => t.Type, StringComparer.Ordinal);

    /// <returns>Null where KubernetesClient has no such type.</returns>
    public static JsonObject? Of(string group, string version, string kind)
    {
        if (!Roots.TryGetValue(Key(group, version, kind), out var type))
        {
            return null;
        }

        var schema = Object(type, []);
        schema["description"] = $"{kind} of {(group.Length == 0 ? version : $"{group}/{version}")}.";
        return schema;
    }

    /// <summary>The schema of <c>metadata</c>.</summary>
    public static JsonObject Metadata() => Object(typeof(V1ObjectMeta), []);

    private static string Key(string group, string version, string kind) => $"{group}/{version}/{kind}";

    private static JsonObject Object(Type type, IReadOnlyList<Type> above)
    {
        if (above.Contains(type))
        {
            // A schema of schemas goes on for ever; below the first level it is left open.
            return new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
        }

        var properties = new JsonObject();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name is { } name)
            {
                var schema = Value(property.PropertyType, [.. above, type]);
                MergeRules.Annotate(schema, type, name);
                properties[name] = schema;
            }
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (MergeRules.IsAtomic(type))
        {
            result["x-kubernetes-map-type"] = "atomic";
        }

        return result;
    }

    private static JsonObject Value(Type type, IReadOnlyList<Type> above)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return new JsonObject { ["type"] = "string" };
        }

        if (type == typeof(byte[]))
        {
            return new JsonObject { ["type"] = "string", ["format"] = "byte" };
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return new JsonObject { ["type"] = "integer", ["format"] = type == typeof(int) ? "int32" : "int64" };
        }

        if (type == typeof(double))
        {
            return new JsonObject { ["type"] = "number" };
        }

        if (type == typeof(bool))
        {
            return new JsonObject { ["type"] = "boolean" };
        }

        if (type == typeof(DateTime) || type == typeof(DateTimeOffset))
        {
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        }

        if (type == typeof(ResourceQuantity) || type == typeof(IntOrString))
        {
            return new JsonObject { ["x-kubernetes-int-or-string"] = true };
        }

        if (type.IsGenericType && type.GetGenericArguments() is [var key, var entry] && key == typeof(string))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(entry, above) };
        }

        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
        {
            return new JsonObject { ["type"] = "array", ["items"] = Value(type.GetGenericArguments()[0], above) };
        }

        return type.Namespace == typeof(V1Pod).Namespace
            ? Object(type, above)
            : new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true };
    }
}
