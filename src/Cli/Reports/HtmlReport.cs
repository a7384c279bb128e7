using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Modestano.Cli.Reports;

/// <summary>A report as one HTML file that loads nothing: no script, no picture, no font from elsewhere.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8886; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
        th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
        pre { overflow-x: auto; border: 1px solid var(--line); padding: .8rem; }
        .wide { overflow-x: auto; }
        .bar { display: flex; height: 1.6rem; border: 1px solid var(--line); margin: .3rem 0 1rem; }
        .bar span { display: block; overflow: hidden; white-space: nowrap; padding: 0 .4rem; border-right: 2px solid var(--line); }
        .bar .to { background: #2a78; }
        """;

    public static string Of(MigrationAccount account)
    {
        var title = Text($"RegionMigration {account.Namespace}/{account.Name}");
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{title}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{Text(account.Outcome)}</p>\n");
        foreach (var table in ReportTable.Of(account))
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>{Text(table.Title)}</h2>\n");
            if (table.Title == ReportTable.Traffic)
            {
                Bars(html, account);
            }

            html.Append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"").Append(Text(table.Title)).Append("\"><table>\n<thead><tr>");
            Cells(table.Columns, "th scope=\"col\"", "th");
            html.Append("</tr></thead>\n<tbody>\n");
            foreach (var row in table.Rows)
            {
                html.Append("<tr>");
                Cells(row, "td", "td");
                html.Append("</tr>\n");
            }

            html.Append("</tbody>\n</table></div>\n");
        }

        if (account.IsCut)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>{Text(ReportTable.Cut)}</p>\n");
        }

        if (account.Edits is { } edits)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>What Git must still say</h2>\n<pre tabindex=\"0\">{Text(edits)}</pre>\n");
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();

        void Cells(IEnumerable<string> cells, string open, string close)
        {
            foreach (var cell in cells)
            {
                html.Append(CultureInfo.InvariantCulture, $"<{open}>{Text(cell)}</{close}>");
            }
        }
    }

    // Shares as lengths; the table below has them as figures.
    private static void Bars(StringBuilder html, MigrationAccount account)
    {
        foreach (var record in account.Endpoints.GroupBy(e => e.Record))
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>{Text(record.Key)}</p>\n<div class=\"bar\" aria-hidden=\"true\">");
            foreach (var endpoint in record.Where(e => e.Served > 0))
            {
                html.Append(CultureInfo.InvariantCulture, $"<span{(endpoint.Region == account.To ? " class=\"to\"" : "")} style=\"flex: {endpoint.Served}\">{Text(endpoint.SetIdentifier)}</span>");
            }

            html.Append("</div>\n");
        }
    }

    private static string Text(string value) => HtmlEncoder.Default.Encode(value).Replace("&#xA;", "\n", StringComparison.Ordinal);
}
