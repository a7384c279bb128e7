using System.Text.Json;
using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>A small custom resource.</summary>
[KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
internal sealed class Widget : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "example.com/v1";

    public string Kind { get; set; } = "Widget";

    public V1ObjectMeta Metadata { get; set; } = new();

    public WidgetSpec Spec { get; set; } = new();

    public WidgetStatus? Status { get; set; }

    public static ObjectKey Key(string name) => new("shop", name);

    public static Widget Of(string name, string version = "1", int size = 1, string uid = "") => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "shop", ResourceVersion = version, Uid = uid.Length > 0 ? uid : "uid-" + name },
        Spec = new WidgetSpec { Size = size },
    };

    public static JsonElement Json(string name, string version = "1", int size = 1, string inNamespace = "shop") => JsonDocument.Parse(
        $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"{{{name}}}","namespace":"{{{inNamespace}}}","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}","managedFields":[{"manager":"kubectl"}]},"spec":{"size":{{{size}}}}}""").RootElement;

    public static JsonElement UnreadableJson(string name, string version = "1") => JsonDocument.Parse(
        $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"{{{name}}}","namespace":"shop","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}"},"spec":{"size":{"unexpected":true} } }""").RootElement;
}

internal sealed record WidgetSpec
{
    public int Size { get; init; }
}

internal sealed record WidgetStatus
{
    public int? Size { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}
