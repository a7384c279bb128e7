using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Testbed.Tests.Schema;

public sealed class RuleTests
{
    [Test]
    public void Items_of_a_map_list_are_compared_with_the_stored_item_of_the_same_key()
    {
        var schema = Of("""
            {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
             "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "zone": {"type": "string",
               "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "zone is fixed"}]}}}}
            """);
        var errors = Validate(schema, """[{"name": "new", "zone": "z"}, {"name": "b", "zone": "x"}]""", """[{"name": "b", "zone": "y"}, {"name": "c", "zone": "z"}]""");
        Assert.That(errors, Is.EqualTo(new[] { new FieldError("value[1].zone", "Invalid value: \"string\": zone is fixed", "FieldValueInvalid") }));
    }

    [TestCase("set", true)]
    [TestCase("atomic", false)]
    public void Lists_that_are_sets_are_equal_in_any_order(string listType, bool equal)
    {
        var schema = Of($$"""
            {"type": "array", "x-kubernetes-list-type": "{{listType}}", "items": {"type": "string"},
             "x-kubernetes-validations": [{"rule": "self == oldSelf"}]}
            """);
        Assert.That(Validate(schema, """["a", "b"]""", """["b", "a"]"""), equal ? Is.Empty : Has.Count.EqualTo(1));
    }

    [Test]
    public void A_message_expression_a_reason_and_a_field_path_shape_the_refusal()
    {
        var schema = Of("""
            {"type": "object", "properties": {"n": {"type": "integer"}},
             "x-kubernetes-validations": [{"rule": "self.n < 5", "messageExpression": "'n is ' + string(self.n)", "reason": "FieldValueForbidden", "fieldPath": ".n"}]}
            """);
        Assert.That(Validate(schema, """{"n": 7}"""), Is.EqualTo(new[] { new FieldError("value.n", "Forbidden: n is 7", "FieldValueForbidden") }));
    }

    [Test]
    public void A_message_expression_that_fails_leaves_the_message()
    {
        var schema = Of("""
            {"type": "object", "properties": {"n": {"type": "integer"}},
             "x-kubernetes-validations": [{"rule": "false", "messageExpression": "string(self.n)", "message": "never"}]}
            """);
        Assert.That(Validate(schema, "{}"), Is.EqualTo(new[] { new FieldError("value", "Invalid value: \"object\": never", "FieldValueInvalid") }));
    }

    [Test]
    public void A_rule_that_fails_while_it_runs_refuses_the_object()
    {
        var schema = Of("""{"type": "object", "properties": {"n": {"type": "integer"}}, "x-kubernetes-validations": [{"rule": "self.n < 5"}]}""");
        Assert.That(Validate(schema, "{}").Single().Detail, Is.EqualTo("Invalid value: \"object\": no such key: n evaluating rule: self.n < 5"));
    }

    [TestCase("5", 0)]
    [TestCase("\"0.5\"", 0)]
    [TestCase("\"1000.5\"", 1)]
    [TestCase("-1", 1)]
    public void An_int_or_string_converts_when_the_rule_runs(string value, int refusals)
    {
        var schema = Of("""{"x-kubernetes-int-or-string": true, "x-kubernetes-validations": [{"rule": "double(self) >= 0.0 && double(self) <= 1000.0"}]}""");
        Assert.That(Validate(schema, value), Has.Count.EqualTo(refusals));
    }

    [Test]
    public void An_integer_written_as_a_float_passes_the_schema_and_fails_the_rule()
    {
        var schema = Of("""{"type": "integer", "x-kubernetes-validations": [{"rule": "self + 1 > 0"}]}""");
        Assert.That(Validate(schema, "1.0"), Has.Count.EqualTo(1));
        Assert.That(Validate(schema, "1"), Is.Empty);
    }

    [Test]
    public void Names_that_CEL_reserves_are_escaped()
    {
        var schema = Of("""
            {"type": "object", "properties": {"namespace": {"type": "string"}, "a-b": {"type": "integer"}},
             "x-kubernetes-validations": [{"rule": "self.__namespace__ == 'x' && self.a__dash__b == 1"}]}
            """);
        Assert.That(Validate(schema, """{"namespace": "x", "a-b": 1}"""), Is.Empty);
    }

    [Test]
    public void Values_of_a_dictionary_are_named_by_their_key()
    {
        var schema = Of("""{"type": "object", "additionalProperties": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 0", "message": "positive"}]}}""");
        Assert.That(Validate(schema, """{"a": 0}""").Single().Field, Is.EqualTo("value[a]"));
    }

    private static StructuralSchema Of(string valueSchema) =>
        StructuralSchema.Parse(new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["value"] = JsonNode.Parse(valueSchema) } });

    private static IReadOnlyList<FieldError> Validate(StructuralSchema schema, string value, string? old = null) => schema.Validate(
        new JsonObject { ["value"] = JsonNode.Parse(value) },
        old is null ? null : new JsonObject { ["value"] = JsonNode.Parse(old) });
}
