using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Modestano.Crds.Schema;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Crds.Generation;

/// <summary>Turns C# types into structural schemas. What it does not know it refuses, so that nothing is dropped silently.</summary>
internal sealed class SchemaGenerator(DocComments documentation)
{
    // Longest string inside a list or dictionary, where no attribute can bound it: a TXT record's values come close to this.
    private const int LongestItem = 4096;

    private readonly Stack<Type> open = new();

    /// <summary>The JSON name of a property.</summary>
    public static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The schema of a property's value: its type's, its attributes', its description.</summary>
    public JsonObject Property(PropertyInfo property, SchemaPlace place)
    {
        try
        {
            var schema = new JsonObject();
            if (documentation.Of(property) is { } description)
            {
                schema["description"] = description;
            }

            Fill(schema, property.PropertyType, property, place);
            PropertyBounds.Apply(schema, property, place);
            return schema;
        }
        catch (NotSupportedException e)
        {
            throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name}: {e.Message}", e);
        }
    }

    private void Fill(JsonObject schema, Type type, PropertyInfo? property, SchemaPlace place)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalar(type) is { } scalar)
        {
            foreach (var (key, value) in scalar)
            {
                schema[key] = value?.DeepClone();
            }
        }
        else if (type == typeof(Duration))
        {
            DurationSchema.Fill(schema, property?.GetCustomAttribute<DurationRangeAttribute>());
        }
        else if (type == typeof(Fraction))
        {
            schema["x-kubernetes-int-or-string"] = true;
            schema["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" });
            schema["maxLength"] = 32;
            schema["pattern"] = Fraction.Pattern;
        }
        else if (GenericArguments(type, typeof(IReadOnlyDictionary<,>)) is [var key, var value])
        {
            FillDictionary(schema, key, value, property, place);
        }
        else if (GenericArguments(type, typeof(IReadOnlyList<>)) is [var item])
        {
            FillList(schema, item, property, place);
        }
        else if (type.IsClass && type.Namespace == typeof(ApiGroup).Namespace)
        {
            FillObject(schema, type, place);
        }
        else
        {
            throw new NotSupportedException($"a {type.Name} has no schema here");
        }
    }

    private static JsonObject? Scalar(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => new JsonObject { ["type"] = "string" },
        TypeCode.Boolean => new JsonObject { ["type"] = "boolean" },
        TypeCode.Int32 when !type.IsEnum => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        TypeCode.Int64 when !type.IsEnum => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        TypeCode.DateTime => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        _ => null,
    };

    private void FillDictionary(JsonObject schema, Type key, Type value, PropertyInfo? property, SchemaPlace place)
    {
        if (key != typeof(string))
        {
            throw new NotSupportedException("the keys of a dictionary must be strings");
        }

        schema["type"] = "object";
        schema["additionalProperties"] = Item(value, property, place);
    }

    private void FillList(JsonObject schema, Type item, PropertyInfo? property, SchemaPlace place)
    {
        schema["type"] = "array";
        schema["items"] = Item(item, property, place with { IsInList = true });
        if (property?.GetCustomAttribute<ListMapAttribute>() is not { } map)
        {
            schema["x-kubernetes-list-type"] = "atomic";
            return;
        }

        if (item.GetProperties().SingleOrDefault(p => NameOf(p) == map.Key)?.GetCustomAttribute<RequiredAttribute>() is null)
        {
            throw new NotSupportedException($"the key {map.Key} of a list of type map must be a required property of {item.Name}");
        }

        schema["x-kubernetes-list-type"] = "map";
        schema["x-kubernetes-list-map-keys"] = new JsonArray(map.Key);
    }

    private JsonObject Item(Type type, PropertyInfo? property, SchemaPlace place)
    {
        var schema = new JsonObject();
        Fill(schema, type, null, place);
        if (place.IsSpec && type == typeof(string))
        {
            schema["maxLength"] = LongestItem;
        }

        if (place.IsSpec && GenericArguments(type, typeof(IReadOnlyDictionary<,>)) is not null)
        {
            schema["maxProperties"] = property?.GetCustomAttribute<MaxLengthAttribute>()?.Length;
        }

        return schema;
    }

    private void FillObject(JsonObject schema, Type type, SchemaPlace place)
    {
        if (open.Contains(type))
        {
            throw new NotSupportedException($"{type.Name} contains itself, which a structural schema cannot express");
        }

        open.Push(type);
        schema["type"] = "object";
        if (!schema.ContainsKey("description") && documentation.Of(type) is { } description)
        {
            schema["description"] = description;
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.MetadataToken).ToList();
        var required = properties.Where(p => p.GetCustomAttribute<RequiredAttribute>() is not null).Select(p => (JsonNode?)NameOf(p)).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        schema["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(NameOf(p), (JsonNode?)Property(p, place))));
        CelRules.Add(schema, type);
        open.Pop();
    }

    private static Type[]? GenericArguments(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition ? type.GetGenericArguments() : null;
}
