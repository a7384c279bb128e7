using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Length, pattern and format of strings; bounds of numbers.</summary>
internal static class ScalarValidation
{
    public static void CheckString(string value, SchemaNode schema, string path, List<FieldError> errors)
    {
        var shown = JsonForm.Quote(value);
        if (schema.Bounds.MaxLength is { } longest && JsonForm.Length(value) > longest)
        {
            errors.Add(FieldError.TooLong(path, longest));
        }

        if (schema.Bounds.MinLength is { } shortest && JsonForm.Length(value) < shortest)
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body should be at least {shortest} chars long"));
        }

        if (schema.PatternExpression is { } pattern && !pattern.IsMatch(value))
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body should match '{schema.Pattern}'"));
        }

        if (schema.Type == "string" && schema.Format is { } format && !StringFormats.Accepts(format, value))
        {
            errors.Add(FieldError.TypeInvalid(path, shown, format));
        }
    }

    public static void CheckNumber(JsonValue value, SchemaNode schema, string path, List<FieldError> errors)
    {
        var bounds = schema.Bounds;
        var number = JsonForm.Double(value);
        var shown = JsonForm.Print(value);
        if (bounds.MultipleOf is { } factor && !IsMultiple(number, JsonForm.Double(factor)))
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body should be a multiple of {JsonForm.Print(factor)}"));
        }

        if (bounds.Maximum is { } largest && (bounds.ExclusiveMaximum ? number >= JsonForm.Double(largest) : number > JsonForm.Double(largest)))
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body should be less than {(bounds.ExclusiveMaximum ? "" : "or equal to ")}{JsonForm.Print(largest)}"));
        }

        if (bounds.Minimum is { } least && (bounds.ExclusiveMinimum ? number <= JsonForm.Double(least) : number < JsonForm.Double(least)))
        {
            errors.Add(FieldError.Invalid(path, shown, $"{path} in body should be greater than {(bounds.ExclusiveMinimum ? "" : "or equal to ")}{JsonForm.Print(least)}"));
        }
    }

    private static bool IsMultiple(double value, double factor)
    {
        var times = value / factor;
        return times == Math.Truncate(times);
    }
}
