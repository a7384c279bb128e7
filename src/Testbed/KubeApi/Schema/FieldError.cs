namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>One cause of a 422 answer.</summary>
/// <param name="Field">The path, as <c>spec.ports[1].port</c>; <c>&lt;nil&gt;</c> where the server names none.</param>
/// <param name="Detail">The cause's whole message, as <c>Invalid value: 11: spec.r in body should be less than or equal to 10</c>.</param>
/// <param name="Reason">The cause's reason, as <c>FieldValueInvalid</c>.</param>
public sealed record FieldError(string Field, string Detail, string Reason)
{
    /// <summary>What a real server writes where an error belongs to no field.</summary>
    public const string NoField = "<nil>";

    internal static FieldError Invalid(string field, string value, string detail) => new(field, $"Invalid value: {value}: {detail}", "FieldValueInvalid");

    internal static FieldError TypeInvalid(string field, string value, string type) =>
        new(field, $"Invalid value: {value}: {field} in body must be of type {type}: {value}", "FieldValueTypeInvalid");

    internal static FieldError Required(string field, string? detail = null) =>
        new(field, detail is null ? "Required value" : $"Required value: {detail}", "FieldValueRequired");

    internal static FieldError NotSupported(string field, string value, IEnumerable<string> supported) =>
        new(field, $"Unsupported value: {value}: supported values: {string.Join(", ", supported)}", "FieldValueNotSupported");

    internal static FieldError TooLong(string field, long limit) => new(field, $"Too long: may not be longer than {limit}", "FieldValueTooLong");

    internal static FieldError TooMany(string field, int actual, long limit) =>
        new(field, $"Too many: {actual}: must have at most {limit} items", "FieldValueTooMany");

    internal static FieldError Duplicate(string field, string value) => new(field, $"Duplicate value: {value}", "FieldValueDuplicate");

    internal static FieldError Forbidden(string field, string detail) => new(field, $"Forbidden: {detail}", "FieldValueForbidden");

    /// <summary>True: the value is so wrong that the server does not run the CEL rules on it.</summary>
    internal bool BlocksRules => Reason is "FieldValueRequired" or "FieldValueTypeInvalid" or "FieldValueTooLong" or "FieldValueTooMany";
}
