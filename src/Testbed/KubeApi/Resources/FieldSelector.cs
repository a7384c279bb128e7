using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>A field selector: <c>metadata.name=x,metadata.namespace!=y</c>. Only the fields that a kind lists may be used.</summary>
internal sealed class FieldSelector
{
    private static readonly HashSet<string> Common = ["metadata.name", "metadata.namespace"];

    private readonly IReadOnlyList<(string Field, string Value, bool Equal)> terms;

    private FieldSelector(IReadOnlyList<(string, string, bool)> terms) => this.terms = terms;

    public bool IsEmpty => terms.Count == 0;

    /// <summary>The one name that can match, where the selector says so.</summary>
    public string? Name => terms.FirstOrDefault(t => t is { Field: "metadata.name", Equal: true }).Value;

    public static FieldSelector Parse(string? text, ResourceKind kind)
    {
        var terms = new List<(string, string, bool)>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw ApiErrors.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            }

            var equal = part[at - 1] != '!';
            var field = part[..(equal ? at : at - 1)].Trim();
            var value = part[(at + 1)..].TrimStart('=').Trim();
            if (!Common.Contains(field) && !kind.SelectableFields.Contains(field))
            {
                throw ApiErrors.BadRequest(kind.IsCustom || kind.SelectableFields.Count > 0
                    ? $"field label not supported: {field}"
                    : $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }

            terms.Add((field, value, equal));
        }

        return new FieldSelector(terms);
    }

    public bool Matches(JsonObject obj) => terms.All(t => (Value(obj, t.Field) == t.Value) == t.Equal);

    private static string Value(JsonObject obj, string field)
    {
        JsonNode? at = obj;
        foreach (var name in field.Split('.'))
        {
            at = (at as JsonObject)?[name];
        }

        return JsonPath.Text(at);
    }
}
