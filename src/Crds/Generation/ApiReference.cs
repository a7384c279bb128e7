using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Modestano.Crds.Generation;

/// <summary>The definitions as a page for people: every field with its type, its bounds, its default and what it means, and the rules between fields.</summary>
internal static class ApiReference
{
    private static readonly (string Least, string Most, string Unit)[] Bounds =
        [("minimum", "maximum", ""), ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " entries"), ("minProperties", "maxProperties", " keys")];

    public static string Of(IReadOnlyList<JsonObject> definitions)
    {
        var page = new StringBuilder(
            """
            <!-- Written by `make manifests` from the types in src/Crds. -->
            # API reference

            Group `mongo.modestano.io`, version `v1alpha1`. The same texts answer `kubectl explain mrs.spec`. `[]` stands for each entry of a list,
            `{}` for each key of a map. Durations are written like `30s`, `5m`, `1h30m`; a fraction is a number or a text like `"0.01"`.


            """.ReplaceLineEndings("\n"));
        foreach (var definition in definitions)
        {
            Kind(page, definition["spec"]!.AsObject());
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Kind(StringBuilder page, JsonObject spec)
    {
        var (names, version) = (spec["names"]!, spec["versions"]![0]!);
        var schema = version["schema"]!["openAPIV3Schema"]!.AsObject();
        page.Append(CultureInfo.InvariantCulture, $"## {names["kind"]} (`{names["shortNames"]![0]}`)\n\n{schema["description"]}\n\n");
        var columns = version["additionalPrinterColumns"]!.AsArray().Select(c => (Name: (string)c!["name"]!, Wide: c["priority"] is not null)).ToList();
        page.Append(CultureInfo.InvariantCulture, $"`kubectl get {names["shortNames"]![0]}` shows {string.Join(", ", columns.Where(c => !c.Wide).Select(c => c.Name))}");
        page.Append(columns.Exists(c => c.Wide) ? $"; with `-o wide` also {string.Join(", ", columns.Where(c => c.Wide).Select(c => c.Name))}.\n\n" : ".\n\n");
        foreach (var part in new[] { "spec", "status" })
        {
            page.Append(CultureInfo.InvariantCulture, $"### {names["kind"]} {part}\n\n| Field | Type | Meaning |\n|---|---|---|\n");
            var rules = new List<string>();
            Fields(page, schema["properties"]![part]!.AsObject(), part, rules);
            page.Append('\n');
            if (rules.Count > 0)
            {
                page.Append("An API server refuses what breaks these rules:\n\n");
                rules.ForEach(r => page.Append("- ").Append(r).Append('\n'));
                page.Append('\n');
            }
        }
    }

    private static void Fields(StringBuilder page, JsonObject schema, string path, List<string> rules)
    {
        foreach (var rule in schema["x-kubernetes-validations"] as JsonArray ?? [])
        {
            rules.Add($"`{path}`: {(string?)rule!["message"] ?? (string)rule["rule"]!}");
        }

        var required = (schema["required"] as JsonArray ?? []).Select(r => (string)r!).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            var field = property!.AsObject();
            var at = $"{path}.{name}";
            page.Append(CultureInfo.InvariantCulture, $"| `{at}` | {TypeOf(field)}{(required.Contains(name) ? ", **required**" : "")} | {Meaning(field)} |\n");
            Fields(page, Inner(field, ref at), at, rules);
        }
    }

    // Lists and maps are gone into: their entries' fields are what matters.
    private static JsonObject Inner(JsonObject field, ref string path)
    {
        while (true)
        {
            if (field["items"] is JsonObject item)
            {
                (field, path) = (item, path + "[]");
            }
            else if (field["additionalProperties"] is JsonObject value)
            {
                (field, path) = (value, path + "{}");
            }
            else
            {
                return field;
            }
        }
    }

    private static string TypeOf(JsonObject field) => (string?)field["type"] switch
    {
        "array" => $"list of {TypeOf(field["items"]!.AsObject())}",
        "object" when field["additionalProperties"] is JsonObject value => $"map of {TypeOf(value)}",
        "string" when field["enum"] is JsonArray words => string.Join(" or ", words.Select(w => $"`{w}`")),
        "string" when (string?)field["format"] == "date-time" => "time",
        "string" when field["pattern"] is not null && (string?)field["x-kubernetes-validations"]?[0]?["rule"] is { } rule && rule.Contains("duration(", StringComparison.Ordinal) => "duration",
        { } plain => plain,
        null => "integer or string",
    };

    private static string? Range(string? least, string? most, string unit) => (least, most) switch
    {
        ({ }, { }) => $"{least} to {most}{unit}",
        ({ }, null) => $"at least {least}{unit}",
        (null, { }) => $"at most {most}{unit}",
        _ => null,
    };

    private static string Meaning(JsonObject field)
    {
        var parts = new List<string> { (string?)field["description"] ?? "" };
        parts.AddRange(Bounds.Select(b => Range(field[b.Least]?.ToJsonString(), field[b.Most]?.ToJsonString(), b.Unit)).OfType<string>());
        if (field["default"] is { } @default)
        {
            parts.Add($"default `{@default.ToJsonString()}`");
        }

        var text = parts[0] + (parts.Count == 1 ? "" : $" ({string.Join("; ", parts.Skip(1))})");
        return text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
    }
}
