namespace Modestano.Testbed.Mongo.Model;

/// <summary>A member's wall clock: the loop's time with the member's skew.</summary>
internal sealed class MemberClock(EventLoop loop, SimulatedMember member) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => loop.UtcNow + member.ClockSkew;
}
