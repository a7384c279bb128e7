namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>What a server checks of the CEL rules in a definition: that they compile, and that transition rules have something to compare with.</summary>
internal static class RuleCheck
{
    /// <param name="node">The schema.</param>
    /// <param name="path">Its path in the definition.</param>
    /// <param name="hasCounterpart">False below a list whose items cannot be told apart.</param>
    /// <param name="errors">Where refusals go.</param>
    public static void Check(SchemaNode node, string path, bool hasCounterpart, List<FieldError> errors)
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

            if (rule.Message is { } message && message.Contains('\n'))
            {
                errors.Add(FieldError.Invalid($"{rulePath}.message", JsonForm.Quote(message), "message must not contain line breaks"));
            }
        }

        foreach (var (name, property) in node.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Check(property, $"{path}.properties[{name}]", hasCounterpart, errors);
        }

        if (node.AdditionalProperties is { } values)
        {
            Check(values, $"{path}.additionalProperties", hasCounterpart, errors);
        }

        if (node.Items is { } items)
        {
            Check(items, $"{path}.items", hasCounterpart && node.ListType == "map", errors);
        }
    }
}
