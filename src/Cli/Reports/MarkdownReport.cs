using System.Globalization;
using System.Text;

namespace Modestano.Cli.Reports;

/// <summary>A report as Markdown, for a ticket or a wiki. Text of objects cannot make markup of its own.</summary>
internal static class MarkdownReport
{
    public static string Of(MigrationAccount account)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# RegionMigration {Cell($"{account.Namespace}/{account.Name}")}\n\n{Cell(account.Outcome)}\n");
        foreach (var table in ReportTable.Of(account))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {table.Title}\n\n");
            Row(table.Columns);
            Row([.. table.Columns.Select(_ => "---")]);
            foreach (var row in table.Rows)
            {
                Row([.. row.Select(Cell)]);
            }
        }

        if (account.IsCut)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{ReportTable.Cut}\n");
        }

        if (account.Edits is { } edits)
        {
            var fence = new string('`', Math.Max(3, LongestRun(edits) + 1));
            text.Append(CultureInfo.InvariantCulture, $"\n## What Git must still say\n\n{fence}yaml\n{edits}{fence}\n");
        }

        return text.ToString();

        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    // Backslashes first, then what Markdown and the HTML inside of it would read.
    private static string Cell(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            _ = c switch
            {
                // An address would become a link where nobody wrote one.
                ':' when i + 1 < value.Length && value[i + 1] == '/' => text.Append("&#58;"),
                '\r' or '\n' => text.Append(' '),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '&' => text.Append("&amp;"),
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '#' or '!' => text.Append('\\').Append(c),
                _ => text.Append(c),
            };
        }

        return text.ToString();
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
