using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>What deployments, stateful sets and daemon sets must hold to be accepted: a selector that matches the template, and containers.</summary>
/// <param name="defaults">Fills in the defaults of the kind's own fields; those of the template are the same for all.</param>
internal sealed class DeploymentStrategy(Action<JsonObject> defaults) : ResourceStrategy
{
    private static readonly string[] RequiredOfContainer = ["name", "image"];

    public override bool CountsGenerations => true;

    public static void DefaultsOfDeployment(JsonObject spec)
    {
        spec["replicas"] ??= 1;
        spec["revisionHistoryLimit"] ??= 10;
        spec["progressDeadlineSeconds"] ??= 600;
        var strategy = spec.Ensure("strategy");
        if (strategy.String("type") is not { Length: > 0 })
        {
            strategy["type"] = "RollingUpdate";
        }

        if (strategy.String("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling["maxUnavailable"] ??= "25%";
            rolling["maxSurge"] ??= "25%";
        }
    }

    public static void DefaultsOfStatefulSet(JsonObject spec)
    {
        spec["replicas"] ??= 1;
        spec["revisionHistoryLimit"] ??= 10;
        spec["podManagementPolicy"] ??= "OrderedReady";
        spec["updateStrategy"] ??= new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["partition"] = 0 } };
    }

    public static void DefaultsOfDaemonSet(JsonObject spec)
    {
        spec["revisionHistoryLimit"] ??= 10;
        spec["updateStrategy"] ??= new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 1, ["maxSurge"] = 0 } };
    }

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.Object("spec") is { } spec)
        {
            defaults(spec);
            PodDefaults.ApplyToTemplate(spec.Object("template"));
        }
    }

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
