using Microsoft.Extensions.Time.Testing;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>A wall's clock beside the monotonic one, which alone moves the timers.</summary>
internal sealed class TwoClocks : FakeTimeProvider
{
    /// <summary>By how much the wall's clock was set ahead; negative: back.</summary>
    public TimeSpan Wall { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Wall;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
