using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Modestano.Operator.Dns.Records;

/// <summary>
/// Values by meaning: Route 53 keeps a value as it was written once and ignores a change that only spells it differently, so texts that mean
/// the same must not count as a difference.
/// </summary>
public static class RecordValues
{
    /// <summary>One text for all spellings of a value; what is not valid for its type stays as it is.</summary>
    /// <param name="type">As <c>A</c>.</param>
    /// <param name="value">As a zone file has it.</param>
    public static string Meaning(string type, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return type switch
        {
            "A" or "AAAA" => Address(type, value.Trim()) ?? value,
            "CNAME" or "NS" or "PTR" => RecordNames.Normalize(value.Trim()),
            "TXT" or "SPF" => Strings(value) is { } strings ? string.Join(' ', strings.Select(Quoted)) : value,
            _ => value,
        };
    }

    /// <summary>The strings of a TXT value, unescaped, one character an octet; null: it is no list of quoted strings.</summary>
    public static IReadOnlyList<string>? Strings(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var strings = new List<string>();
        for (var i = 0; i < value.Length;)
        {
            if (value[i] is ' ' or '\t')
            {
                i++;
                continue;
            }

            if (value[i] != '"' || String(value, ref i) is not { } text)
            {
                return null;
            }

            strings.Add(text);
        }

        return strings.Count == 0 ? null : strings;
    }

    private static string? String(string value, ref int i)
    {
        var text = new StringBuilder();
        for (i++; i < value.Length; i++)
        {
            if (value[i] == '"')
            {
                i++;
                return text.ToString();
            }

            if (value[i] != '\\')
            {
                text.Append(value[i]);
            }
            else if (i + 3 < value.Length && Octal(value.AsSpan(i + 1, 3)) is { } octet)
            {
                text.Append(octet);
                i += 3;
            }
            else if (i + 1 < value.Length)
            {
                text.Append(value[++i]);
            }
        }

        return null;
    }

    private static char? Octal(ReadOnlySpan<char> digits) =>
        digits.IndexOfAnyExceptInRange('0', '7') < 0 && ((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + (digits[2] - '0') is var octet and < 256 ? (char)octet : null;

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string? Address(string type, string value)
    {
        if (type == "A")
        {
            // IPAddress takes 192.0.2 and octal parts, which a zone file does not.
            return value.Split('.') is { Length: 4 } parts && parts.All(p => p.Length is > 0 and <= 3 && (p == "0" || p[0] != '0') && p.All(char.IsAsciiDigit)) && IPAddress.TryParse(value, out var four)
                ? four.ToString()
                : null;
        }

        return !value.Contains('%') && !value.Contains('[') && IPAddress.TryParse(value, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6 ? six.ToString() : null;
    }
}
