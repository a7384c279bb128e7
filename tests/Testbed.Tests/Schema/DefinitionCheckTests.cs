using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Testbed.Tests.Schema;

public sealed class DefinitionCheckTests
{
    private const string SpecPath = "spec.validation.openAPIV3Schema.properties[spec]";

    [Test]
    public void The_recorded_definition_is_valid() =>
        Assert.That(StructuralSchema.CheckDefinition(Recording.WidgetDefinition()), Is.Empty);

    [Test]
    public void A_name_that_is_not_plural_and_group_is_refused()
    {
        var crd = Recording.WidgetDefinition();
        crd["metadata"]!["name"] = "wrong.example.com";
        Assert.That(StructuralSchema.CheckDefinition(crd), Is.EqualTo(new[]
        {
            new FieldError("metadata.name", """Invalid value: "wrong.example.com": must be spec.names.plural+"."+spec.group""", "FieldValueInvalid"),
        }));
    }

    [Test]
    public void A_version_without_a_schema_is_refused()
    {
        var crd = Recording.WidgetDefinition();
        crd["spec"]!["versions"]![0]!.AsObject().Remove("schema");
        Assert.That(StructuralSchema.CheckDefinition(crd), Is.EqualTo(new[]
        {
            new FieldError("spec.versions[0].schema.openAPIV3Schema", "Required value: schemas are required", "FieldValueRequired"),
        }));
    }

    [Test]
    public void Values_without_a_type_and_lists_without_items_are_refused()
    {
        var (crd, spec) = WidgetSpec();
        spec["properties"]!["a"] = JsonNode.Parse("""{"properties": {"x": {}}}""");
        spec["properties"]!["c"] = JsonNode.Parse("""{"type": "array"}""");
        Assert.That(StructuralSchema.CheckDefinition(crd), Is.EquivalentTo(new[]
        {
            new FieldError($"{SpecPath}.properties[a].properties[x].type", "Required value: must not be empty for specified object fields", "FieldValueRequired"),
            new FieldError($"{SpecPath}.properties[a].type", "Required value: must not be empty for specified object fields", "FieldValueRequired"),
            new FieldError($"{SpecPath}.properties[c].items", "Required value: must be specified", "FieldValueRequired"),
        }));
    }

    [Test]
    public void A_rule_that_does_not_compile_is_refused_with_a_pointer_at_the_place()
    {
        var (crd, spec) = WidgetSpec();
        spec["x-kubernetes-validations"] = JsonNode.Parse("""[{"rule": "self.nope > 1", "message": "m"}]""");
        Assert.That(StructuralSchema.CheckDefinition(crd), Is.EqualTo(new[]
        {
            new FieldError(
                $"{SpecPath}.x-kubernetes-validations[0].rule",
                "Invalid value: apiextensions.ValidationRule{Rule:\"self.nope > 1\", Message:\"m\"}: compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n | self.nope > 1\n | ....^",
                "FieldValueInvalid"),
        }));
    }

    [TestCase("""{"type": "string", "default": 5}""", "must be of type string")]
    [TestCase("""{"type": "object", "properties": {"y": {"type": "string"}}, "default": {"z": 1}}""", "must not contain unknown fields")]
    [TestCase("""{"type": "array", "items": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf"}]}}""", "oldSelf cannot be used")]
    [TestCase("""{"type": "string", "pattern": "(?=x)"}""", "the schema is malformed")]
    [TestCase("""{"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"type": "object", "properties": {"k": {"type": "string"}}}}""", "it must have a default or be a required property")]
    public void A_property_that_cannot_work_is_refused(string property, string detail)
    {
        var (crd, spec) = WidgetSpec();
        spec["properties"]!["wrong"] = JsonNode.Parse(property);
        Assert.That(StructuralSchema.CheckDefinition(crd), Has.One.Property(nameof(FieldError.Detail)).Contains(detail));
    }

    [TestCase("self.map(x, x.n).sum() < 10", 10, "by factor of more than 100x")]
    [TestCase("self.all(x, self.exists(y, self.exists(z, x.n == y.n && y.n == z.n)))", 200, "by factor of 11.2x")]
    [TestCase("self.all(x, x.n > 0)", 200, null)]
    [TestCase("size(self) < 10", null, null)]
    [TestCase("self.all(x, self.exists(y, y.n == x.n))", null, "by factor of more than 100x")]
    public void A_rule_that_can_cost_too_much_is_refused(string rule, int? maxItems, string? detail)
    {
        var (crd, spec) = WidgetSpec();
        var list = JsonNode.Parse("""{"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}""")!.AsObject();
        list["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = rule });
        list["maxItems"] = maxItems;
        spec["properties"]!["list"] = list;
        var refusals = StructuralSchema.CheckDefinition(crd).Where(e => e.Field == $"{SpecPath}.properties[list].x-kubernetes-validations[0].rule").Select(e => e.Detail);
        Assert.That(refusals, detail is null ? Is.Empty : Has.One.StartsWith("Forbidden: estimated rule cost exceeds budget").And.One.Contains(detail));
    }

    [Test]
    public void A_rule_that_runs_in_many_places_is_refused()
    {
        var (crd, spec) = WidgetSpec();
        spec["properties"]!["list"] = JsonNode.Parse("""
            {"type": "array", "items": {"type": "string", "x-kubernetes-validations": [{"rule": "self.matches('^[a-z]+$')"}]}}
            """);
        Assert.That(StructuralSchema.CheckDefinition(crd), Has.Some.Property(nameof(FieldError.Detail)).Contains("estimated rule cost exceeds budget"));
    }

    private static (JsonObject Definition, JsonObject Spec) WidgetSpec()
    {
        var crd = Recording.WidgetDefinition();
        return (crd, crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject());
    }
}
