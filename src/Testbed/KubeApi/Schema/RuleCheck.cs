using System.Globalization;
using Modestano.Testbed.KubeApi.Schema.Cel;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>
/// What a server checks of the CEL rules in a definition: that they compile, that transition rules have something to compare with, and that
/// they cannot cost too much.
/// </summary>
internal sealed class RuleCheck
{
    // Limits of one rule, over all places where it can run, and of all rules of a schema, in CEL's cost units.
    private const double RuleLimit = 10_000_000;
    private const double SchemaLimit = 100_000_000;
    private const string Advice = "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";

    private readonly List<FieldError> errors;
    private double total;

    private RuleCheck(List<FieldError> errors) => this.errors = errors;

    /// <param name="root">The schema.</param>
    /// <param name="path">Its path in the definition.</param>
    /// <param name="errors">Where refusals go.</param>
    public static void Check(SchemaNode root, string path, List<FieldError> errors)
    {
        var check = new RuleCheck(errors);
        check.Visit(root, path, true, 1);
        if (check.total > SchemaLimit)
        {
            errors.Add(FieldError.Forbidden(path, $"x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of {Factor(check.total / SchemaLimit)} {Advice}"));
        }
    }

    // hasCounterpart: false below a list whose items cannot be told apart. places: how many values of this kind an object can hold.
    private void Visit(SchemaNode node, string path, bool hasCounterpart, double places)
    {
        for (var i = 0; i < node.Rules.Count; i++)
        {
            var rule = node.Rules[i];
            var rulePath = $"{path}.x-kubernetes-validations[{i}]";
            if (rule.Problem is { } problem)
            {
                errors.Add(FieldError.Invalid($"{rulePath}.{rule.ProblemField}", rule.Print(), $"compilation failed: {problem}"));
            }
            else if (rule.Program!.UsesOldSelf && !hasCounterpart)
            {
                errors.Add(FieldError.Invalid($"{rulePath}.rule", JsonForm.Quote(rule.Rule), "oldSelf cannot be used on the uncorrelatable portion of the schema"));
            }

            if (rule.Program is { } program)
            {
                var cost = program.Cost(node) * places;
                total += cost;
                if (cost > RuleLimit)
                {
                    errors.Add(FieldError.Forbidden($"{rulePath}.rule", $"estimated rule cost exceeds budget by factor of {Factor(cost / RuleLimit)} {Advice}"));
                }
            }

            if (rule.Message is { } message && message.Contains('\n'))
            {
                errors.Add(FieldError.Invalid($"{rulePath}.message", JsonForm.Quote(message), "message must not contain line breaks"));
            }
        }

        foreach (var (name, property) in node.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Visit(property, $"{path}.properties[{name}]", hasCounterpart, places);
        }

        if (node.AdditionalProperties is { } values)
        {
            Visit(values, $"{path}.additionalProperties", hasCounterpart, places * SchemaSizes.Largest(node));
        }

        if (node.Items is { } items)
        {
            Visit(items, $"{path}.items", hasCounterpart && node.ListType == "map", places * SchemaSizes.Largest(node));
        }
    }

    private static string Factor(double factor) => factor > 100 ? "more than 100x" : string.Create(CultureInfo.InvariantCulture, $"{factor:0.0}x");
}
