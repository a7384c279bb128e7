using System.Globalization;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using MongoDB.Bson;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// Follows what people asked of the migration, and judges each step that it takes towards that: in order, after its hold, not while it is
/// held, not while a gate fails, back only where that was asked for; and each step-down of a primary likewise.
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
    private RegionMigrationStatus _status = new();
    private RegionMigrationSpec? _spec;
    private long? _generation;
    private string? _uid;
    private string? _claimedBy;
    private int _percent;
    private TimeSpan? _reachedAt;
    private string? _primaryRegion;

    public WishJudge(Stage stage, Git git, VirtualPrometheus prometheus)
    {
        (_stage, _git, _prometheus) = (stage, git, prometheus);
        stage.Cluster.Migrations.Changed += _ => Look();
        stage.Cluster.Records.Changed += key => Hold(key.Name, stage.Record(key.Name)?.Metadata.Annotations?.ContainsKey(Annotations.Hold) == true);
        stage.Cluster.Sets.Changed += key => Hold(key.Name, stage.Set?.Metadata.Annotations?.ContainsKey(Annotations.Hold) == true);
        stage.Cluster.Calls.CarriedOut += CarriedOut;
    }

    /// <summary>A migration has published its first override.</summary>
    public event Action? Claimed;

    /// <summary>Since when somebody holds the migration; null: nobody does.</summary>
    public TimeSpan? HeldSince { get; private set; }

    /// <summary>When the last hold ended, or the migration was made.</summary>
    public TimeSpan HoldEnded { get; private set; }

    /// <summary>Somebody, or a gate that really failed, has asked for the way back.</summary>
    public bool MayGoBack { get; private set; }

    /// <summary>The share of the step that the migration is at, 0 to 1.</summary>
    public double StepShare => _percent / 100.0;

    /// <summary>Reads Route 53's shares.</summary>
    public void Reads(Func<string, double?> share) => _share = share;

    public TimeSpan? HoldOf(string target) => _holds.TryGetValue(target, out var since) ? since : null;

    /// <summary>When the override of a record ended, by release or because its migration went.</summary>
    public TimeSpan ReleasedAt(string record) => _released.GetValueOrDefault(record, TimeSpan.FromDays(-1));

    /// <summary>A live migration has claimed the record and not released it.</summary>
    public bool IsSteered(string record) =>
        _uid is not null && _status.Override?.Records?.Any(r => r.Name == record) == true && _status.Released?.Contains($"WeightedDnsRecord/{record}") != true;

    /// <summary>The share that a roll-back goes to.</summary>
    public double? OriginShare(string record) => _status.Origin?.Records?.FirstOrDefault(r => r.Name == record) is { } origin && _git.Records.TryGetValue(record, out var spec)
        ? Of(spec, origin.Weights)
        : null;

    /// <summary>A gate of the spec that has not been passing for that long; null: there is none.</summary>
    public string? FailingGate(TimeSpan forLong) =>
        (_spec?.Gates.Prometheus ?? []).FirstOrDefault(g => _prometheus.NotPassingFor(g.Query) > forLong)?.Name;

    /// <summary>Looks at the primary, every now and then.</summary>
    public void Sample()
    {
        _primaryRegion = _stage.PrimaryRegion ?? _primaryRegion;
        if (_reachedAt is null && _uid is not null && Reached(_percent))
        {
            _reachedAt = _stage.Now;
        }
    }

    private static double? Of(WeightedDnsRecordSpec spec, IReadOnlyDictionary<string, int> weights)
    {
        double In(string region) => spec.Endpoints.Where(e => e.Region == region).Sum(e => weights.GetValueOrDefault(e.SetIdentifier));
        return In(Scene.From) + In(Scene.To) is > 0 and var both ? In(Scene.To) / both : null;
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

            (_uid, _status, _spec, _percent, _reachedAt, HeldSince) = (migration?.Metadata.Uid, new(), null, 0, null, null);
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
        if (migration.GetAnnotation(Annotations.RollBack) is not null || migration.Spec.Intent == "RollBack" || (migration.Metadata.DeletionTimestamp is not null && migration.Spec.OnDelete == "RollBack"))
        {
            MayGoBack = true;
        }

        if (status.Override is not null && _claimedBy != _uid)
        {
            (_claimedBy, MayGoBack) = (_uid, status.RollBack is not null);
            Claimed?.Invoke();
        }

        if (status.RollBack is { } asked && _status.RollBack is null)
        {
            RollsBack(migration, asked);
        }

        foreach (var target in (status.Released ?? []).Except(_status.Released ?? []))
        {
            _released[target[(target.IndexOf('/', StringComparison.Ordinal) + 1)..]] = _stage.Now;
        }

        var before = _status;
        _status = status;
        if (before.Override?.PrimaryRegion == Scene.From && status.Override?.PrimaryRegion == Scene.To)
        {
            Moves();
        }

        if (status.Step is { } step && before.Step?.Percent != step.Percent)
        {
            Steps(before, step.Percent);
        }
    }

    private void Steps(RegionMigrationStatus before, int percent)
    {
        var (was, reached) = (_percent, _reachedAt);
        (_percent, _reachedAt) = (percent, null);
        Sample();
        if (before.Step is null || percent == was)
        {
            // It takes up the place that it finds.
            return;
        }

        var what = $"the step goes from {was}% to {percent}%";
        if (percent < was)
        {
            if (!MayGoBack)
            {
                _stage.Break($"{what}, and nobody asked for a way back");
            }

            return;
        }

        var inForce = InForce();
        if (!inForce.Any(s => s.TrafficSteps.FirstOrDefault(t => t.Percent > was)?.Percent == percent))
        {
            _stage.Break($"{what}, and spec.trafficSteps are {string.Join(", ", _spec!.TrafficSteps.Select(t => t.Percent))}");
        }

        if (was > 0 && (reached is null || inForce.Min(s => s.TrafficSteps.FirstOrDefault(t => t.Percent == was)?.Hold.Value ?? TimeSpan.Zero) > _stage.Now - reached + TimeSpan.FromSeconds(1)))
        {
            _stage.Break($"{what} before {was}% were reached and held");
        }

        if (HeldSince is { } held && _stage.Now - held > Notice)
        {
            _stage.Break($"{what} although the migration is held");
        }

        if (FailingGate(TimeSpan.FromSeconds(15)) is { } gate)
        {
            _stage.Break($"D5GateFirst: {what} although {gate} has not been passing for 15 s");
        }
    }

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

        if (InForce().All(s => s.OnGateFailure != "RollBack"))
        {
            _stage.Break("it rolls back because of a gate, and spec.onGateFailure was not RollBack");
        }

        var named = (migration.Spec.Gates.Prometheus ?? []).Concat(InForce().SelectMany(s => s.Gates.Prometheus ?? [])).FirstOrDefault(g => asked.Reason.Contains($"gate {g.Name}:", StringComparison.Ordinal));
        if (named is not null && !_prometheus.FailedWithin(named.Query, Lately))
        {
            _stage.Break($"it rolls back because of '{asked.Reason}', and that gate has not failed");
        }

        MayGoBack = true;
    }

    private void CarriedOut(BsonDocument command)
    {
        var name = command.GetElement(0).Name;
        if (name is not ("replSetStepDown" or "replSetReconfig"))
        {
            return;
        }

        if (HoldOf(Stage.SetKey.Name) is { } since && _stage.Now - Max(since, _stage.CalmSince) > Notice)
        {
            _stage.Break($"{name} although the replica set is held");
        }

        if (_uid is null || _status.Override is null || _status.Released?.Contains($"MongoReplicaSet/{Stage.SetKey.Name}") == true)
        {
            return;
        }

        if (HeldSince is { } held && _stage.Now - Max(held, _stage.CalmSince) > Notice)
        {
            _stage.Break($"{name} although the migration is held");
        }

        if (name == "replSetStepDown" && _primaryRegion == Scene.To && _status.Override.PrimaryRegion == Scene.To && !MayGoBack && _status.Override.RetiredMembers is null)
        {
            _stage.Break($"the primary steps down in {Scene.To}, and nobody asked for a way back");
        }

        if (name == "replSetStepDown" && _primaryRegion == Scene.From && _status.Override.PrimaryRegion == Scene.From && !MayGoBack)
        {
            _stage.Break($"the primary leaves {Scene.From}, and the migration has not asked for that yet");
        }
    }

    /// <summary>The migration asks for the primary's move.</summary>
    private void Moves()
    {
        if (!InForce().Any(s => _percent >= s.Primary.MoveAtPercent || _percent == 100) && !MayGoBack)
        {
            _stage.Break(string.Create(CultureInfo.InvariantCulture, $"the primary is asked to leave {Scene.From} at {_percent}%, and spec.primary.moveAtPercent is {_spec!.Primary.MoveAtPercent}"));
        }

        if (HeldSince is { } held && _stage.Now - held > Notice)
        {
            _stage.Break("the primary is asked to move although the migration is held");
        }

        if (FailingGate(TimeSpan.FromSeconds(15)) is { } gate)
        {
            _stage.Break($"the primary is asked to move although {gate} has not been passing for 15 s");
        }
    }

    private bool Reached(int percent) => _git.Records.Keys.Where(IsSteered).All(r => _share(r) is { } share && share >= (percent / 100.0) - 0.012);

    private List<RegionMigrationSpec> InForce() => [.. _specs.Where(s => _stage.Now - s.Until <= Lately).Select(s => s.Spec).Append(_spec!)];

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
