using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>Members in status: the configuration's, then those that the spec wants besides.</summary>
internal static class MemberMapper
{
    public const string Absent = "Absent";

    public const string Unreachable = "Unreachable";

    /// <summary>It answers and does not say whether it is in the set: only a login that it accepts would tell.</summary>
    public const string LoginRefused = "LoginRefused";

    /// <summary>
    /// All members. Without a configuration those that were in the last one known are kept with their votes: the spec may name none of them,
    /// and after a restart the operator finds the set through them.
    /// </summary>
    public static IReadOnlyList<MemberStatus>? Map(ObservedReplicaSet? observed, DesiredTopology? desired, Places places, IReadOnlyList<MemberStatus>? previous)
    {
        if (observed?.Config is not null)
        {
            return Map(observed, desired, places);
        }

        var known = previous?.Where(m => m.Votes is not null).ToDictionary(m => m.Host, StringComparer.Ordinal) ?? [];
        var seen = observed is null ? [] : Map(observed, desired, places);
        var members = seen
            .Select(m => known.Remove(m.Host, out var before) ? m with { Votes = before.Votes, Priority = before.Priority } : m)
            .Concat(known.Values.OrderBy(m => m.Host, StringComparer.Ordinal).Select(m => new MemberStatus
            {
                Host = m.Host,
                Region = m.Region,
                Zone = m.Zone,
                State = Unreachable,
                Votes = m.Votes,
                Priority = m.Priority,
            }))
            .Take(MongoReplicaSetStatus.MostMembers)
            .ToList();
        return observed is null && members.Count == 0 ? null : members;
    }

    private static IReadOnlyList<MemberStatus> Map(ObservedReplicaSet observed, DesiredTopology? desired, Places places)
    {
        var rest = desired is null ? null : RestPlan.For(desired, observed.Config);
        var inConfig = observed.Config?.Members.Select(m => m.Host).ToList() ?? [];
        var wanted = desired?.Members.Select(m => m.Host).ToHashSet(StringComparer.Ordinal) ?? [];
        var others = observed.Members.Keys.Except(inConfig, StringComparer.Ordinal)
            .OrderByDescending(wanted.Contains)
            .ThenBy(h => h, StringComparer.Ordinal)
            .Take(Math.Max(0, MongoReplicaSetStatus.MostMembers - inConfig.Count))
            .Order(StringComparer.Ordinal);
        return [.. inConfig.Concat(others).Select(h => Map(h, observed, rest, places))];
    }

    public static ReplicaSetSummary Summarize(ObservedReplicaSet observed, Places places)
    {
        var config = observed.Config;
        var members = config?.Members ?? [];
        var primaryRegion = observed.Primary is { } primary ? places.Region(primary) : null;
        var votes = config?.Voters
            .GroupBy(v => places.Region(v.Host) ?? "unknown")
            .OrderByDescending(g => g.Key == primaryRegion).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key}:{g.Count()}");
        var lags = members
            .Where(m => m.IsDataBearing && m.SecondaryDelaySecs == 0)
            .Select(m => observed.Member(m.Host).Lag)
            .Where(l => l is not null)
            .ToList();
        return new ReplicaSetSummary
        {
            Members = members.Count == 0 ? null : $"{members.Count(m => observed.Member(m.Host).Healthy == true)}/{members.Count}",
            Votes = votes is null ? null : string.Join(' ', votes),
            WorstLag = Buckets.Lag(lags.Count == 0 ? null : lags.Max()),
        };
    }

    private static MemberStatus Map(string host, ObservedReplicaSet observed, RestPlan? rest, Places places)
    {
        var member = observed.Member(host);
        var config = observed.Config?.Find(host);
        var planned = rest?.Find(host);
        return new MemberStatus
        {
            Host = host,
            Region = places.Region(host),
            Zone = places.Zone(host),
            State = State(member, config is not null),
            Healthy = config is null ? null : member.Healthy,
            Votes = config?.Votes,
            Priority = config is null ? null : Number(config.Priority),
            PlannedVotes = rest is null ? null : planned?.Votes ?? 0,
            PlannedPriority = rest is null ? null : Number(planned?.Priority ?? 0),
            Lag = config is { ArbiterOnly: false } ? Buckets.Lag(member.Lag) : null,
            OplogWindow = Buckets.Window(member.OplogWindow),
            SyncSource = member.SyncSource,
            InitialSyncPercent = Buckets.Percent(member.InitialSync?.Ratio),
            InitialSyncRate = Buckets.Bytes(member.InitialSync?.BytesPerSecond) is { } rate ? $"{rate}/s" : null,
            InitialSyncEnd = End(member.InitialSync, observed.At),
            Message = Shorten((member.Stranger is { } stranger && config is not null ? $"under its name answers {stranger}" : null) ?? WithoutUsers(member) ?? member.ConnectionError ?? member.InitialSync?.LastFailure ?? member.Message),
        };
    }

    // A member that copies the data has no users until it has copied them: that it refuses the login is no fault.
    private static string? WithoutUsers(ObservedMember member) => member is { OwnStatus: OwnStatus.LoginRequired, State: MemberState.Startup or MemberState.Startup2 }
        ? "copies the data; it knows the operator's user, and tells how far it is, only when it has copied that"
        : null;

    private static DateTime? End(InitialSyncProgress? sync, DateTimeOffset now)
    {
        var left = sync?.Remaining ?? (sync is { TotalBytes: { } total, CopiedBytes: { } copied, BytesPerSecond: { } rate } ? Durations.OfSeconds(((double)total - copied) / rate) : null);
        var step = TimeSpan.FromMinutes(5).Ticks;
        return left is { } time ? new DateTime(((now + time).UtcTicks + step - 1) / step * step, DateTimeKind.Utc) : null;
    }

    private static string State(ObservedMember member, bool inConfig) => (inConfig, member) switch
    {
        (false, { OwnStatus: OwnStatus.Unauthorized } or { OwnStatus: OwnStatus.LoginRequired, NamesNoSet: false }) => LoginRefused,
        (false, { Reachable: true }) => Absent,
        (_, { Reachable: false, State: MemberState.Unknown or MemberState.Down }) => Unreachable,
        (false, _) => Absent,
        _ => member.State.MongoName(),
    };

    private static Fraction Number(double priority) => new(decimal.Parse(priority.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture));

    private static string? Shorten(string? text) => text is null ? null : OneLine.Of(text, 1024);
}
