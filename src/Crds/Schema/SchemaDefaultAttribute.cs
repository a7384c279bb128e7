namespace Modestano.Crds.Schema;

/// <summary>The value that the API server fills in where the field is absent. Never inside list items: that keeps GitOps tools out of sync.</summary>
/// <param name="json">The value as JSON text: <c>"Apply"</c> with its quotes, <c>25</c>, <c>{}</c> for an object whose fields have defaults.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemaDefaultAttribute(string json) : Attribute
{
    /// <summary>The value as JSON text.</summary>
    public string Json { get; } = json;
}
