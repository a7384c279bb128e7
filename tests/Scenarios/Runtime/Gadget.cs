using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Runtime;

/// <summary>A custom resource of these scenarios: the controller copies the wanted size into status.</summary>
[KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Gadget", PluralName = "gadgets")]
internal sealed class Gadget : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "example.com/v1";

    public string Kind { get; set; } = "Gadget";

    public V1ObjectMeta Metadata { get; set; } = new();

    public GadgetSpec Spec { get; set; } = new();

    public GadgetStatus? Status { get; set; }

    public static ObjectKey Key(string name) => new("default", name);

    public static V1CustomResourceDefinition Definition() => new()
    {
        Metadata = new V1ObjectMeta { Name = "gadgets.example.com" },
        Spec = new V1CustomResourceDefinitionSpec
        {
            Group = "example.com",
            Names = new V1CustomResourceDefinitionNames { Kind = "Gadget", Plural = "gadgets", Singular = "gadget" },
            Scope = "Namespaced",
            Versions =
            [
                new V1CustomResourceDefinitionVersion
                {
                    Name = "v1",
                    Served = true,
                    Storage = true,
                    Subresources = new V1CustomResourceSubresources { Status = new object() },
                    Schema = new V1CustomResourceValidation
                    {
                        OpenAPIV3Schema = new V1JSONSchemaProps
                        {
                            Type = "object",
                            Properties = new Dictionary<string, V1JSONSchemaProps>
                            {
                                ["spec"] = new() { Type = "object", XKubernetesPreserveUnknownFields = true },
                                ["status"] = new() { Type = "object", XKubernetesPreserveUnknownFields = true },
                            },
                        },
                    },
                },
            ],
        },
    };
}

internal sealed record GadgetSpec
{
    public int Size { get; init; }
}

internal sealed record GadgetStatus
{
    public int? Size { get; init; }
}
