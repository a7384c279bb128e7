using System.Text.RegularExpressions;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>Judges what statuses and events say: nothing is empty, and nothing contradicts what is so.</summary>
internal sealed partial class WordsJudge
{
    private const int LongestMessage = 1024;

    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(30);

    private readonly Stage _stage;
    private readonly TrafficJudge _traffic;
    private readonly WishJudge _wishes;
    private readonly Func<TimeSpan, bool> _unhealthyWithin;
    private string? _phase;

    /// <param name="stage">The world.</param>
    /// <param name="traffic">Knows the shares.</param>
    /// <param name="wishes">Knows what was asked for.</param>
    /// <param name="unhealthyWithin">Whether a health check of Route 53 failed within the last while.</param>
    public WordsJudge(Stage stage, TrafficJudge traffic, WishJudge wishes, Func<TimeSpan, bool> unhealthyWithin)
    {
        (_stage, _traffic, _wishes, _unhealthyWithin) = (stage, traffic, wishes, unhealthyWithin);
        stage.Cluster.Migrations.Changed += _ => Migration();
        stage.Cluster.Records.Changed += key => Record(key.Name);
        stage.Cluster.Sets.Changed += _ => Conditions("MongoReplicaSet", _stage.Set?.Status?.Conditions);
    }

    /// <summary>Looks at the events, once at the end.</summary>
    public void Events()
    {
        foreach (var (_, reason, message) in _stage.Cluster.Events.All)
        {
            Text("an event's", reason, message);
        }
    }

    private void Migration()
    {
        if (_stage.Migration is not { Status: { } status } migration)
        {
            _phase = null;
            return;
        }

        Conditions("RegionMigration", status.Conditions);
        foreach (var gate in status.Gates ?? [])
        {
            Text($"gate {gate.Name}'s", gate.Result, gate.Message);
        }

        foreach (var (what, text) in new[] { ("waitingFor", status.WaitingFor), ("rollBack.reason", status.RollBack?.Reason), ("the timeline's last message", status.Timeline is [.., var last] ? last.Message : null) })
        {
            if (text is not null && Fault(text) is { } fault)
            {
                _stage.Break($"status.{what} {fault}: '{text}'");
            }
        }

        if (status.Phase == MigrationPhases.RollingBack && (migration.Spec.Gates.Prometheus ?? []).Any(g => status.WaitingFor?.Contains($"gate {g.Name}:", StringComparison.Ordinal) == true))
        {
            _stage.Break($"a roll-back waits for a gate of the region that it leaves: {status.WaitingFor}");
        }

        if (Condition(status.Conditions, ConditionTypes.Held) is { Status: "True" } && _wishes.HeldSince is null && IsOld(_wishes.HoldEnded))
        {
            _stage.Break("Held is True, and nobody holds");
        }

        if (status.Phase != _phase)
        {
            _phase = status.Phase;
            Arrived(migration, status);
        }
    }

    /// <summary>What the two ends claim is so.</summary>
    private void Arrived(RegionMigration migration, RegionMigrationStatus status)
    {
        _stage.Log($"phase {status.Phase}");
        if (status.Origin is null || status.Phase is not (MigrationPhases.Completed or MigrationPhases.RolledBack))
        {
            return;
        }

        var isBack = status.Phase == MigrationPhases.RolledBack;
        foreach (var name in (migration.Spec.DnsRecordRefs ?? []).Select(r => r.Name).Where(_wishes.IsSteered))
        {
            var wanted = isBack ? _wishes.OriginShare(name) : 1;
            if (_traffic.Share(name) is not { } share || Math.Abs(share - (wanted ?? share)) > 0.012)
            {
                _stage.Break($"it says {status.Phase}, and {name} is served as {Stage.Words(_stage.Weights(name))}");
            }
        }

        if (_stage.PrimaryRegion is { } region && region != (isBack ? status.Origin.PrimaryRegion : migration.Spec.To))
        {
            _stage.Break($"it says {status.Phase}, and the primary is in {region}");
        }
    }

    private void Record(string name)
    {
        if (_stage.Record(name) is not { Status: { } status } record)
        {
            return;
        }

        Conditions($"WeightedDnsRecord {name}", status.Conditions);
        var ready = Condition(status.Conditions, ConditionTypes.Ready);
        if (ready is { Reason: "NobodyWouldServe" } && !_unhealthyWithin(TimeSpan.FromMinutes(2)) && record.Spec.Endpoints.Any(e => e.Weight > 0))
        {
            _stage.Break($"{name} says NobodyWouldServe, and its spec's weights are {Stage.Words(record.Spec.Endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight))}: {ready.Message}");
        }

        if (ready is { Reason: "Contested" or "ChangedByOthers" })
        {
            _stage.Break($"{name} says {ready.Reason}, and nobody else writes there: {ready.Message}");
        }

        if (ready is { Status: "True" } && IsOld(_traffic.ChangedAt(name)) && status.Endpoints is { } endpoints && _stage.Weights(name) is { Count: > 0 } served)
        {
            if (endpoints.FirstOrDefault(e => e.ServedWeight != (served.TryGetValue(e.SetIdentifier, out var weight) ? weight : null) && (e.ServedWeight ?? 0) != 0) is { } wrong)
            {
                _stage.Break($"{name} is Ready and says that {wrong.SetIdentifier} is served with {wrong.ServedWeight}; Route 53 has {Stage.Words(served)}");
            }
        }
    }

    private void Conditions(string of, IReadOnlyList<Condition>? conditions)
    {
        foreach (var condition in conditions ?? [])
        {
            Text($"{condition.Type} of {of}: its", condition.Reason, condition.Message);
        }
    }

    private void Text(string whose, string? reason, string? message)
    {
        if (!ReasonWord().IsMatch(reason ?? ""))
        {
            _stage.Break($"{whose} reason is '{reason}'");
        }

        if (Fault(message) is { } fault)
        {
            _stage.Break($"{whose} message {fault}: {reason}: '{message}'");
        }
    }

    /// <summary>The operator has had the time to notice.</summary>
    private bool IsOld(TimeSpan change) => _stage.Now - (change > _stage.CalmSince ? change : _stage.CalmSince) > Notice;

    private static string? Fault(string? text) => string.IsNullOrWhiteSpace(text) ? "is empty"
        : text.Length > LongestMessage ? "is too long"
        : Hole().IsMatch(text) ? "has a hole"
        : null;

    private static Condition? Condition(IReadOnlyList<Condition>? conditions, string type) => conditions?.FirstOrDefault(c => c.Type == type);

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$")]
    private static partial Regex ReasonWord();

    /// <summary>A name or a cause that was left out: two spaces, a colon at the end or before another, quotes around nothing.</summary>
    [GeneratedRegex("  |: *$|: :|''| ,|^[ :]|System\\.|Exception\\b")]
    private static partial Regex Hole();
}
