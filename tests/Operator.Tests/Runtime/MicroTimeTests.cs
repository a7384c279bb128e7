using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Runtime;

public sealed class MicroTimeTests
{
    [TestCase(0L, 1)]
    [TestCase(9L, 1)]
    [TestCase(10L, 1)]
    [TestCase(1_234_567L, 123_456)]
    [TestCase(5_000_000L, 500_000)]
    public void A_time_has_whole_microseconds_and_is_never_a_whole_second(long ticks, int microseconds)
    {
        var time = MicroTime.Of(new DateTime(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc).AddTicks(ticks));
        Assert.That(time.Ticks % TimeSpan.TicksPerSecond, Is.EqualTo(microseconds * 10L));
    }

    [Test]
    public void The_client_writes_it_with_six_digits()
    {
        var lease = new V1Lease { Spec = new V1LeaseSpec { RenewTime = MicroTime.Of(new DateTime(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc)) } };
        Assert.That(KubernetesJson.Serialize(lease), Does.Match(new Regex("\"renewTime\":\"2026-11-23T12:00:00\\.000001Z\"")));
    }
}
