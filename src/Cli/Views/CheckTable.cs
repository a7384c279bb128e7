using Spectre.Console;

namespace Modestano.Cli.Views;

/// <summary>The rows of <c>check</c> for a person: an object's together, what needs somebody first, advice below its row.</summary>
internal static class CheckTable
{
    private static readonly string[] Order = [CheckRow.Failed, CheckRow.Unknown, CheckRow.Warning, CheckRow.Passed];

    public static void Write(IAnsiConsole console, IReadOnlyList<CheckRow> rows)
    {
        var width = rows.Max(r => Words(r).Length);
        foreach (var of in rows.GroupBy(r => r.Object))
        {
            console.MarkupLine($"[bold]{Markup.Escape(of.Key)}[/]");
            foreach (var row in of.OrderBy(r => Array.IndexOf(Order, r.Result)))
            {
                var figure = row.Limit is null ? row.Value ?? "" : $"{row.Value ?? "-"} of {row.Limit}";
                console.MarkupLine($"  [{Colour(row.Result)}]{row.Result,-8}[/] {Markup.Escape(Words(row).PadRight(width))}  {Markup.Escape(figure)}".TrimEnd());
                if (row.Advice is { } advice)
                {
                    console.MarkupLine($"           [grey]{Markup.Escape(advice)}[/]");
                }
            }
        }

        console.MarkupLine(string.Join(", ", Order.Reverse().Select(result => $"{rows.Count(r => r.Result == result)} {result.ToLowerInvariant()}")));
    }

    private static string Words(CheckRow row) => row.Subject is null ? row.Check : $"{row.Check} {row.Subject}";

    private static string Colour(string result) => result switch { CheckRow.Passed => "green", CheckRow.Failed => "red", _ => "yellow" };
}
