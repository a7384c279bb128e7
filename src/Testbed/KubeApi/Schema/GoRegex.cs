using System.Text;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Patterns as Go's regexp package reads them, on .NET's engine in its linear-time mode, which refuses what Go refuses too (look-around, back-references).</summary>
internal static class GoRegex
{
    /// <exception cref="ArgumentException">The pattern is not valid.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(Translate(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException($"'{pattern}' is not a regular expression that Go knows: {e.Message}", nameof(pattern), e);
        }
    }

    // In .NET `$` also matches before a last line feed, and \d, \w, \s cover all of Unicode; in Go they do not.
    private static string Translate(string pattern)
    {
        var result = new StringBuilder();
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i++;
                result.Append(pattern[i] switch
                {
                    'd' => inClass ? "0-9" : "[0-9]",
                    'w' => inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]",
                    's' => inClass ? @"\t\n\f\r " : @"[\t\n\f\r ]",
                    'D' when !inClass => "[^0-9]",
                    'W' when !inClass => "[^0-9A-Za-z_]",
                    'S' when !inClass => @"[^\t\n\f\r ]",
                    _ => $"\\{pattern[i]}",
                });
                continue;
            }

            if (!inClass && c == '[')
            {
                inClass = true;
                result.Append(c);
                // A bracket right after the opening one (or after ^) is a literal.
                if (i + 1 < pattern.Length && pattern[i + 1] == '^')
                {
                    result.Append(pattern[++i]);
                }

                if (i + 1 < pattern.Length && pattern[i + 1] == ']')
                {
                    i++;
                    result.Append("\\]");
                }

                continue;
            }

            inClass = inClass && c != ']';
            result.Append(c switch
            {
                '$' when !inClass => "\\z",
                '(' when !inClass && pattern.AsSpan(i).StartsWith("(?P<") => "(?",
                _ => c.ToString(),
            });
            if (c == '(' && !inClass && pattern.AsSpan(i).StartsWith("(?P<"))
            {
                i += 2;
            }
        }

        return result.ToString();
    }
}
