using System.Globalization;

namespace Modestano.Operator.Runtime;

/// <summary>
/// Makes a text of somebody else fit for a line of status, an Event or the log: a line break would forge a line of its own, and a character that
/// turns the direction of writing would show another text than there is.
/// </summary>
internal static class OneLine
{
    /// <summary>The text without control and formatting characters, and no longer than so many characters.</summary>
    public static string Of(string text, int most)
    {
        var kept = text.AsSpan(0, Math.Min(text.Length, most));
        if (text.Length <= most && !kept.ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var line = string.Create(kept.Length, text, (line, whole) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = IsPair(whole, i) || IsPair(whole, i - 1) || !IsOdd(whole[i]) ? whole[i] : ' ';
            }
        });
        if (text.Length <= most)
        {
            return line;
        }

        // The last character makes room for the dots, and its other half goes with it.
        var end = line.Length - 1;
        return string.Concat(line.AsSpan(0, end > 0 && char.IsHighSurrogate(line[end - 1]) ? end - 1 : end), "…");
    }

    private static bool IsPair(string text, int at) => at >= 0 && at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);

    private static bool IsOdd(char c) => CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
