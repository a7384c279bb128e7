using System.Text.Json;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.Iam;

/// <summary>
/// An IAM policy (identity or trust) as JSON, evaluated as IAM does: a Deny beats every Allow, and what nobody allows is denied. What this
/// evaluator does not know makes parsing fail, so that no test passes because a condition was overlooked.
/// </summary>
public sealed class PolicyDocument
{
    private static readonly string[] KnownElements = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];

    private readonly IReadOnlyList<Statement> _statements;

    private PolicyDocument(IReadOnlyList<Statement> statements) => _statements = statements;

    /// <summary>Reads a document.</summary>
    /// <exception cref="NotSupportedException">It uses an element or a condition that is not known here.</exception>
    public static PolicyDocument Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new([.. Each(document.RootElement.GetProperty("Statement")).Select(Read)]);
    }

    /// <summary>Several documents that are attached to one identity.</summary>
    public static PolicyDocument Together(params IEnumerable<PolicyDocument> documents) => new([.. documents.SelectMany(d => d._statements)]);

    /// <summary>Whether the document allows a request.</summary>
    public bool Allows(AccessRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var matching = _statements.Where(s => s.Matches(request)).ToList();
        return matching.Any(s => s.Allow) && matching.All(s => s.Allow);
    }

    private static Statement Read(JsonElement statement)
    {
        foreach (var element in statement.EnumerateObject().Where(e => !KnownElements.Contains(e.Name)))
        {
            throw new NotSupportedException($"the element {element.Name} is not known here");
        }

        return new Statement(
            statement.GetProperty("Effect").GetString() == "Allow",
            statement.TryGetProperty("Principal", out var principals) ? [.. principals.EnumerateObject().SelectMany(p => Texts(p.Value))] : null,
            Texts(statement.GetProperty("Action")),
            statement.TryGetProperty("Resource", out var resources) ? Texts(resources) : ["*"],
            statement.TryGetProperty("Condition", out var conditions)
                ? [.. conditions.EnumerateObject().SelectMany(test => test.Value.EnumerateObject().Select(key => PolicyCondition.Of(test.Name, key.Name, Texts(key.Value))))]
                : []);
    }

    private static List<JsonElement> Each(JsonElement oneOrMore) => oneOrMore.ValueKind == JsonValueKind.Array ? [.. oneOrMore.EnumerateArray()] : [oneOrMore];

    private static List<string> Texts(JsonElement oneOrMore) => [.. Each(oneOrMore).Select(e => e.GetString()!)];

    /// <summary>Whether a text matches a pattern with <c>*</c> and <c>?</c>.</summary>
    internal static bool Like(string text, string pattern, bool ignoreCase = false) => Regex.IsMatch(
        text,
        "^" + Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal) + "$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    private sealed record Statement(bool Allow, IReadOnlyList<string>? Principals, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, IReadOnlyList<PolicyCondition> Conditions)
    {
        public bool Matches(AccessRequest request) =>
            Principals?.Contains(request.Principal) != false
            && Actions.Any(a => Like(request.Action, a, ignoreCase: true))
            && Resources.Any(r => Like(request.Resource, r))
            && Conditions.All(c => c.Holds(request.Context));
    }
}

/// <summary>Somebody wants to do something.</summary>
/// <param name="Principal">The ARN of who asks; for a federated identity that of its provider.</param>
/// <param name="Action">As <c>route53:GetChange</c>.</param>
/// <param name="Resource">The ARN of what it is done to.</param>
/// <param name="Context">The values of condition keys.</param>
public sealed record AccessRequest(string Principal, string Action, string Resource, IReadOnlyDictionary<string, IReadOnlyList<string>> Context);
