namespace Modestano.Operator.Runtime;

/// <summary>
/// Kubernetes' MicroTime: the API server takes exactly six fraction digits, while the client writes none where the fraction is zero.
/// A whole second is therefore moved on by a microsecond.
/// </summary>
internal static class MicroTime
{
    /// <summary>The time in whole microseconds, never a whole second.</summary>
    public static DateTime? Of(DateTime? time) => time is { } value ? Of(value) : null;

    /// <inheritdoc cref="Of(DateTime?)"/>
    public static DateTime Of(DateTime time)
    {
        var microseconds = time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond);
        return new DateTime(microseconds % TimeSpan.TicksPerSecond == 0 ? microseconds + TimeSpan.TicksPerMicrosecond : microseconds, DateTimeKind.Utc);
    }
}
