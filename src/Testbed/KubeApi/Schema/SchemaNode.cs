using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>One node of a structural schema, parsed.</summary>
internal sealed record SchemaNode
{
    public string? Type { get; init; }

    public string? Format { get; init; }

    public bool Nullable { get; init; }

    public JsonNode? Default { get; init; }

    public IReadOnlyDictionary<string, SchemaNode> Properties { get; init; } = new Dictionary<string, SchemaNode>();

    /// <summary>The schema of values under names that <see cref="Properties"/> does not list; null: there may be none.</summary>
    public SchemaNode? AdditionalProperties { get; init; }

    public SchemaNode? Items { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public IReadOnlyList<JsonNode?>? Enum { get; init; }

    public ValueBounds Bounds { get; init; } = ValueBounds.None;

    public string? Pattern { get; init; }

    public Regex? PatternExpression { get; init; }

    public IReadOnlyList<SchemaNode> AllOf { get; init; } = [];

    public IReadOnlyList<SchemaNode> AnyOf { get; init; } = [];

    public IReadOnlyList<SchemaNode> OneOf { get; init; } = [];

    public SchemaNode? Not { get; init; }

    public bool PreserveUnknownFields { get; init; }

    public bool IntOrString { get; init; }

    public bool EmbeddedResource { get; init; }

    /// <summary>atomic, set or map.</summary>
    public string ListType { get; init; } = "atomic";

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    public IReadOnlyList<ValidationRule> Rules { get; init; } = [];

    /// <summary>The schema of a member of an object; null: it is not declared.</summary>
    public SchemaNode? Member(string name) => Properties.GetValueOrDefault(name) ?? AdditionalProperties;

    /// <summary>True: this node or one below it has CEL rules.</summary>
    public bool HasRules { get; init; }
}

/// <summary>Numeric, length and size limits; null: none.</summary>
internal sealed record ValueBounds(
    JsonNode? Minimum,
    bool ExclusiveMinimum,
    JsonNode? Maximum,
    bool ExclusiveMaximum,
    JsonNode? MultipleOf,
    long? MinLength,
    long? MaxLength,
    long? MinItems,
    long? MaxItems,
    long? MinProperties,
    long? MaxProperties)
{
    public static ValueBounds None { get; } = new(null, false, null, false, null, null, null, null, null, null, null);
}
