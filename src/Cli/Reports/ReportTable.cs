using System.Globalization;

namespace Modestano.Cli.Reports;

/// <summary>The tables of a report: the same rows for every way of writing one.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Columns">The columns' names.</param>
/// <param name="Rows">The cells.</param>
internal sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The title of the table of endpoints.</summary>
    public const string Traffic = "Traffic";

    /// <summary>What is said where <see cref="MigrationAccount.IsCut"/>.</summary>
    public const string Cut = "Status keeps the last 50 entries: what happened before them is no longer known.";

    private const string Nothing = "-";

    /// <summary>The tables that have rows, in the order in which a reader wants them.</summary>
    public static IEnumerable<ReportTable> Of(MigrationAccount account) => new ReportTable[]
    {
        new("In short", ["What", "Figure"], [.. Short(account)]),
        new("Phases", ["Phase", "Begun (UTC)", "Took"], [.. account.Phases.Select(p => new[] { p.Phase, Moment(p.Begun), p.Took is { } took ? Words(took) : Nothing })]),
        new(Traffic, ["Record", "Endpoint", "Region", "Weight before", "Weight asked for", "Weight served", "Share"], [.. account.Endpoints.Select(e => new[]
        {
            e.Record, e.SetIdentifier, e.Region ?? Nothing, Number(e.Before), Number(e.Asked), Number(e.Served), e.Share is null ? Nothing : $"{e.Share}%",
        })]),
        new("Gates, as they were last asked", ["Gate", "Result", "Value", "Limit", "What was seen", "When (UTC)"], [.. account.Gates.Select(g => new[]
        {
            g.Name, g.Result, g.Value ?? Nothing, g.Limit ?? Nothing, g.Message ?? Nothing, g.Time is { } time ? Moment(time) : Nothing,
        })]),
        new("What happened", ["When (UTC)", "Phase", "What"], [.. account.Timeline.Select(t => new[] { Moment(t.Time), t.Phase, t.Message })]),
    }.Where(t => t.Rows.Count > 0);

    /// <summary>A duration as a person reads it.</summary>
    public static string Words(TimeSpan time) =>
        time >= TimeSpan.FromDays(1) ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h")
        : time >= TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min")
        : time >= TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");

    private static IEnumerable<IReadOnlyList<string>> Short(MigrationAccount account)
    {
        yield return ["Direction", $"{account.From} to {account.To}"];
        yield return ["Phase", account.Phase];
        yield return ["Begun", account.Begun is { } begun ? $"{Moment(begun)} UTC" : Nothing];
        yield return ["Ended", account.Ended is { } ended ? $"{Moment(ended)} UTC" : Nothing];
        yield return ["Took", account.Took is { } took ? Words(took) : Nothing];
        yield return ["Primary", $"{account.Primary.Before ?? Nothing} before, {account.Primary.Now ?? Nothing} now ({account.Primary.Host ?? "no member"})"];
        yield return ["Without a writable primary", account.WriteGapMillis is { } gap ? string.Create(CultureInfo.InvariantCulture, $"{gap} ms") : Nothing];
        foreach (var person in account.People)
        {
            yield return ["Asked for", person];
        }
    }

    private static string Moment(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Nothing;
}
