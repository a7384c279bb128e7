namespace Modestano.Operator.Runtime;

/// <summary>Which of two times is the shorter one, and which the longer.</summary>
internal static class Durations
{
    public static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    public static TimeSpan Most(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
