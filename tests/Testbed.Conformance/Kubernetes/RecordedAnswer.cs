using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.Conformance.Kubernetes;

/// <summary>
/// Compares an answer with a recorded one. Placeholders in a recording stand for what differs between runs: <c>&lt;uid-1&gt;</c> and <c>&lt;rv-1&gt;</c>
/// for one value each that must be the same wherever it is named, <c>&lt;time&gt;</c> and the like for anything.
/// </summary>
internal sealed partial class RecordedAnswer
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>The text with the values in place of the placeholders that are known so far.</summary>
    public string Fill(string text) => Named().Replace(Whole(text), m => values.GetValueOrDefault(m.Value, m.Value)).Replace("<time>", "2030-01-02T03:04:05Z", StringComparison.Ordinal).Replace("<microtime>", "2030-01-02T03:04:05.000006Z", StringComparison.Ordinal);

    // Long texts were written down as aaaaaaaaaaaaaaaaaaaa...[254 times a].
    private static string Whole(string text) => Repeated().Replace(text, m => new string(m.Groups[1].Value[0], int.Parse(m.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Whether a placeholder already stands for a value.</summary>
    public bool Knows(string placeholder) => values.ContainsKey(placeholder);

    /// <summary>Whether an object is already as the recording shows it, apart from what only the server decides.</summary>
    public bool Looks(JsonNode wanted, JsonNode found)
    {
        var guess = new RecordedAnswer();
        foreach (var (name, value) in values)
        {
            guess.values[name] = value;
        }

        return guess.Compare(wanted, found, withManagedFields: false).Count == 0;
    }

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
                    // The counter of the whole store also counts what was written here in the place of the recorder.
                    if (path == ".metadata" && name == "resourceVersion" && a[name] is JsonValue of && !a.ContainsKey("uid"))
                    {
                        IsSame(of.GetValue<string>(), b[name]?.GetValue<string>() ?? "");
                        continue;
                    }

                    if ((name == "managedFields" && !withManagedFields) || (name == "message" && HasSeveralCauses(a)))
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
            case (JsonArray a, JsonArray b) when Ordered(a, path).Count == Ordered(b, path).Count:
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

    // The message lists the causes, in no certain order; they are compared one by one.
    private static bool HasSeveralCauses(JsonObject status) => (status["details"] as JsonObject)?["causes"] is JsonArray { Count: > 1 };

    // The order of causes, of verbs and of entries written in the same second is not fixed; the same cause may be named twice. A cause with a leading
    // dot comes from the check of the scale subresource, which no kind of the operator has.
    private static List<JsonNode?> Ordered(JsonArray list, string path) => path.EndsWith(".causes", StringComparison.Ordinal)
        ? [.. list.Where(c => (c!["field"]?.GetValue<string>())?.StartsWith('.') != true).DistinctBy(c => $"{c!["field"]} {c["message"]}").OrderBy(c => $"{c!["field"]} {c["message"]}", StringComparer.Ordinal)]
        : path.EndsWith(".managedFields", StringComparison.Ordinal)
            ? [.. list.OrderBy(e => $"{e!["manager"]} {e["operation"]} {e["subresource"]}", StringComparer.Ordinal)]
            : path.EndsWith(".verbs", StringComparison.Ordinal) ? [.. list.OrderBy(v => v!.GetValue<string>(), StringComparer.Ordinal)] : [.. list];

    public bool IsSame(string wanted, string found)
    {
        wanted = Whole(wanted);
        if (Named().IsMatch(wanted) && Named().Replace(wanted, "").Length == 0)
        {
            values.TryAdd(wanted, found);
        }

        var pattern = Anything().Replace(Regex.Escape(Named().Replace(wanted, m => values.GetValueOrDefault(m.Value, "<any>"))), ".*");
        return Regex.IsMatch(found, $"^{pattern}$", RegexOptions.Singleline);
    }

    [GeneratedRegex(@"(.)\1{19}\.\.\.\[(\d+) times \1\]")]
    private static partial Regex Repeated();

    [GeneratedRegex(@"<(uid|rv|continue)-\d+>")]
    private static partial Regex Named();

    [GeneratedRegex(@"<(time|microtime|age|rand5|any|hash|pointer|jwt)>")]
    private static partial Regex Anything();
}
