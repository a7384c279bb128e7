using System.Globalization;
using System.Text;

namespace Modestano.Testbed.Route53.Zones;

/// <summary>Names as Route 53 keeps them: lower case, trailing dot, and <c>\ooo</c> for every octet that is not a letter, digit, hyphen or underscore.</summary>
public static class DnsName
{
    /// <summary>Brings a name into the kept form; <c>*</c> becomes <c>\052</c>.</summary>
    /// <exception cref="Route53RefusalException">A label is empty or longer than 63 octets, or the name longer than 255.</exception>
    public static string Normalize(string name)
    {
        var kept = new StringBuilder();
        var label = 0;
        var octets = 0;
        var text = name.EndsWith('.') ? name : name + ".";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                if (label == 0 && text.Length > 1)
                {
                    throw Refuse(name, "contains an empty label");
                }

                kept.Append('.');
                label = 0;
                octets++;
                continue;
            }

            foreach (var octet in Octets(text, ref i))
            {
                kept.Append(Written(octet));
                octets++;
                if (++label > 63)
                {
                    throw Refuse(name, "contains a label longer than 63 octets");
                }
            }
        }

        return octets + 1 > 255 ? throw Refuse(name, "is longer than 255 octets") : kept.ToString();
    }

    /// <summary>The order of lists: labels reversed, with the trailing dot that makes <c>a-b</c> sort before <c>a</c>.</summary>
    public static string SortKey(string normalized) => string.Join('.', normalized.TrimEnd('.').Split('.').Reverse()) + ".";

    /// <summary>Whether a name is the apex or below it, at a label's boundary.</summary>
    public static bool IsWithin(string normalized, string apex) =>
        normalized == apex || normalized.EndsWith("." + apex, StringComparison.Ordinal) || apex == ".";

    private static byte[] Octets(string text, ref int i)
    {
        if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3) is var digits && digits.IndexOfAnyExceptInRange('0', '7') < 0)
        {
            i += 3;
            return [(byte)Convert.ToInt32(digits.ToString(), 8)];
        }

        return Encoding.UTF8.GetBytes(text, i, 1);
    }

    private static string Written(byte octet)
    {
        var c = char.ToLowerInvariant((char)octet);
        return c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' ? c.ToString() : "\\" + Convert.ToString(octet, 8).PadLeft(3, '0').ToString(CultureInfo.InvariantCulture);
    }

    private static Route53RefusalException Refuse(string name, string why) => new(400, "InvalidDomainName", $"Invalid domain name: '{name}' {why}");
}
