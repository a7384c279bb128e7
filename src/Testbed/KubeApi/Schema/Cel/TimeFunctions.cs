namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>Arithmetic and parts of timestamps and durations. Timestamps are read in UTC.</summary>
internal static class TimeFunctions
{
    private const CelKind Time = CelKind.Timestamp;
    private const CelKind Span = CelKind.Duration;

    public static void AddTo(FunctionTable table)
    {
        table.Function("_+_", Time, a => (DateTimeOffset)a[0] + (TimeSpan)a[1], Time, Span);
        table.Function("_+_", Time, a => (DateTimeOffset)a[1] + (TimeSpan)a[0], Span, Time);
        table.Function("_+_", Span, a => (TimeSpan)a[0] + (TimeSpan)a[1], Span, Span);
        table.Function("_-_", Span, a => (DateTimeOffset)a[0] - (DateTimeOffset)a[1], Time, Time);
        table.Function("_-_", Time, a => (DateTimeOffset)a[0] - (TimeSpan)a[1], Time, Span);
        table.Function("_-_", Span, a => (TimeSpan)a[0] - (TimeSpan)a[1], Span, Span);

        Part(table, "getFullYear", t => t.Year);
        Part(table, "getMonth", t => t.Month - 1);
        Part(table, "getDate", t => t.Day);
        Part(table, "getDayOfMonth", t => t.Day - 1);
        Part(table, "getDayOfWeek", t => (int)t.DayOfWeek);
        Part(table, "getDayOfYear", t => t.DayOfYear - 1);
        Part(table, "getHours", t => t.Hour);
        Part(table, "getMinutes", t => t.Minute);
        Part(table, "getSeconds", t => t.Second);
        Part(table, "getMilliseconds", t => t.Millisecond);

        Whole(table, "getHours", d => d.TotalHours);
        Whole(table, "getMinutes", d => d.TotalMinutes);
        Whole(table, "getSeconds", d => d.TotalSeconds);
        Whole(table, "getMilliseconds", d => d.TotalMilliseconds);
    }

    private static void Part(FunctionTable table, string name, Func<DateTimeOffset, int> part) =>
        table.Method(name, CelKind.Int, a => (long)part(((DateTimeOffset)a[0]).ToUniversalTime()), Time);

    private static void Whole(FunctionTable table, string name, Func<TimeSpan, double> total) =>
        table.Method(name, CelKind.Int, a => (long)total((TimeSpan)a[0]), Span);
}
