namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>How large values under a schema can get: by their bounds, else by what fits into one request.</summary>
internal static class SchemaSizes
{
    // Requests to an API server are limited to 3 MiB.
    private const double LargestRequest = 3 * 1024 * 1024;

    // A code point takes up to four bytes, and sizes are reckoned in bytes.
    private const double BytesPerCharacter = 4;

    /// <summary>Items, entries or bytes at most; 1 for values of constant size.</summary>
    public static double Largest(SchemaNode schema) => schema.Type switch
    {
        "array" => schema.Bounds.MaxItems ?? Math.Floor((LargestRequest - 2) / (Smallest(schema.Items) + 1)),
        "object" when schema.AdditionalProperties is { } values => schema.Bounds.MaxProperties ?? Math.Floor((LargestRequest - 2) / (Smallest(values) + 6)),
        "string" when schema.Format is "date-time" or "date" or "duration" => 1,
        "string" when schema.Enum is { } allowed => allowed.Max(a => JsonForm.Print(a).Length),
        "string" => schema.Bounds.MaxLength * BytesPerCharacter ?? LargestRequest - 2,
        null => LargestRequest - 2,
        _ => 1,
    };

    // What the shortest JSON text of a value takes: the shorter it is, the more of them fit into a request.
    private static double Smallest(SchemaNode? schema) => schema?.Type switch
    {
        "object" => 2 + schema.Required.Sum(name => name.Length + 4 + (schema.Properties.TryGetValue(name, out var member) ? Smallest(member) : 1)),
        "array" or "string" => 2,
        "boolean" => 4,
        _ => 1,
    };
}
