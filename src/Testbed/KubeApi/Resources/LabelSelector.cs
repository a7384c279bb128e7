using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>A label selector: <c>a=b</c>, <c>a!=b</c>, <c>a in (b,c)</c>, <c>a notin (b)</c>, <c>a</c>, <c>!a</c>, joined by commas.</summary>
internal sealed class LabelSelector
{
    private readonly IReadOnlyList<Func<JsonObject?, bool>> requirements;

    private LabelSelector(IReadOnlyList<Func<JsonObject?, bool>> requirements) => this.requirements = requirements;

    public bool IsEmpty => requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        var requirements = new List<Func<JsonObject?, bool>>();
        foreach (var part in Split(text ?? ""))
        {
            requirements.Add(Requirement(part.Trim(), text!));
        }

        return new LabelSelector(requirements);
    }

    public bool Matches(JsonObject obj)
    {
        var labels = ObjectMeta.Labels(obj);
        return requirements.All(r => r(labels));
    }

    private static IEnumerable<string> Split(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is '(' or ')')
            {
                depth += text[i] == '(' ? 1 : -1;
            }

            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (i > start)
                {
                    yield return text[start..i];
                }

                start = i + 1;
            }
        }
    }

    private static Func<JsonObject?, bool> Requirement(string part, string whole)
    {
        if (part.EndsWith(')') && part.IndexOf('(', StringComparison.Ordinal) is var open and > 0)
        {
            var words = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var values = part[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
            if (words is [var setKey, "in" or "notin"])
            {
                var isIn = words[1] == "in";
                return labels => labels.String(setKey) is { } value ? values.Contains(value) == isIn : !isIn;
            }
        }

        foreach (var op in new[] { "!=", "==", "=" })
        {
            if (part.IndexOf(op, StringComparison.Ordinal) is var at and > 0)
            {
                var (key, wanted) = (part[..at].Trim(), part[(at + op.Length)..].Trim());
                return op == "!=" ? labels => labels.String(key) != wanted : labels => labels.String(key) == wanted;
            }
        }

        if (part.StartsWith('!'))
        {
            var absent = part[1..].Trim();
            return labels => labels?.ContainsKey(absent) != true;
        }

        return part.Length > 0 && !part.Contains(' ', StringComparison.Ordinal)
            ? labels => labels?.ContainsKey(part) == true
            : throw ApiErrors.BadRequest($"unable to parse requirement: found '{part}' in '{whole}', expected: a key, or a key with =, ==, !=, in, notin");
    }
}
