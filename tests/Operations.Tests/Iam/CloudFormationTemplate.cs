using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Iam;

/// <summary>A CloudFormation template with values for its parameters: as much of the language as <c>config/iam/cloudformation.yaml</c> uses.</summary>
internal sealed partial class CloudFormationTemplate(string yaml, IReadOnlyDictionary<string, JsonNode> values)
{
    private readonly JsonObject _template = Repository.Documents(yaml).Single();

    /// <summary>Names of the parameters.</summary>
    public IEnumerable<string> ParameterNames => _template["Parameters"]!.AsObject().Select(p => p.Key);

    /// <summary>The value of a parameter that nobody gave.</summary>
    public string? Default(string parameter) => (string?)_template["Parameters"]![parameter]!["Default"];

    /// <summary>A policy of a resource with everything filled in.</summary>
    public JsonNode Policy(string resource, string property)
    {
        var policy = Evaluate(_template["Resources"]![resource]!["Properties"]![property]!);
        return policy is JsonValue text ? JsonNode.Parse(text.GetValue<string>())! : policy;
    }

    private JsonNode Evaluate(JsonNode node) => node switch
    {
        JsonObject { Count: 1 } call when call.First() is var (function, argument) && (function == "Ref" || function.StartsWith("Fn::", StringComparison.Ordinal)) => Call(function, argument!),
        JsonObject map => new JsonObject(map.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Evaluate(e.Value!)))),
        JsonArray list => new JsonArray([.. list.Select(e => Evaluate(e!))]),
        _ => node.DeepClone(),
    };

    private JsonNode Call(string function, JsonNode argument) => function switch
    {
        "Ref" => values[argument.GetValue<string>()].DeepClone(),
        "Fn::Sub" => Placeholder().Replace(argument.GetValue<string>(), m => values[m.Groups["name"].Value].GetValue<string>()),
        "Fn::Join" => string.Join(argument[0]!.GetValue<string>(), Evaluate(argument[1]!).AsArray().Select(e => e!.GetValue<string>())),
        "Fn::Split" => new JsonArray([.. Evaluate(argument[1]!).GetValue<string>().Split(argument[0]!.GetValue<string>()).Select(e => JsonValue.Create(e))]),
        "Fn::Select" => Evaluate(argument[1]!).AsArray()[argument[0]!.GetValue<int>()]!.DeepClone(),
        _ => throw new NotSupportedException($"{function} is not known here"),
    };

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z:]+)\}")]
    private static partial Regex Placeholder();
}
