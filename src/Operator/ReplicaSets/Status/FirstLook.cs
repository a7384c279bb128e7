using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Admission;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>
/// What a person wants to know before anything is changed, beside what the rules look at: rows of a set that is only observed or planned. A set
/// under way has its own rows, and more of them would hide those.
/// </summary>
internal static class FirstLook
{
    /// <summary>Slower than that, every majority write across it is felt.</summary>
    private static readonly TimeSpan SlowPing = TimeSpan.FromMilliseconds(100);

    /// <summary>Time enough to renew a certificate by hand.</summary>
    private static readonly TimeSpan CertificateMargin = TimeSpan.FromDays(30);

    private static readonly string[] Changes = ["clusterManager", "clusterAdmin", "root"];
    private static readonly string[] Reads = ["clusterMonitor", "clusterAdmin", "root"];

    /// <summary>The rows, a member's together.</summary>
    public static IEnumerable<CheckStatus> Of(ObservedReplicaSet observed, DesiredTopology desired, PlanningPolicy policy)
    {
        var primary = observed.Primary is { } host ? observed.Member(host) : null;
        foreach (var member in (observed.Config?.Members ?? []).Select(m => observed.Member(m.Host)).Where(m => m.Reachable))
        {
            yield return Latency(member);
            yield return Version(member, primary);
            yield return Clock(member, policy);
        }

        foreach (var member in desired.Members.Select(m => observed.Member(m.Host)).Where(m => m.CertificateEnd is not null))
        {
            yield return Certificate(member, observed.At);
        }

        if (observed.OperatorRoles is { } roles)
        {
            yield return Roles(roles);
        }

        // With a login there is authorization, and with that a key file or certificates by which members know each other.
        foreach (var added in observed.OperatorRoles is null ? [] : desired.Members.Where(m => observed.Config is { } config && config.Find(m.Host) is null))
        {
            yield return new CheckStatus
            {
                Name = "KeyFile",
                Member = added.Host,
                Result = "Unknown",
                Message = "whether its key file is the set's is only seen once it has joined, when it stays STARTUP or DOWN: compare sha256sum of security.keyFile on both hosts now",
            };
        }
    }

    private static CheckStatus Latency(ObservedMember member) => Row(
        "Latency", member.Host, member.Ping is { } ping ? ping <= SlowPing : null, Buckets.Ping(member.Ping), $"{SlowPing.TotalMilliseconds:0}ms",
        "every majority write that waits for it takes that long: is there a route between the regions, or a detour?", warns: true);

    private static CheckStatus Version(ObservedMember member, ObservedMember? primary) => Row(
        "ServerVersion", member.Host, Release.Of(member) is { } theirs && Release.Of(primary) is { } ours ? theirs == ours : null,
        member.FeatureCompatibilityVersion is { } fcv ? $"{Release.Words(member)}, FCV {fcv}" : Release.Words(member), Release.Words(primary),
        "the members run several releases: end the upgrade before members are added", warns: true);

    private static CheckStatus Clock(ObservedMember member, PlanningPolicy policy) => Row(
        "ClockDifference", member.Host, member.ClockSkew is { } skew ? skew.Duration() <= policy.MaxClockSkew : null, Buckets.Lag(member.ClockSkew?.Duration()), $"{policy.MaxClockSkew.TotalSeconds:0}s",
        "set up NTP on it: lag and oplog windows are told by its clock", warns: true);

    private static CheckStatus Certificate(ObservedMember member, DateTimeOffset now) => Row(
        "CertificateEnd", member.Host, member.CertificateEnd - now >= CertificateMargin, member.CertificateEnd!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"{CertificateMargin.TotalDays:0}d",
        "renew it first: after its end no member and no client connects any more", warns: member.CertificateEnd > now);

    private static CheckStatus Roles(IReadOnlyList<string> roles)
    {
        var (changes, reads) = (roles.Any(Changes.Contains), roles.Any(Reads.Contains));
        // What a role of somebody's own allows is not told by its name.
        bool? enough = changes && reads ? true : roles.Any(r => !r.StartsWith("read", StringComparison.Ordinal) && !Changes.Contains(r) && !Reads.Contains(r)) ? null : false;
        return Row(
            "UserRoles", null, enough, roles.Count == 0 ? "none" : string.Join(' ', roles.Distinct().Order(StringComparer.Ordinal)), "clusterManager clusterMonitor",
            $"grant the user {string.Join(" and ", new[] { changes ? null : "clusterManager", reads ? null : "clusterMonitor" }.OfType<string>())} on admin", warns: false);
    }

    private static CheckStatus Row(string name, string? member, bool? passed, string? value, string? limit, string advice, bool warns) => new()
    {
        Name = name,
        Member = member,
        Result = passed switch { true => "Passed", false => warns ? "Warning" : "Failed", null => "Unknown" },
        Value = value,
        Limit = limit,
        Message = passed == false ? advice : null,
    };
}
