using Modestano.Operator.Dns.Planning;

namespace Modestano.Operator.Dns.Control;

/// <summary>When the next pass is due. Each pass costs requests of a budget that the whole account shares.</summary>
internal static class Pace
{
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(5);

    /// <summary>Time until the next pass.</summary>
    public static TimeSpan After(DnsDecision decision, ObservedChange? change, DateTimeOffset now) => decision switch
    {
        Wait { Until: { } until } => Within(until - now, Soonest, Latest),
        // Route 53 usually takes up to a minute: first often, then less, so that what is waited too long stays below a fifth of what had to be waited.
        Wait { Reason: DnsReasons.ChangePending } => Within(change is null ? TimeSpan.Zero : (now - change.SubmittedAt) / 5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)),
        Wait { Reason: DnsReasons.Unreachable or DnsReasons.Shifting } => TimeSpan.FromSeconds(1),
        Wait { Reason: DnsReasons.NotPermitted } => TimeSpan.FromSeconds(5),
        Wait { Reason: DnsReasons.EndpointUnhealthy or DnsReasons.HealthUnknown or DnsReasons.HealthCheckDeleted or DnsReasons.UnreadableAnswer or DnsReasons.NobodyWouldServe } => TimeSpan.FromSeconds(15),
        Wait or Stalled => TimeSpan.FromMinutes(1),
        _ => Latest,
    };

    private static TimeSpan Within(TimeSpan time, TimeSpan least, TimeSpan most) => time < least ? least : time > most ? most : time;
}
