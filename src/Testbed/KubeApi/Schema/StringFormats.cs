using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>The string formats that are checked; a format that is not listed is ignored, as servers do with formats that they do not know.</summary>
/// <remarks>Number formats are not among them: a server was seen to take 3000000000 for an int32; only minimum and maximum bind.</remarks>
internal static partial class StringFormats
{
    public static bool Accepts(string format, string text) => format switch
    {
        "date-time" => IsDateTime(text),
        "date" => IsDate(text),
        "duration" => GoDuration.TryParse(text, out _),
        "byte" => Base64.IsValid(Encoding.UTF8.GetBytes(text)),
        "ipv4" => IPAddress.TryParse(text, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork && v4.ToString() == text,
        "ipv6" => IPAddress.TryParse(text, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6,
        "cidr" => IPNetwork.TryParse(text, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "hostname" => text.Length <= 253 && HostName().IsMatch(text),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => true,
    };

    public static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    // RFC 3339: date, T, time with seconds, zone.
    public static bool IsDateTime(string text)
    {
        var parts = text.Split('T', 't');
        if (parts.Length != 2 || !IsDate(parts[0]))
        {
            return false;
        }

        var time = TimeAndZone().Match(parts[1]);
        return time.Success
            && string.CompareOrdinal(time.Groups[1].Value, "23") <= 0
            && string.CompareOrdinal(time.Groups[2].Value, "59") <= 0
            && string.CompareOrdinal(time.Groups[3].Value, "59") <= 0;
    }

    [GeneratedRegex(@"^([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([zZ]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex TimeAndZone();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex HostName();
}
