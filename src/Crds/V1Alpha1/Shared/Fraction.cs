using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Modestano.Crds.V1Alpha1;

/// <summary>A number that may be a fraction, int-or-string on the wire: <c>2</c> or <c>"0.5"</c> (Kubernetes API conventions advise against floats).</summary>
[JsonConverter(typeof(FractionJsonConverter))]
public readonly record struct Fraction(decimal Value)
{
    /// <summary>The pattern of the string form that the CRD schema enforces.</summary>
    public const string Pattern = @"^-?[0-9]+(\.[0-9]+)?$";

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Fraction as a JSON integer where it is one, as a string where it is not.</summary>
public sealed class FractionJsonConverter : JsonConverter<Fraction>
{
    /// <inheritdoc/>
    public override Fraction Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => new Fraction(reader.GetDecimal()),
        JsonTokenType.String when decimal.TryParse(reader.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var value) => new Fraction(value),
        _ => throw new JsonException("expected a whole number, or a decimal number as a string such as \"0.5\""),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Fraction value, JsonSerializerOptions options)
    {
        if (value.Value == decimal.Truncate(value.Value) && Math.Abs(value.Value) <= int.MaxValue)
        {
            writer.WriteNumberValue((int)value.Value);
        }
        else
        {
            writer.WriteStringValue(value.ToString());
        }
    }
}
