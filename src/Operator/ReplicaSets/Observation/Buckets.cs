namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>Figures in words that change rarely, so that status is not written for each tick. Exact values are metrics.</summary>
public static class Buckets
{
    private static readonly (TimeSpan Limit, string Words)[] LagSteps =
    [
        (TimeSpan.FromSeconds(2), "2s"),
        (TimeSpan.FromSeconds(5), "5s"),
        (TimeSpan.FromSeconds(10), "10s"),
        (TimeSpan.FromSeconds(30), "30s"),
        (TimeSpan.FromMinutes(1), "1m"),
        (TimeSpan.FromMinutes(2), "2m"),
        (TimeSpan.FromMinutes(5), "5m"),
        (TimeSpan.FromMinutes(10), "10m"),
        (TimeSpan.FromMinutes(30), "30m"),
        (TimeSpan.FromHours(1), "1h"),
        (TimeSpan.FromHours(2), "2h"),
        (TimeSpan.FromHours(6), "6h"),
        (TimeSpan.FromHours(12), "12h"),
        (TimeSpan.FromHours(24), "24h"),
    ];

    private static readonly (TimeSpan Least, string Words)[] WindowSteps =
    [
        (TimeSpan.FromDays(30), "30d"),
        (TimeSpan.FromDays(7), "7d"),
        (TimeSpan.FromHours(72), "72h"),
        (TimeSpan.FromHours(48), "48h"),
        (TimeSpan.FromHours(24), "24h"),
        (TimeSpan.FromHours(12), "12h"),
        (TimeSpan.FromHours(6), "6h"),
        (TimeSpan.FromHours(2), "2h"),
        (TimeSpan.FromHours(1), "1h"),
        (TimeSpan.FromMinutes(30), "30m"),
        (TimeSpan.FromMinutes(10), "10m"),
        (TimeSpan.FromMinutes(5), "5m"),
        (TimeSpan.FromMinutes(1), "1m"),
    ];

    /// <summary>A lag: <c>&lt;1s</c>, or the bucket that it is not above, as <c>10s</c>.</summary>
    public static string? Lag(TimeSpan? lag) => lag switch
    {
        null => null,
        { TotalSeconds: < 1 } => "<1s",
        { } value => LagSteps.FirstOrDefault(s => value <= s.Limit).Words ?? ">24h",
    };

    /// <summary>A round trip: <c>&lt;1ms</c>, or the bucket that it is not above, as <c>20ms</c>.</summary>
    public static string? Ping(TimeSpan? ping) => ping?.TotalMilliseconds switch
    {
        null => null,
        < 1 => "<1ms",
        <= 5 => "5ms",
        <= 20 => "20ms",
        <= 50 => "50ms",
        <= 100 => "100ms",
        <= 500 => "500ms",
        _ => ">500ms",
    };

    /// <summary>An oplog window: the bucket that it reaches at least, as <c>24h</c>.</summary>
    public static string? Window(TimeSpan? window) => window switch
    {
        null => null,
        { } value => WindowSteps.FirstOrDefault(s => value >= s.Least).Words ?? "<1m",
    };

    /// <summary>Whether a window in words is longer than another one.</summary>
    public static bool IsLongerWindow(string? before, string? now) => before is not null && now is not null && Rank(now) < Rank(before);

    /// <summary>A size or a rate in binary units, rounded down to a power of two, as <c>512MiB</c>.</summary>
    public static string? Bytes(double? bytes)
    {
        if (bytes is not { } value)
        {
            return null;
        }

        var (unit, words) = value switch
        {
            >= 1L << 40 => (1L << 40, "TiB"),
            >= 1L << 30 => (1L << 30, "GiB"),
            >= 1L << 20 => (1L << 20, "MiB"),
            _ => (1L << 10, "KiB"),
        };
        return value < unit ? "<1KiB" : FormattableString.Invariant($"{Math.Pow(2, Math.Floor(Math.Log2(value / unit))):0}{words}");
    }

    /// <summary>A part of a whole, per cent in steps of five, rounded down.</summary>
    public static int? Percent(double? ratio) => ratio is { } r ? (int)(Math.Clamp(r, 0, 1) * 20) * 5 : null;

    /// <summary>The place of a window among the steps, the longest first; what is shorter than all comes last.</summary>
    private static int Rank(string window) => Array.FindIndex(WindowSteps, s => s.Words == window) is >= 0 and var step ? step : WindowSteps.Length;
}
