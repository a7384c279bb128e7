using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Modestano.Crds.Schema;

namespace Modestano.Crds.Generation;

/// <summary>Bounds, enums, patterns, defaults and rules that a property's attributes state.</summary>
internal static class PropertyBounds
{
    public static void Apply(JsonObject schema, PropertyInfo property, SchemaPlace place)
    {
        foreach (var attribute in property.GetCustomAttributes())
        {
            switch (attribute)
            {
                case StringLengthAttribute length when IsString(schema):
                    if (length.MinimumLength > 0)
                    {
                        schema["minLength"] = length.MinimumLength;
                    }

                    schema["maxLength"] = length.MaximumLength;
                    break;
                case RangeAttribute range:
                    ApplyRange(schema, range);
                    break;
                case MinLengthAttribute least:
                    schema[SizeName(schema, "min")] = least.Length;
                    break;
                case MaxLengthAttribute most:
                    schema[SizeName(schema, "max")] = most.Length;
                    break;
                case RegularExpressionAttribute pattern when IsString(schema):
                    schema["pattern"] = pattern.Pattern;
                    break;
                case AllowedValuesAttribute allowed:
                    schema["enum"] = new JsonArray([.. allowed.Values.Select(v => JsonSerializer.SerializeToNode(v))]);
                    break;
                case SchemaDefaultAttribute value:
                    ApplyDefault(schema, value, place);
                    break;
                case RequiredAttribute or ListMapAttribute or DurationRangeAttribute or CelRuleAttribute or CelTotalAttribute or CelAscendingAttribute:
                    break;
                case { } other when other.GetType().Namespace is "System.Runtime.CompilerServices":
                    break;
                default:
                    throw new NotSupportedException($"{attribute.GetType().Name} does not fit a value of type {schema["type"]}");
            }
        }

        CelRules.Add(schema, property);
        if (place.IsSpec)
        {
            RequireBounds(schema);
        }
    }

    private static void ApplyRange(JsonObject schema, RangeAttribute range)
    {
        var (minimum, maximum) = (Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture), Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture));
        if (schema.ContainsKey("x-kubernetes-int-or-string"))
        {
            CelRules.Add(schema, $"double(self) >= {minimum}.0 && double(self) <= {maximum}.0", $"must be a number from {minimum} to {maximum}");
        }
        else if (schema["type"]?.ToString() == "integer")
        {
            schema["minimum"] = minimum;
            schema["maximum"] = maximum;
        }
        else
        {
            throw new NotSupportedException($"Range does not fit a value of type {schema["type"]}");
        }
    }

    private static void ApplyDefault(JsonObject schema, SchemaDefaultAttribute value, SchemaPlace place)
    {
        if (place.IsInList)
        {
            throw new NotSupportedException("a default inside a list item keeps GitOps tools out of sync; derive it in the operator");
        }

        schema["default"] = JsonNode.Parse(value.Json);
    }

    private static bool IsString(JsonObject schema) => schema["type"]?.ToString() == "string";

    private static string SizeName(JsonObject schema, string prefix) => schema["type"]?.ToString() switch
    {
        "array" => prefix + "Items",
        "object" when schema.ContainsKey("additionalProperties") => prefix + "Properties",
        "string" => prefix + "Length",
        var type => throw new NotSupportedException($"a length does not fit a value of type {type}"),
    };

    // The server estimates what a rule can cost from these bounds and refuses a definition without them.
    private static void RequireBounds(JsonObject schema)
    {
        var missing = schema["type"]?.ToString() switch
        {
            "array" => "maxItems",
            "object" when schema.ContainsKey("additionalProperties") => "maxProperties",
            "string" when !schema.ContainsKey("enum") && !schema.ContainsKey("format") => "maxLength",
            "integer" => "maximum",
            _ => null,
        };
        if (missing is not null && !schema.ContainsKey(missing))
        {
            throw new NotSupportedException($"a value in spec needs a bound ({missing})");
        }
    }
}
