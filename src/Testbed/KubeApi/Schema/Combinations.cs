using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary><c>allOf</c>, <c>anyOf</c>, <c>oneOf</c> and <c>not</c>.</summary>
internal static class Combinations
{
    public static void Check(JsonNode? value, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (schema.AllOf.Count > 0)
        {
            var failures = schema.AllOf.Select(s => Failures(value, s, path)).Where(f => f.Count > 0).ToList();
            if (failures.Count > 0)
            {
                var none = failures.Count == schema.AllOf.Count ? ". None validated" : "";
                errors.Add(Failed(path, $"must validate all the schemas (allOf){none}"));
                errors.AddRange(failures.SelectMany(f => f));
            }
        }

        if (schema.AnyOf.Count > 0)
        {
            var failures = schema.AnyOf.Select(s => Failures(value, s, path)).ToList();
            if (failures.TrueForAll(f => f.Count > 0))
            {
                errors.Add(Failed(path, "must validate at least one schema (anyOf)"));
                errors.AddRange(failures[0]);
            }
        }

        if (schema.OneOf.Count > 0)
        {
            var failures = schema.OneOf.Select(s => Failures(value, s, path)).ToList();
            var valid = failures.Count(f => f.Count == 0);
            if (valid != 1)
            {
                var found = valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives";
                errors.Add(Failed(path, $"must validate one and only one schema (oneOf). {found}"));
            }

            // With no alternative valid the server tells why the first one is not.
            if (valid == 0)
            {
                errors.AddRange(failures[0]);
            }
        }

        if (schema.Not is { } not && Failures(value, not, path).Count == 0)
        {
            errors.Add(Failed(path, "must not validate the schema (not)"));
        }
    }

    private static List<FieldError> Failures(JsonNode? value, SchemaNode schema, string path)
    {
        List<FieldError> errors = [];
        ValueValidation.Validate(value, schema, path, errors);
        return errors;
    }

    private static FieldError Failed(string path, string detail) => FieldError.Invalid(FieldError.NoField, "\"\"", $"{JsonForm.Quote(path)} {detail}");
}
