using System.Reflection;
using System.Text.Json.Nodes;
using Modestano.Crds.Schema;

namespace Modestano.Crds.Generation;

/// <summary>Adds the rules of a type or property to its schema.</summary>
internal static class CelRules
{
    public static void Add(JsonObject schema, MemberInfo member)
    {
        foreach (var rule in member.GetCustomAttributes<CelRuleAttribute>())
        {
            Add(schema, rule.Rule, rule.Message);
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
}
