using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>
/// Compares an answer with a recorded one. Placeholders in a recording stand for what differs between runs: <c>&lt;uid-1&gt;</c> and <c>&lt;rv-1&gt;</c>
/// for one value each that must be the same wherever it is named, <c>&lt;time&gt;</c> and the like for anything.
/// </summary>
internal sealed partial class RecordedAnswer
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>The text with the values in place of the placeholders that are known so far.</summary>
    public string Fill(string text) => Named().Replace(text, m => values.GetValueOrDefault(m.Value, m.Value)).Replace("<time>", "2030-01-02T03:04:05Z", StringComparison.Ordinal).Replace("<microtime>", "2030-01-02T03:04:05.000006Z", StringComparison.Ordinal);

    /// <summary>The differences, each with its place.</summary>
    public IReadOnlyList<string> Compare(JsonNode? wanted, JsonNode? found, bool withManagedFields)
    {
        var differences = new List<string>();
        Compare(wanted, found, "", withManagedFields, differences);
        return differences;
    }

    private void Compare(JsonNode? wanted, JsonNode? found, string path, bool withManagedFields, List<string> differences)
    {
        switch (wanted, found)
        {
            case (JsonObject a, JsonObject b):
                foreach (var name in a.Concat(b).Select(p => p.Key).Distinct(StringComparer.Ordinal))
                {
                    if (name == "managedFields" && !withManagedFields)
                    {
                        continue;
                    }

                    if (!a.ContainsKey(name) || !b.ContainsKey(name))
                    {
                        differences.Add($"{path}.{name} {(a.ContainsKey(name) ? "is missing" : "is too much")}: {(a[name] ?? b[name])?.ToJsonString()}");
                        continue;
                    }

                    if (name != "description")
                    {
                        Compare(a[name], b[name], $"{path}.{name}", withManagedFields, differences);
                    }
                }

                break;
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                foreach (var (x, y, i) in Ordered(a, path).Zip(Ordered(b, path)).Select((p, i) => (p.First, p.Second, i)))
                {
                    Compare(x, y, $"{path}[{i}]", withManagedFields, differences);
                }

                break;
            case (JsonValue a, JsonValue b) when a.GetValueKind() == JsonValueKind.String && b.GetValueKind() == JsonValueKind.String:
                if (!IsSame(a.GetValue<string>(), b.GetValue<string>()))
                {
                    differences.Add($"{path}: wanted {Fill(a.ToJsonString())}, found {b.ToJsonString()}");
                }

                break;
            default:
                if (!JsonNode.DeepEquals(wanted, found))
                {
                    differences.Add($"{path}: wanted {wanted?.ToJsonString()}, found {found?.ToJsonString()}");
                }

                break;
        }
    }

    // The order of causes and of entries written in the same second is not fixed.
    private static IEnumerable<JsonNode?> Ordered(JsonArray list, string path) => path.EndsWith(".causes", StringComparison.Ordinal)
        ? list.OrderBy(c => $"{c!["field"]} {c["message"]}", StringComparer.Ordinal)
        : path.EndsWith(".managedFields", StringComparison.Ordinal)
            ? list.OrderBy(e => $"{e!["manager"]} {e["operation"]} {e["subresource"]}", StringComparer.Ordinal)
            : list;

    public bool IsSame(string wanted, string found)
    {
        if (Named().IsMatch(wanted) && Named().Replace(wanted, "").Length == 0)
        {
            values.TryAdd(wanted, found);
        }

        var pattern = Anything().Replace(Regex.Escape(Named().Replace(wanted, m => values.GetValueOrDefault(m.Value, "<any>"))), ".*");
        return Regex.IsMatch(found, $"^{pattern}$", RegexOptions.Singleline);
    }

    [GeneratedRegex(@"<(uid|rv)-\d+>")]
    private static partial Regex Named();

    [GeneratedRegex(@"<(time|microtime|age|rand5|any|hash|pointer|continue-\d+)>")]
    private static partial Regex Anything();
}
