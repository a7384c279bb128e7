using System.Globalization;
using k8s.Models;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// Follows what people asked of the migration, and judges each step that it takes towards that: in order, after its hold, not while it is
/// held, not while a gate fails, back only where that was asked for. What status says is believed only where the world shows it.
/// </summary>
internal sealed class WishJudge
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(15);

    private readonly Stage _stage;
    private readonly Git _git;
    private readonly VirtualPrometheus _prometheus;
    private readonly List<(TimeSpan Until, RegionMigrationSpec Spec)> _specs = [];
    private readonly Dictionary<string, TimeSpan> _released = [];
    private readonly Dictionary<string, TimeSpan> _holds = [];
    private Func<string, double?> _share = _ => null;
    private Func<string, double> _blur = _ => 0;
    private Func<string, WeightedDnsRecordSpec, double?> _specShare = (_, _) => null;
    private Func<string, TimeSpan> _changedAt = _ => TimeSpan.Zero;
    private RegionMigrationStatus _status = new();
    private RegionMigrationSpec? _spec;
    private long? _generation;
    private string? _uid;
    private string? _claimedBy;
    private Dictionary<string, double> _began = [];
    private bool _foundUntouched;
    private int _percent;
    private TimeSpan? _reachedAt;
    private bool _isPromoted;
    private (int Percent, TimeSpan At)? _left;

    public WishJudge(Stage stage, Git git, VirtualPrometheus prometheus)
    {
        (_stage, _git, _prometheus) = (stage, git, prometheus);
        stage.Cluster.Migrations.Changed += _ => Look();
        stage.Cluster.Records.Changed += key => Hold(key.Name, stage.Record(key.Name)?.Metadata.Annotations?.ContainsKey(Annotations.Hold) == true);
        stage.Cluster.Sets.Changed += key => Hold(key.Name, stage.Set?.Metadata.Annotations?.ContainsKey(Annotations.Hold) == true);
    }

    /// <summary>A migration has published its first override.</summary>
    public event Action? Claimed;

    /// <summary>Since when somebody holds the migration; null: nobody does.</summary>
    public TimeSpan? HeldSince { get; private set; }

    /// <summary>When the last hold ended, or the migration was made.</summary>
    public TimeSpan HoldEnded { get; private set; }

    /// <summary>Somebody, or a gate that really failed, has asked for the way back.</summary>
    public bool MayGoBack { get; private set; }

    /// <summary>The share of the step that the migration is at, 0 to 1; and of the one that it has just left on the way back, as a batch may be under way that was allowed before.</summary>
    public double StepShare => (_left is { } left && _stage.Now - left.At <= Notice ? Math.Max(left.Percent, _percent) : _percent) / 100.0;

    /// <summary>What the migration asks for; null: nothing, or there is none.</summary>
    public MigrationOverride? Asked => _uid is null ? null : _status.Override;

    /// <summary>The specs of the migration that it may follow now: the present one, and those that were edited a moment ago.</summary>
    public IReadOnlyList<RegionMigrationSpec> InForce => _spec is null ? [] : [.. _specs.Where(s => _stage.Now - s.Until <= Lately).Select(s => s.Spec).Append(_spec)];

    /// <summary>Whether a target's override was ended by its migration.</summary>
    public bool IsReleased(string target) => _status.Released?.Contains(target) == true;

    /// <summary>Whether every steered record serves at least that share in the new region.</summary>
    public bool Reached(int percent) => _git.Records.Keys.Where(IsSteered).All(r => _share(r) is { } share && share >= (percent / 100.0) - _blur(r));

    /// <summary>Reads Route 53's shares, those that a spec would give, and when the former changed.</summary>
    public void Reads(TrafficJudge traffic) => (_share, _blur, _specShare, _changedAt) = (traffic.Share, traffic.BlurOf, traffic.Share, traffic.ChangedAt);

    public TimeSpan? HoldOf(string target) => _holds.TryGetValue(target, out var since) ? since : null;

    /// <summary>When the override of a record ended, by release or because its migration went.</summary>
    public TimeSpan ReleasedAt(string record) => _released.GetValueOrDefault(record, TimeSpan.FromDays(-1));

    /// <summary>A live migration has claimed the record and not released it.</summary>
    public bool IsSteered(string record) =>
        _uid is not null && _status.Override?.Records?.Any(r => r.Name == record) == true && _status.Released?.Contains($"WeightedDnsRecord/{record}") != true;

    /// <summary>The share that a roll-back goes to: none, or what was served when the migration found nothing moved yet.</summary>
    public double? OriginShare(string record) => _began.TryGetValue(record, out var began) ? (_foundUntouched ? began : 0) : null;

    /// <summary>A gate of the spec that has not been passing for that long; null: there is none.</summary>
    public string? FailingGate(TimeSpan forLong) =>
        (_spec?.Gates.Prometheus ?? []).FirstOrDefault(g => _prometheus.NotPassingFor(g.Query) > forLong)?.Name;

    /// <summary>Looks at the shares, every now and then.</summary>
    public void Sample()
    {
        if (_reachedAt is null && _uid is not null && Reached(_percent))
        {
            _reachedAt = _stage.Now;
        }
    }

    private void Look()
    {
        var migration = _stage.Migration;
        if (migration?.Metadata.Uid != _uid)
        {
            foreach (var record in _git.Records.Keys.Where(IsSteered).ToList())
            {
                _released[record] = _stage.Now;
            }

            (_uid, _status, _spec, _percent, _reachedAt, _isPromoted, HeldSince) = (migration?.Metadata.Uid, new(), null, 0, null, false, null);
            HoldEnded = _stage.Now;
            _specs.Clear();
        }

        if (migration is null)
        {
            return;
        }

        if (_spec is not null && _generation != migration.Metadata.Generation)
        {
            _specs.Add((_stage.Now, _spec));
        }

        (_spec, _generation) = (migration.Spec, migration.Metadata.Generation);
        var status = migration.Status ?? new();
        var isHeld = IsHeld(migration, status);
        HoldEnded = HeldSince is not null && !isHeld ? _stage.Now : HoldEnded;
        HeldSince = isHeld ? HeldSince ?? _stage.Now : null;
        if (status.Override is { } claim && _claimedBy != _uid)
        {
            (_claimedBy, MayGoBack) = (_uid, false);
            Claims(claim, status.Step?.Percent ?? 0);
            Claimed?.Invoke();
        }

        if (migration.GetAnnotation(Annotations.RollBack) is not null || migration.Spec.Intent == "RollBack" || (migration.Metadata.DeletionTimestamp is not null && migration.Spec.OnDelete == "RollBack"))
        {
            MayGoBack = true;
        }

        if (status.Pause is { } pause && pause.Percent == Math.Max(_percent, status.Step?.Percent ?? 0) && migration.GetAnnotation(Annotations.Promote) == $"{pause.Percent}/{pause.Token}")
        {
            _isPromoted = true;
        }

        if (status.RollBack is { } asked && _status.RollBack is null)
        {
            RollsBack(migration, asked);
        }

        foreach (var target in (status.Released ?? []).Except(_status.Released ?? []))
        {
            var name = target[(target.IndexOf('/', StringComparison.Ordinal) + 1)..];
            _released[name] = _stage.Now;
            Released(name);
        }

        var before = _status;
        _status = status;
        if (before.Override?.PrimaryRegion == Scene.From && status.Override?.PrimaryRegion == Scene.To)
        {
            Moves();
        }

        if (before.Phase == MigrationPhases.Soaking && status.Phase is MigrationPhases.Completed or MigrationPhases.Decommissioning && !_isPromoted && InForce.All(s => s.TrafficSteps[^1].Hold is null))
        {
            _stage.Break("it ends its last step, which has no hold, and nobody has promoted it");
        }

        if (status.Step is { } step && before.Step?.Percent != step.Percent)
        {
            Steps(before, step.Percent);
        }
    }

    /// <summary>Its first word must be about what is there, and nothing else.</summary>
    private void Claims(MigrationOverride claim, int percent)
    {
        _began = (claim.Records ?? []).Where(r => _share(r.Name) is not null).ToDictionary(r => r.Name, r => _share(r.Name)!.Value);
        _foundUntouched = _began.Values.Append(1).Min() == 0;
        foreach (var record in claim.Records ?? [])
        {
            // What nobody manages is none of its business.
            var left = _git.Records.TryGetValue(record.Name, out var spec) ? _stage.Left(record.Name, spec).Select(s => s.SetIdentifier!).Except(record.Weights.Keys).ToList() : [];
            var served = _stage.Weights(record.Name);
            if (record.Weights.Keys.Union(served.Keys).Except(left).Any(id => record.Weights.GetValueOrDefault(id) != served.GetValueOrDefault(id)) && _stage.Now - _changedAt(record.Name) > Notice)
            {
                _stage.Break($"it claims {record.Name} with {Stage.Words(record.Weights)}, and Route 53 has {Stage.Words(served)}");
            }
        }

        if (percent > 0 && percent / 100.0 > _began.Values.DefaultIfEmpty(1).Min() + 0.012)
        {
            _stage.Break(string.Create(CultureInfo.InvariantCulture, $"it begins at {percent}%, and {_began.Values.DefaultIfEmpty(0).Min():P1} are served in {Scene.To}"));
        }
    }

    /// <summary>What it lets go of must stay where it is: the spec says by now what is served.</summary>
    private void Released(string name)
    {
        if (_stage.Record(name) is { Metadata.DeletionTimestamp: null } record && _share(name) is { } served && _specShare(name, record.Spec) is var specified
            && (specified is null || Math.Abs(specified.Value - served) > 0.012))
        {
            _stage.Break(string.Create(CultureInfo.InvariantCulture, $"it releases {name}, which serves {served:P1} in {Scene.To}, and its spec's weights are {Stage.Words(record.Spec.Endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight))}"));
        }
    }

    private void Steps(RegionMigrationStatus before, int percent)
    {
        var (was, reached, isPromoted) = (_percent, _reachedAt, _isPromoted);
        (_percent, _reachedAt, _isPromoted) = (percent, null, false);
        Sample();
        if (before.Step is null || percent == was)
        {
            // It takes up the place that it finds.
            return;
        }

        var what = $"the step goes from {was}% to {percent}%";
        if (percent < was)
        {
            _left = (was, _stage.Now);
            if (!MayGoBack)
            {
                _stage.Break($"{what}, and nobody asked for a way back");
            }

            return;
        }

        var inForce = InForce;
        if (!inForce.Any(s => s.TrafficSteps.FirstOrDefault(t => t.Percent > was)?.Percent == percent))
        {
            _stage.Break($"{what}, and spec.trafficSteps are {string.Join(", ", _spec!.TrafficSteps.Select(t => t.Percent))}");
        }

        if (was > 0 && (reached is null || (!isPromoted && inForce.Min(s => Hold(s, was)) > _stage.Now - reached + TimeSpan.FromSeconds(1))))
        {
            _stage.Break($"{what} before {was}% were reached and held");
        }

        if (HeldSince is { } held && _stage.Now - held > Notice)
        {
            _stage.Break($"{what} although the migration is held");
        }

        Opens(what);
        if (FailingGate(TimeSpan.FromSeconds(15)) is { } gate)
        {
            _stage.Break($"D5GateFirst: {what} although {gate} has not been passing for 15 s");
        }
    }

    // Decided a moment before it was written.
    private void Opens(string what)
    {
        var now = _stage.Loop.UtcNow;
        if (!MayGoBack && !InForce.Any(s => IsOpen(s, now) || IsOpen(s, now - TimeSpan.FromSeconds(3))))
        {
            _stage.Break(string.Create(CultureInfo.InvariantCulture, $"{what} at {now:HH:mm:ss}, outside of its windows {string.Join(", ", (_spec!.Windows ?? []).Select(w => $"{w.Kind} {w.Schedule} {w.Duration}"))}"));
        }
    }

    private static bool IsOpen(RegionMigrationSpec spec, DateTimeOffset now)
    {
        var windows = spec.Windows ?? [];
        bool Within(MigrationWindow window) => now.TimeOfDay.TotalSeconds % (60 * int.Parse(window.Schedule[2..window.Schedule.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture)) < window.Duration.Value.TotalSeconds;
        return windows.Where(w => w.Kind == "Allow").ToList() is var allowed && (allowed.Count == 0 || allowed.Exists(Within)) && !windows.Any(w => w.Kind == "Deny" && Within(w));
    }

    // A step without a hold is held until a person promotes it.
    private static TimeSpan Hold(RegionMigrationSpec spec, int percent) =>
        spec.TrafficSteps.FirstOrDefault(t => t.Percent == percent) is { } step ? step.Hold?.Value ?? TimeSpan.MaxValue : TimeSpan.Zero;

    private void RollsBack(RegionMigration migration, RollBackRequest asked)
    {
        if (asked.Source != "GateFailure")
        {
            if (!MayGoBack)
            {
                _stage.Break($"it rolls back because of {asked.Source}, and nobody asked for that");
            }

            return;
        }

        if (InForce.All(s => s.OnGateFailure != "RollBack"))
        {
            _stage.Break("it rolls back because of a gate, and spec.onGateFailure was not RollBack");
        }

        var named = (migration.Spec.Gates.Prometheus ?? []).Concat(InForce.SelectMany(s => s.Gates.Prometheus ?? [])).FirstOrDefault(g => asked.Reason.Contains($"gate {g.Name}:", StringComparison.Ordinal));
        if (named is not null && !_prometheus.FailedWithin(named.Query, Lately))
        {
            _stage.Break($"it rolls back because of '{asked.Reason}', and that gate has not failed");
        }

        MayGoBack = true;
    }

    /// <summary>The migration asks for the primary's move.</summary>
    private void Moves()
    {
        if (!InForce.Any(s => (_percent >= s.Primary.MoveAtPercent || _percent == 100) && Reached(Math.Min(_percent, s.Primary.MoveAtPercent))) && !MayGoBack)
        {
            _stage.Break(string.Create(CultureInfo.InvariantCulture, $"the primary is asked to leave {Scene.From} at {_percent}%, and spec.primary.moveAtPercent is {_spec!.Primary.MoveAtPercent}"));
        }

        if (HeldSince is { } held && _stage.Now - held > Notice)
        {
            _stage.Break("the primary is asked to move although the migration is held");
        }

        Opens($"the primary is asked to leave {Scene.From}");
        if (FailingGate(TimeSpan.FromSeconds(15)) is { } gate)
        {
            _stage.Break($"the primary is asked to move although {gate} has not been passing for 15 s");
        }
    }

    private static bool IsHeld(RegionMigration migration, RegionMigrationStatus status) =>
        migration.GetAnnotation(Annotations.Hold) is not null || (migration.Spec.Intent == "Hold" && migration.GetAnnotation(Annotations.RollBack) is null && status.RollBack is null or { Source: "Intent" })
        || (migration.Metadata.DeletionTimestamp is not null && migration.Spec.OnDelete == "Hold" && status.RollBack is null && status.Phase is not (MigrationPhases.Completed or MigrationPhases.RolledBack));

    private void Hold(string target, bool isHeld)
    {
        if (!isHeld)
        {
            _holds.Remove(target);
        }
        else
        {
            _holds.TryAdd(target, _stage.Now);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
