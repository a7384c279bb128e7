using System.Globalization;
using System.Text.RegularExpressions;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Configuration;

/// <summary>The types that settings have.</summary>
internal static partial class SettingTypes
{
    public static Setting<string?> Text(string name, string description, string allowed, string @default = "") =>
        new(name, description, allowed, @default, (string text, out string? value) =>
        {
            value = text.Length == 0 ? null : text;
            return true;
        });

    public static Setting<string> Matching(string name, string description, Regex form, string allowed, string @default) =>
        new(name, description, allowed, @default, (string text, out string value) => form.IsMatch(value = text));

    public static Setting<bool> Switch(string name, string description, bool @default) =>
        new(name, description, "true or false", @default ? "true" : "false", (string text, out bool value) => bool.TryParse(text, out value));

    public static Setting<int> Number(string name, string description, int least, int most, int @default) =>
        new(name, description, $"a whole number from {least} to {most}", @default.ToString(CultureInfo.InvariantCulture), (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    public static Setting<TimeSpan> Time(string name, string description, TimeSpan least, TimeSpan most, TimeSpan @default) =>
        new(name, description, $"a duration from {new Duration(least)} to {new Duration(most)}, as 30s or 5m", new Duration(@default).ToString(), (string text, out TimeSpan value) =>
        {
            var isDuration = Duration.TryParse(text, out var duration);
            value = duration.Value;
            return isDuration && value >= least && value <= most;
        });

    public static Setting<string> Choice(string name, string description, string @default, params string[] choices) =>
        new(name, description, "one of " + string.Join(", ", choices), @default, (string text, out string value) =>
        {
            value = text.ToLowerInvariant();
            return choices.Contains(value);
        });

    /// <summary>The names of an enumeration, in lower case.</summary>
    public static Setting<T> Choice<T>(string name, string description, T @default)
        where T : struct, Enum =>
        new(name, description, "one of " + string.Join(", ", Enum.GetValues<T>().Select(Word)), Word(@default), (string text, out T value) =>
        {
            var found = Enum.GetValues<T>().Where(v => string.Equals(Word(v), text, StringComparison.OrdinalIgnoreCase)).ToList();
            value = found.FirstOrDefault();
            return found.Count == 1;
        });

    /// <summary>How a value of an enumeration is written in the configuration.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static Setting<IReadOnlyList<string>> Names(string name, string description) =>
        new(name, description, "names of namespaces, separated by commas", "", (string text, out IReadOnlyList<string> value) =>
        {
            value = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
            return value.All(n => DnsLabel().IsMatch(n));
        });

    /// <summary>A DNS label, as namespaces and many names have to be.</summary>
    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    public static partial Regex DnsLabel();

    /// <summary>A DNS subdomain, as the names of leases have to be.</summary>
    [GeneratedRegex("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    public static partial Regex DnsSubdomain();
}
