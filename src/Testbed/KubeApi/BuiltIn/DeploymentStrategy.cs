using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>What deployments, stateful sets and daemon sets must hold to be accepted: a selector that matches the template, and containers.</summary>
internal sealed class DeploymentStrategy : ResourceStrategy
{
    private static readonly string[] RequiredOfContainer = ["name", "image"];

    public override bool CountsGenerations => true;

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly)
    {
        if (statusOnly)
        {
            return [];
        }

        var errors = new List<FieldError>();
        var spec = obj.Object("spec");
        var template = spec.Object("template");
        if (spec.Object("selector") is not { Count: > 0 } selector)
        {
            errors.Add(new("spec.selector", "Required value", "FieldValueRequired"));
        }
        else
        {
            CheckSelector(selector, template, errors);
            if (old is not null && !JsonNode.DeepEquals(old.Object("spec")?["selector"], selector))
            {
                errors.Add(new("spec.selector", $"Invalid value: {selector.ToJsonString()}: field is immutable", "FieldValueInvalid"));
            }
        }

        if (template.Object("spec").Array("containers") is not { Count: > 0 } containers)
        {
            errors.Add(new("spec.template.spec.containers", "Required value", "FieldValueRequired"));
            return errors;
        }

        for (var i = 0; i < containers.Count; i++)
        {
            foreach (var field in RequiredOfContainer.Where(f => string.IsNullOrEmpty((containers[i] as JsonObject).String(f))))
            {
                errors.Add(new($"spec.template.spec.containers[{i}].{field}", "Required value", "FieldValueRequired"));
            }
        }

        return errors;
    }

    private static void CheckSelector(JsonObject selector, JsonObject? template, List<FieldError> errors)
    {
        var labels = template.Object("metadata").Object("labels");
        if (selector.Object("matchLabels") is { } wanted && wanted.Any(w => labels.String(w.Key) != w.Value?.GetValue<string>()))
        {
            errors.Add(new("spec.template.metadata.labels", $"Invalid value: {labels?.ToJsonString() ?? "null"}: `selector` does not match template `labels`", "FieldValueInvalid"));
        }
    }
}
