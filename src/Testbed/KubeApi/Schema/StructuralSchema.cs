using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>The schema of one version of a custom resource: what the API server prunes, fills in and refuses.</summary>
/// <remarks>
/// The order on a write is <see cref="Prune"/>, <see cref="ApplyDefaults"/>, <see cref="Validate(JsonObject, JsonObject?, bool)"/>; on a read the first two.
/// Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions".
/// </remarks>
public sealed class StructuralSchema
{
    private readonly SchemaNode root;

    private StructuralSchema(SchemaNode root) => this.root = root;

    /// <summary>Reads <c>spec.versions[].schema.openAPIV3Schema</c>.</summary>
    /// <remarks>A CEL rule that does not compile is never run: <see cref="CheckDefinition"/> refuses it.</remarks>
    /// <exception cref="FormatException">The schema is malformed.</exception>
    public static StructuralSchema Parse(JsonObject openApiV3Schema) => new(SchemaParser.Parse(openApiV3Schema));

    /// <summary>Removes fields that the schema does not declare.</summary>
    /// <returns>Their paths, as <c>spec.bogus</c> or <c>spec.ports[0].bogus</c>.</returns>
    public IReadOnlyList<string> Prune(JsonObject value)
    {
        List<string> removed = [];
        Pruning.Prune(value, root, removed);
        return removed;
    }

    /// <summary>Fills in defaults; a null of a field that is not nullable is dropped first.</summary>
    public void ApplyDefaults(JsonObject value) => Defaulting.Apply(value, root);

    /// <summary>Checks a pruned and defaulted object.</summary>
    /// <param name="value">The object as it would be stored.</param>
    /// <param name="old">The stored object; null on create. Transition rules compare with it.</param>
    /// <param name="statusOnly">The write goes to <c>/status</c>: a server was seen not to look for duplicates in lists there.</param>
    /// <returns>The causes of a refusal; empty: the object is valid.</returns>
    public IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old, bool statusOnly = false) => Validate(value, old, statusOnly, metadataBlocksRules: false);

    /// <summary>As the other; <paramref name="metadataBlocksRules"/> says that the metadata already is so wrong that no rule runs.</summary>
    internal IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old, bool statusOnly, bool metadataBlocksRules)
    {
        List<FieldError> errors = [];
        ValueValidation.Validate(value, root, "", errors);
        if (!statusOnly)
        {
            CheckUniqueness(value, old, errors);
        }

        if (root.HasRules && (metadataBlocksRules || errors.Exists(e => e.BlocksRules)))
        {
            errors.Add(FieldError.Invalid(
                FieldError.NoField,
                "\"null\"",
                "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
        }
        else
        {
            RuleValidation.Validate(value, old, root, "", errors);
        }

        return errors;
    }

    /// <summary>Checks a CustomResourceDefinition: names, versions, schemas, CEL rules.</summary>
    /// <returns>The causes of a refusal; empty: the definition is valid.</returns>
    public static IReadOnlyList<FieldError> CheckDefinition(JsonObject crd) => DefinitionCheck.Check(crd);

    // What was stored with duplicates may stay so: only new duplicates are refused.
    private void CheckUniqueness(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        List<FieldError> duplicates = [];
        ListUniqueness.Check(value, root, "", duplicates);
        List<FieldError> before = [];
        if (old is not null && duplicates.Count > 0)
        {
            ListUniqueness.Check(old, root, "", before);
        }

        if (before.Count == 0)
        {
            errors.AddRange(duplicates);
        }
    }
}
