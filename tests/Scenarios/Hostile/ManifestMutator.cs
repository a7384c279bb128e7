using System.Globalization;
using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.Hostile;

/// <summary>
/// Makes manifests that somebody could write from one that is right: fields that the schema has and the manifest has not, values of the right
/// type and of the wrong one, lists that are longer, annotations, and a status as somebody with the right to write one would forge it.
/// </summary>
internal sealed class ManifestMutator(JsonObject schema, Random random)
{
    private static readonly string[] Annotated = [Annotations.Hold, Annotations.RollBack, Annotations.ReleaseTo, "mongo.modestano.io/promote", "mongo.modestano.io/take-edits", "mongo.modestano.io/unheard-of"];

    /// <summary>Changes a manifest in a few places.</summary>
    public void Mutate(JsonObject manifest)
    {
        if (random.Next(5) == 0)
        {
            var annotations = manifest["metadata"]!["annotations"] as JsonObject ?? [];
            manifest["metadata"]!["annotations"] = annotations;
            annotations[Annotated[random.Next(Annotated.Length)]] = OddValues.Text(random);
        }

        if (random.Next(4) == 0)
        {
            manifest["status"] = Made(Field(schema, "status")!, 0);
        }

        for (var i = random.Next(1, 3); i > 0; i--)
        {
            MutateOnce(manifest);
        }
    }

    private void MutateOnce(JsonObject manifest)
    {
        var spec = Field(schema, "spec")!;
        var places = Places(manifest["spec"], spec).ToList();
        var (node, known) = places[random.Next(places.Count)];
        switch (node)
        {
            case JsonObject map when random.Next(2) == 0 && FieldsOf(known) is { Count: > 0 } fields:
                var (name, field) = fields.ElementAt(random.Next(fields.Count));
                map[name] = Made(field!.AsObject(), 0);
                break;
            case JsonObject map when map.Count > 0:
                var key = map.ElementAt(random.Next(map.Count)).Key;
                if (random.Next(4) == 0)
                {
                    map.Remove(key);
                }
                else
                {
                    map[key] = random.Next(4) > 0 && known is not null && Field(known, key) is { } typed ? Made(typed, 0) : OddValues.Any(random);
                }

                break;
            case JsonArray list when list.Count > 0:
                Rearrange(list, ItemOf(known));
                break;
            case JsonArray list:
                list.Add(ItemOf(known) is { } item ? Made(item, 0) : OddValues.Any(random));
                break;
        }
    }

    private void Rearrange(JsonArray list, JsonObject? item)
    {
        var at = random.Next(list.Count);
        switch (random.Next(4))
        {
            case 0:
                list.RemoveAt(at);
                break;
            case 1:
                // Ever the same one, as a person's editor does it; or as many as fit.
                for (var i = random.Next(3) == 0 ? random.Next(1, 120) : 1; i > 0; i--)
                {
                    list.Add(list[at]?.DeepClone());
                }

                break;
            case 2:
                list[at] = OddValues.Any(random);
                break;
            default:
                list.Add(item is null ? OddValues.Any(random) : Made(item, 0));
                break;
        }
    }

    /// <summary>A value as the schema describes it, by chance a little beyond.</summary>
    private JsonNode? Made(JsonObject type, int depth)
    {
        if (random.Next(150) == 0)
        {
            return OddValues.Any(random);
        }

        if (type["enum"] is JsonArray choices)
        {
            return choices[random.Next(choices.Count)]?.DeepClone();
        }

        switch ((string?)type["type"])
        {
            case "object" when type["properties"] is JsonObject fields && depth < 8:
                var required = (type["required"] as JsonArray ?? []).Select(r => (string)r!).ToHashSet();
                var made = new JsonObject();
                foreach (var (name, field) in fields)
                {
                    if (required.Contains(name) ? random.Next(300) > 0 : random.Next(4) == 0)
                    {
                        made[name] = Made(field!.AsObject(), depth + 1);
                    }
                }

                return made;
            case "object":
                return new JsonObject { [OddValues.Text(random)] = OddValues.Text(random) };
            case "array":
                var most = (int?)type["maxItems"] ?? 20;
                return new JsonArray([.. Enumerable.Range(0, random.Next(6) == 0 ? random.Next(most + 2) : random.Next(3)).Select(_ => Made(type["items"]!.AsObject(), depth + 1))]);
            case "integer":
                var (least, greatest) = ((long?)type["minimum"] ?? 0, (long?)type["maximum"] ?? 1000);
                return JsonValue.Create(random.Next(8) switch { 0 => OddValues.Number(random), < 5 => random.NextInt64(Math.Min(least, greatest), Math.Max(least, greatest)), _ => random.Next(2) == 0 ? least : greatest });
            case "number":
                return JsonValue.Create(random.NextDouble() * random.Next(0, 1001));
            case "boolean":
                return JsonValue.Create(random.Next(2) == 0);
            default:
                return Word(type);
        }
    }

    private JsonNode Word(JsonObject type)
    {
        if (type["x-kubernetes-int-or-string"] is not null)
        {
            return random.Next(2) == 0 ? JsonValue.Create(random.Next(0, 100)) : JsonValue.Create((random.NextDouble() * 10).ToString("0.###", CultureInfo.InvariantCulture));
        }

        return (string?)type["format"] == "date-time" && random.Next(4) > 0 ? DateTimeOffset.UnixEpoch.AddSeconds(random.NextInt64(0, 4_000_000_000)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            : ((string?)type["pattern"])?.Contains("ms", StringComparison.Ordinal) == true && random.Next(4) > 0 ? $"{random.Next(0, 90)}{"sm"[random.Next(2)]}"
            : OddValues.Text(random);
    }

    private static JsonObject? Field(JsonObject type, string name) => type["properties"]?[name] as JsonObject;

    private static JsonObject? FieldsOf(JsonObject? type) => type?["properties"] as JsonObject;

    private static JsonObject? ItemOf(JsonObject? type) => type?["items"] as JsonObject;

    private static IEnumerable<(JsonNode Node, JsonObject? Type)> Places(JsonNode? node, JsonObject? type) => node switch
    {
        JsonObject map => map.SelectMany(f => Places(f.Value, type is null ? null : Field(type, f.Key))).Prepend((map, type)),
        JsonArray list => list.SelectMany(i => Places(i, ItemOf(type))).Prepend((list, type)),
        _ => [],
    };
}
