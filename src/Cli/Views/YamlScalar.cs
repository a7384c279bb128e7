using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Modestano.Cli.Views;

/// <summary>Text as one YAML value: plain where nobody could read it as something else, else in quotes.</summary>
internal static partial class YamlScalar
{
    private static readonly JsonSerializerOptions Quotes = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Words that YAML 1.1 takes for booleans or nothing.
    private static readonly HashSet<string> Words = new(["true", "false", "yes", "no", "on", "off", "y", "n", "null"], StringComparer.OrdinalIgnoreCase);

    /// <summary>A text. A JSON string is a YAML one too.</summary>
    public static string Of(string text) => IsPlain(text) ? text : JsonSerializer.Serialize(text, Quotes);

    /// <summary>Whether nobody could read it as something else without quotes.</summary>
    public static bool IsPlain(string text) =>
        Plain().IsMatch(text) && !Words.Contains(text) && !double.TryParse(text, NumberStyles.Any, CultureInfo.InvariantCulture, out _);

    /// <summary>A list in one line.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Of))}]";

    /// <summary>A map in one line.</summary>
    public static string Map(IEnumerable<KeyValuePair<string, string>> values) => $"{{{string.Join(", ", values.Select(v => $"{Of(v.Key)}: {Of(v.Value)}"))}}}";

    /// <summary>A text in a comment: one line, whatever it holds.</summary>
    public static string Comment(string text) => Breaks().Replace(text, " ");

    // What begins with a digit may be a number, a date or a time to somebody. A colon is part of a plain value where no blank follows it, as in host:port.
    [GeneratedRegex(@"\A[A-Za-z]([A-Za-z0-9._/:-]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex(@"[\p{Cc}\u2028\u2029]+", RegexOptions.CultureInvariant)]
    private static partial Regex Breaks();
}
