using System.Globalization;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// Judges each change of Route 53's store as it is made: somebody always serves, and the shares of the regions change by steps of the
/// migration, by a roll-back that was asked for, or by an edit of a spec that nothing overrides. Never otherwise.
/// </summary>
internal sealed class TrafficJudge
{
    /// <summary>Weights are whole numbers of 255.</summary>
    private const double Blur = 0.012;

    private static readonly TimeSpan Propagation = TimeSpan.FromSeconds(15);

    /// <summary>How long after a look at rest the next one may come.</summary>
    private static readonly TimeSpan AtRest = TimeSpan.FromMinutes(5.5);

    private readonly Stage _stage;
    private readonly Git _git;
    private readonly WishJudge _wishes;
    private readonly Dictionary<string, Life> _records = [];

    public TrafficJudge(Stage stage, Git git, WishJudge wishes)
    {
        (_stage, _git, _wishes) = (stage, git, wishes);
        stage.Cluster.Route53.Applied += _ => Look();
        git.Committed += Learn;
        wishes.Claimed += () => _records.Values.ToList().ForEach(life => life.WeightsEdited = false);
    }

    /// <summary>The share of from and to that the new region has in Route 53's store, 0 to 1; null: neither has any.</summary>
    public double? Share(string record) => _records.GetValueOrDefault(record) is { } life ? ShareOf(life, life.Sets) : null;

    /// <summary>How far a share may be from what was asked for: weights are whole numbers, and where a third region has most of the 255 few are left for the two.</summary>
    public double BlurOf(string record) => _records.GetValueOrDefault(record) is { } life ? BlurOf(life, life.Sets) : Blur;

    /// <summary>Whoever has just changed sets by hand says so: it was not the operator, which learns of it when it looks next.</summary>
    public void ByHand(string record) => (_records[record].Sets, _records[record].ChangedAt) = (_stage.Weights(record), _stage.Now + AtRest);

    /// <summary>When Route 53's sets of a record changed last.</summary>
    public TimeSpan ChangedAt(string record) => _records.GetValueOrDefault(record)?.ChangedAt ?? TimeSpan.Zero;

    /// <summary>The share that a spec's weights would give.</summary>
    public double? Share(string record, WeightedDnsRecordSpec spec) =>
        ShareOf(_records[record], spec.Endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight, StringComparer.Ordinal));

    /// <summary>The weights of a record's spec were edited since the migration claimed it.</summary>
    private void Learn()
    {
        foreach (var (name, spec) in _git.Records)
        {
            if (!_records.TryGetValue(name, out var life))
            {
                _records[name] = life = new Life();
            }

            foreach (var endpoint in spec.Endpoints)
            {
                life.Regions.TryAdd(endpoint.SetIdentifier, endpoint.Region);
            }

            var weights = Stage.Words(spec.Endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight, StringComparer.Ordinal));
            life.WeightsEdited |= life.SpecWeights is not null && life.SpecWeights != weights;
            life.SpecWeights = weights;
        }
    }

    private void Look()
    {
        foreach (var (name, life) in _records)
        {
            var now = _stage.Weights(name);
            if (Stage.Words(now) != Stage.Words(life.Sets))
            {
                Judge(name, life, life.Sets, now);
                (life.Sets, life.ChangedAt) = (now, _stage.Now);
            }
        }
    }

    private void Judge(string name, Life life, IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after)
    {
        _stage.Log($"Route 53: {name} {Stage.Words(before)} -> {Stage.Words(after)}");
        var record = _stage.Record(name);
        var steered = _wishes.IsSteered(name);
        if (after.Count == 0)
        {
            if (steered || record is { Metadata.DeletionTimestamp: null } || record?.Spec.DeletionPolicy == "Retain")
            {
                _stage.Break($"D1SomeoneServes: every set of {name} was taken away, {Stage.Words(before)}");
            }

            return;
        }

        if (after.Values.Sum() == 0)
        {
            _stage.Break($"D1SomeoneServes: all weights of {name} are 0, before {Stage.Words(before)}");
            return;
        }

        if (HeldRecord(record) is { } held && _stage.Now - held > Propagation)
        {
            _stage.Break($"{name} changes although it is held: {Stage.Words(before)} -> {Stage.Words(after)}");
        }

        var (was, now) = (ShareOf(life, before), ShareOf(life, after));
        if (before.Count == 0 || was is null || (now is not null && Math.Abs(now.Value - was.Value) <= Blur / 4))
        {
            return;
        }

        if (now is null)
        {
            if (!steered && record is not null && Share(name, record.Spec) is null)
            {
                return;
            }

            _stage.Break($"neither region serves {name} any more: {Stage.Words(before)} -> {Stage.Words(after)}");
        }
        else if (steered)
        {
            Steered(name, was.Value, now.Value, BlurOf(life, after));
        }
        else if (record is not null && Unasked(name, life, record, was.Value, now.Value))
        {
            _stage.Break(string.Create(CultureInfo.InvariantCulture, $"nobody asked for it: the share of {Scene.To} in {name} goes from {was:P1} to {now:P1}, {Stage.Words(before)} -> {Stage.Words(after)}"));
        }
    }

    private void Steered(string name, double was, double now, double blur)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"the share of {Scene.To} in {name} goes from {was:P1} to {now:P1}");
        if (_wishes.HeldSince is { } held && _stage.Now - Later(held, _stage.CalmSince) > Propagation)
        {
            _stage.Break($"{what} although the migration is held");
        }

        if (now < was && !_wishes.MayGoBack)
        {
            _stage.Break($"{what}, and nobody asked for a way back");
        }
        else if (now > was && _wishes.StepShare is var step && now > step + blur && !(_wishes.MayGoBack && now <= (_wishes.OriginShare(name) ?? 0) + blur))
        {
            _stage.Break(string.Create(CultureInfo.InvariantCulture, $"{what}, beyond the step of {step:P0}"));
        }
        else if (now > was && _wishes.FailingGate(TimeSpan.FromSeconds(45)) is { } gate && !_wishes.MayGoBack)
        {
            _stage.Break($"D5GateFirst: {what} although {gate} has not been passing for 45 s");
        }
    }

    /// <summary>Nothing steers it: what an override left behind stays until its spec's weights are edited, else the spec counts.</summary>
    private bool Unasked(string name, Life life, WeightedDnsRecord record, double was, double now)
    {
        // A batch that was asked for a moment ago may be of the spec before, or of a migration that has just gone.
        if (_stage.Now - _wishes.ReleasedAt(name) <= Propagation)
        {
            return false;
        }

        var orphaned = record.Status?.Override is { Weights: not null };
        if (orphaned && !life.WeightsEdited && !_wishes.MayGoBack)
        {
            return true;
        }

        return Share(name, record.Spec) is { } wanted
            && !(now >= Math.Min(was, wanted) - Blur && now <= Math.Max(was, wanted) + Blur)
            && !life.WeightsEdited;
    }

    private TimeSpan? HeldRecord(WeightedDnsRecord? record)
    {
        var isHeld = record?.Metadata.Annotations?.ContainsKey(Annotations.Hold) == true;
        return isHeld ? Later(_wishes.HoldOf(record!.Metadata.Name) ?? _stage.Now, _stage.CalmSince) : null;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static double? ShareOf(Life life, IReadOnlyDictionary<string, int> weights)
    {
        var (from, to) = (In(Scene.From, life, weights), In(Scene.To, life, weights));
        return from + to == 0 ? null : to / (from + to);
    }

    private static double BlurOf(Life life, IReadOnlyDictionary<string, int> weights) =>
        In(Scene.From, life, weights) + In(Scene.To, life, weights) is var both && both > 0 ? Math.Max(Blur, 0.75 / both) : Blur;

    private static double In(string region, Life life, IReadOnlyDictionary<string, int> weights) => weights.Where(w => life.Regions.GetValueOrDefault(w.Key) == region).Sum(w => w.Value);

    private sealed class Life
    {
        public Dictionary<string, string?> Regions { get; } = new(StringComparer.Ordinal);

        public IReadOnlyDictionary<string, int> Sets { get; set; } = new Dictionary<string, int>();

        public TimeSpan ChangedAt { get; set; }

        public string? SpecWeights { get; set; }

        public bool WeightsEdited { get; set; }
    }
}
