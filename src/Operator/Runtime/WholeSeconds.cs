namespace Modestano.Operator.Runtime;

/// <summary>Kubernetes' Time has whole seconds: a finer one would differ from itself after a round trip.</summary>
internal static class WholeSeconds
{
    /// <summary>The time without its fraction of a second, in UTC.</summary>
    public static DateTime Of(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
