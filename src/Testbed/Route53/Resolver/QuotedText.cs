using System.Text;

namespace Modestano.Testbed.Route53.Resolver;

/// <summary>Values of TXT records as zone files have them: quoted strings with <c>\"</c>, <c>\\</c> and <c>\ooo</c>.</summary>
internal static class QuotedText
{
    /// <summary>The strings of a value without their quotation marks.</summary>
    public static IReadOnlyList<string> Parts(string value)
    {
        var parts = new List<string>();
        StringBuilder? part = null;
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '"' when part is null:
                    part = new StringBuilder();
                    break;
                case '"':
                    parts.Add(part.ToString());
                    part = null;
                    break;
                case '\\' when i + 3 < value.Length && value.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0:
                    part?.Append((char)Convert.ToInt32(value.Substring(i + 1, 3), 8));
                    i += 3;
                    break;
                case '\\' when i + 1 < value.Length:
                    part?.Append(value[++i]);
                    break;
                default:
                    part?.Append(value[i]);
                    break;
            }
        }

        return parts;
    }
}
