using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Testbed.KubeApi.CustomResources;

/// <summary>Custom resources follow the schema of their definition.</summary>
internal sealed class CustomResourceStrategy(StructuralSchema? schema) : ResourceStrategy
{
    public override bool AllowsUnconditionalUpdate => false;

    public override bool CountsGenerations => true;

    public override IReadOnlyList<string> Prune(JsonObject obj) => schema?.Prune(obj) ?? [];

    public override void ApplyDefaults(JsonObject obj) => schema?.ApplyDefaults(obj);

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly, bool metadataBlocksRules) =>
        schema?.Validate(obj, old, statusOnly, metadataBlocksRules) ?? [];
}
