using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Tables;

/// <summary>Columns from a CustomResourceDefinition's <c>additionalPrinterColumns</c>.</summary>
internal static class PrinterColumns
{
    public static IReadOnlyList<TableColumn> From(JsonObject version)
    {
        if (version.Array("additionalPrinterColumns") is not { Count: > 0 } definitions)
        {
            return [TableColumn.Age];
        }

        return [.. definitions.OfType<JsonObject>().Select(Column)];
    }

    private static TableColumn Column(JsonObject definition)
    {
        var type = definition.String("type") ?? "string";
        var path = JsonPath.Parse(definition.String("jsonPath") ?? "");
        return new TableColumn(definition.String("name") ?? "", type, (obj, now) => Cell(path.Find(obj), type, now))
        {
            Format = definition.String("format") ?? "",
            Description = definition.String("description") ?? $"Custom resource definition column (in JSONPath format): {definition.String("jsonPath")}",
            Priority = (int)(definition.Integer("priority") ?? 0),
        };
    }

    private static JsonNode? Cell(IReadOnlyList<JsonNode?> found, string type, DateTimeOffset now)
    {
        // Of several values only the first is shown, as the API server does it.
        if (found.Count == 0 || found[0] is not { } value)
        {
            return null;
        }

        var kind = value.GetValueKind();
        return type switch
        {
            "integer" when kind == JsonValueKind.Number => decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? JsonValue.Create((long)decimal.Truncate(number))
                : null,
            "number" when kind == JsonValueKind.Number => value.DeepClone(),
            "boolean" when kind is JsonValueKind.True or JsonValueKind.False => value.DeepClone(),
            "date" when kind == JsonValueKind.String => Ages.Cell(value.GetValue<string>(), now),
            "string" => JsonValue.Create(JsonPath.Text(value)),
            _ => null,
        };
    }
}
