namespace Modestano.Operator.Runtime;

/// <summary>Which of two times is the shorter one, and which the longer; and times that somebody else's figures make.</summary>
internal static class Durations
{
    private static readonly TimeSpan Century = TimeSpan.FromDays(36_500);

    public static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    public static TimeSpan Most(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>So many seconds, at most a hundred years: more than that is as good as never, and would overflow.</summary>
    public static TimeSpan OfSeconds(double seconds) => double.IsNaN(seconds) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Century.TotalSeconds));
}
