using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Crds.Schema;

namespace Modestano.Crds.Generation;

/// <summary>Adds the rules of a type or property to its schema.</summary>
internal static partial class CelRules
{
    public static void Add(JsonObject schema, MemberInfo member)
    {
        foreach (var rule in member.GetCustomAttributes<CelRuleAttribute>())
        {
            Add(schema, rule.Rule, rule.Message);
        }

        foreach (var total in member.GetCustomAttributes<CelTotalAttribute>())
        {
            var terms = Enumerable.Range(0, MaxItems(schema)).Select(i => $"(size(self) > {i} ? {ItemWord().Replace(total.Term, $"self[{i}]")} : 0)");
            Add(schema, $"{string.Join(" + ", terms)} <= {total.Maximum}", total.Message);
        }

        if (member.GetCustomAttribute<CelAscendingAttribute>() is { } ascending)
        {
            var pairs = Enumerable.Range(1, MaxItems(schema) - 1)
                .Select(i => $"(size(self) <= {i} || self[{i - 1}].{ascending.Member} <= self[{i}].{ascending.Member})");
            Add(schema, string.Join(" && ", pairs), ascending.Message);
        }
    }

    public static void Add(JsonObject schema, string rule, string message)
    {
        if (schema["x-kubernetes-validations"] is not JsonArray rules)
        {
            schema["x-kubernetes-validations"] = rules = [];
        }

        rules.Add((JsonNode)new JsonObject { ["rule"] = rule, ["message"] = message });
    }

    private static int MaxItems(JsonObject schema) =>
        schema["maxItems"]?.GetValue<int>() ?? throw new NotSupportedException("a rule over all items needs a list with a MaxLength");

    [GeneratedRegex(@"\bitem\b")]
    private static partial Regex ItemWord();
}
