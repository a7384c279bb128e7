using System.Text;

namespace Modestano.Operator.Dns.Records;

/// <summary>Names as Route 53 keeps them: lower case, trailing dot, <c>\ooo</c> for what is no letter, digit, hyphen or underscore.</summary>
public static class RecordNames
{
    /// <summary>Brings a name into the kept form, so that names can be compared: <c>*.Example.com</c> becomes <c>\052.example.com.</c></summary>
    public static string Normalize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var kept = new StringBuilder(name.Length + 1);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '.')
            {
                kept.Append('.');
            }
            else if (name[i] == '\\' && i + 3 < name.Length && name.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                Append(kept, (byte)Convert.ToInt32(name.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                foreach (var octet in Encoding.UTF8.GetBytes(name, i, 1))
                {
                    Append(kept, octet);
                }
            }
        }

        return kept.Length > 0 && kept[^1] == '.' ? kept.ToString() : kept.Append('.').ToString();
    }

    /// <summary>Whether two names, as people write them, are one: without normalising both where their letters tell.</summary>
    public static bool AreSame(string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var first = one.AsSpan().TrimEnd('.');
        var second = other.AsSpan().TrimEnd('.');
        return IsPlain(first) && IsPlain(second) ? first.Equals(second, StringComparison.OrdinalIgnoreCase) : Normalize(one) == Normalize(other);

        static bool IsPlain(ReadOnlySpan<char> name) => Ascii.IsValid(name) && !name.ContainsAny('\\', '*');
    }

    /// <summary>Whether a name is a zone's apex or below it; both normalised.</summary>
    public static bool IsWithin(string name, string zone)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name == zone || name.EndsWith("." + zone, StringComparison.Ordinal);
    }

    /// <summary>A normalised name as people write it: without the last dot, a leading wildcard as <c>*</c>.</summary>
    public static string ForPeople(string normalized)
    {
        ArgumentNullException.ThrowIfNull(normalized);
        var text = normalized.TrimEnd('.');
        return text.StartsWith(@"\052.", StringComparison.Ordinal) ? "*" + text[4..] : text;
    }

    private static void Append(StringBuilder kept, byte octet)
    {
        var c = char.ToLowerInvariant((char)octet);
        if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_')
        {
            kept.Append(c);
        }
        else
        {
            kept.Append('\\').Append(Convert.ToString(octet, 8).PadLeft(3, '0'));
        }
    }
}
