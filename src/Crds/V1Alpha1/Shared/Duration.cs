using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Modestano.Crds.V1Alpha1;

/// <summary>A length of time written as Kubernetes people write it: <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
[JsonConverter(typeof(DurationJsonConverter))]
public readonly partial record struct Duration(TimeSpan Value)
{
    /// <summary>The pattern that the CRD schema enforces.</summary>
    public const string Pattern = "^([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

    /// <summary>Reads a duration string.</summary>
    /// <exception cref="FormatException">The text is empty or not of the form <c>1h30m10s500ms</c>.</exception>
    public static Duration Parse(string text)
    {
        var match = Form().Match(text);
        if (text.Length == 0 || !match.Success)
        {
            throw new FormatException($"'{text}' is not a duration: write hours, minutes, seconds, milliseconds as in 1h30m, 45s or 500ms");
        }

        double Part(int group) => match.Groups[group].Success ? double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
        return new Duration(TimeSpan.FromHours(Part(1)) + TimeSpan.FromMinutes(Part(2)) + TimeSpan.FromSeconds(Part(3)) + TimeSpan.FromMilliseconds(Part(4)));
    }

    /// <summary>Reads a duration string.</summary>
    /// <returns>False: it is none, or longer than can be counted.</returns>
    public static bool TryParse(string? text, out Duration duration)
    {
        try
        {
            duration = Parse(text ?? "");
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            duration = default;
            return false;
        }
    }

    /// <summary>A duration from seconds.</summary>
    public static Duration FromSeconds(double seconds) => new(TimeSpan.FromSeconds(seconds));

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Value <= TimeSpan.Zero)
        {
            return "0s";
        }

        var hours = (long)Value.TotalHours;
        return string.Concat(
            hours > 0 ? $"{hours}h" : "",
            Value.Minutes > 0 ? $"{Value.Minutes}m" : "",
            Value.Seconds > 0 ? $"{Value.Seconds}s" : "",
            Value.Milliseconds > 0 ? $"{Value.Milliseconds}ms" : "");
    }

    [GeneratedRegex("^(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>Duration as a JSON string.</summary>
public sealed class DurationJsonConverter : JsonConverter<Duration>
{
    /// <inheritdoc/>
    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Duration.Parse(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
