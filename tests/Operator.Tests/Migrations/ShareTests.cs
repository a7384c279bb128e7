using CsCheck;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Weights;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>
/// Migration and record together, each with the operator's own code: specs are edited, the migration vanishes and is made anew, and it is
/// turned back, all at random. Judged by each batch that reaches Route 53: every share stays between where it was and where it goes.
/// </summary>
[TestFixture]
public sealed class ShareTests
{
    private const string From = "eu-west-1";
    private const string To = "eu-west-2";
    private const string Third = "us-east-1";

    /// <summary>What whole weights cannot do exactly, in one endpoint and in a region of several.</summary>
    private const double Blur = 0.012;

    /// <summary>One thing that happens between passes; the number picks which and how much.</summary>
    private enum Act
    {
        Remove, Add, Rename, Reweigh, Vanish, Forget, Steps, Pace, RollBack, Nothing,
    }

    private static readonly Gen<Story> Stories = Gen.Select(
        Gen.Int[0, 255].Array[3, 7], Gen.Int[0, 60], Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 1000], Gen.Int[1, 15]).Array[1, 12],
        (weights, pace, acts) => new Story(weights, pace, acts));

    [Test]
    public void No_share_leaves_the_way_between_where_it_was_and_where_it_goes() =>
        Stories.Where(s => s.Weights.Where((_, i) => i % 3 == 0).Sum() > 0).Holds(story => new World(story).Play(), draws: 100, print: s => s.ToString());

    [Test]
    public void A_migration_made_anew_counts_an_endpoint_that_left_the_spec_in_its_region()
    {
        var world = new World(new Story([255, 0, 0, 255, 0, 0], 0, []));
        world.Until(85);
        world.Do(Act.Rename, 1);
        world.Do(Act.Vanish, 3);
        world.Run(60);

        Assert.That(world.Share, Is.EqualTo(0.85).Within(Blur).Or.EqualTo(1).Within(Blur));
    }

    private sealed record Story(int[] Weights, int Pace, (Act Act, int Which, int Passes)[] Acts)
    {
        public override string ToString() => $"{string.Join(' ', Weights)}, pace {Pace}: {string.Join(", ", Acts.Select(a => $"{a.Act} {a.Which} {a.Passes}"))}";
    }

    private sealed class World
    {
        private readonly MigrationStage _stage = new();
        private readonly SteeredRecord _steered;
        private readonly Story _story;
        private readonly List<string> _told = [];
        private bool _mayGoBack;
        private bool _isReweighed;
        private double _mostAsked;
        private int _fresh = 1;
        private int _lives = 1;

        public World(Story story)
        {
            _story = story;
            var record = _stage.Record!;
            record.Metadata.Uid = "u";
            record.Metadata.Generation = 1;
            record.Status = null;
            record.Spec = record.Spec with
            {
                Name = "shop.modestano.com",
                Ttl = 1,
                Endpoints = [.. story.Weights.Select((w, i) => Endpoint($"{Region(i)}-{i}", i % 3 == 1 ? 0 : w))],
                Shift = story.Pace == 0 ? null : new ShiftSpec { MaxStepPercent = story.Pace, Interval = Duration.FromSeconds(1) },
            };
            _stage.Migration.Spec = _stage.Migration.Spec with { TrafficSteps = Steps(85, 100) };
            _steered = _stage.Steered = new SteeredRecord(record);
            Apart(3);
            _steered.Changed += Judge;
        }

        /// <summary>The share of from and to that the new region serves.</summary>
        public double Share => ShareOf(_steered.Served);

        public void Play()
        {
            Run(5);
            foreach (var (act, which, passes) in _story.Acts)
            {
                Do(act, which);
                Run(passes);
            }

            Run(30);
            Assert.That(_told, Is.Empty, string.Join("\n", _told));
        }

        public void Until(int percent) => _stage.Until(s => s.Status.Step is { InSyncTime: not null } step && step.Percent == percent);

        public void Run(int passes)
        {
            for (var i = 0; i < passes; i++)
            {
                Pass();
            }
        }

        public void Do(Act act, int which)
        {
            var (record, before) = (_stage.Record!, Share);
            var endpoints = record.Spec.Endpoints.ToList();
            var i = which % endpoints.Count;
            switch (act)
            {
                case Act.Remove when endpoints.Count > 1:
                    endpoints.RemoveAt(i);
                    break;
                case Act.Add when endpoints.Count < 12:
                    endpoints.Add(Endpoint($"{Region(which)}-new-{_fresh++}", which % 256));
                    break;
                case Act.Rename:
                    endpoints[i] = endpoints[i] with { SetIdentifier = $"{endpoints[i].Region}-named-{_fresh++}" };
                    break;
                // A person's word on the shares, which counts as soon as no migration lives.
                case Act.Reweigh when _stage.Status.Override is not null:
                    endpoints[i] = endpoints[i] with { Weight = which % 256 };
                    break;
                case Act.Vanish:
                    Anew(which % 4);
                    break;
                case Act.Forget when _stage.Phase is not (MigrationPhases.RollingBack or MigrationPhases.RolledBack):
                    _stage.Migration.Status = null;
                    break;
                case Act.Steps:
                    _stage.Migration.Spec = _stage.Migration.Spec with { TrafficSteps = Steps(1 + (which % 99), 100) };
                    break;
                case Act.Pace:
                    record.Spec = record.Spec with { Shift = which % 2 == 0 ? null : new ShiftSpec { MaxStepPercent = 1 + (which % 60), Interval = Duration.FromSeconds(1) } };
                    break;
                case Act.RollBack when which % 4 == 0:
                    _mayGoBack = true;
                    _stage.Annotate(Annotations.RollBack, "orders fail");
                    break;
                default:
                    return;
            }

            record.Spec = record.Spec with { Endpoints = endpoints };
            record.Metadata.Generation++;
            _isReweighed |= act is Act.Reweigh;
            if (!_isReweighed)
            {
                Assert.That(Share, Is.EqualTo(before).Within(1e-9), $"{act} {which} moves traffic");
            }
        }

        /// <summary>The migration goes without a word, and GitOps makes it again.</summary>
        private void Anew(int passesBetween)
        {
            Apart(passesBetween);
            _mayGoBack = false;
            var old = _stage.Migration;
            _stage.Migration = new RegionMigration { Metadata = new() { Name = old.Metadata.Name, NamespaceProperty = "shop", Uid = $"uid-{++_lives}", CreationTimestamp = _stage.Now.UtcDateTime }, Spec = old.Spec };
        }

        private void Apart(int passes)
        {
            for (var i = 0; i < passes; i++)
            {
                _steered.Pass(null, _stage.Now);
                _stage.Now += TimeSpan.FromSeconds(1);
            }
        }

        private void Pass()
        {
            _stage.Pass();
            _mostAsked = Math.Max((_stage.Status.Step?.Percent ?? 0) / 100.0, Share);
        }

        private void Judge(SteeredRecord.Batch batch)
        {
            var what = $"{_stage.Phase} {_stage.Status.Step?.Percent}%: {Words(batch.Before)} -> {Words(batch.After)} on the way to {Words(batch.Wanted)}";
            if (batch.After.Values.Sum() == 0)
            {
                _told.Add($"nobody serves, {what}");
                return;
            }

            if (batch.Before.Values.Sum() == 0 || batch.Latch is null)
            {
                return;
            }

            foreach (var (name, of) in batch.Before.Keys.Union(batch.After.Keys).Select(id => (id, (Func<IReadOnlyDictionary<string, int>, double>)(w => Shares.Of(w).GetValueOrDefault(id))))
                .Append((To, w => Shares.Of(w).Where(s => s.Key.StartsWith(To, StringComparison.Ordinal)).Sum(s => s.Value))).Append((Third, w => Shares.Of(w).Where(s => s.Key.StartsWith(Third, StringComparison.Ordinal)).Sum(s => s.Value))))
            {
                var (was, now, goal) = (of(batch.Before), of(batch.After), of(batch.Wanted));
                if (now < Math.Min(was, goal) - Blur || now > Math.Max(was, goal) + Blur)
                {
                    _told.Add($"the share of {name} leaves its way, {what}");
                }
            }

            if (!batch.Immediate && _stage.Record!.Spec.Shift is { } pace && Shares.Moved(Both(batch.Before, batch.After), Both(batch.After, batch.Before)) > (pace.MaxStepPercent / 100.0) + WeightPath.Tolerance + 1e-9)
            {
                _told.Add($"more than {pace.MaxStepPercent}% at once, {what}");
            }

            // Of all traffic: where a third region has most of it, whole weights are coarse for the other two.
            var moving = Shares.Of(batch.After).Where(s => !s.Key.StartsWith(Third, StringComparison.Ordinal)).Sum(s => s.Value);
            if (!_mayGoBack && moving * ShareOf(batch.After) < (moving * ShareOf(batch.Before)) - Blur)
            {
                _told.Add($"traffic goes back and nobody asked for it, {what}");
            }

            if (moving * ShareOf(batch.After) > (moving * Math.Max(_mostAsked, (_stage.Status.Step?.Percent ?? 0) / 100.0)) + Blur)
            {
                _told.Add($"beyond the step, {what}");
            }
        }

        private static Dictionary<string, int> Both(IReadOnlyDictionary<string, int> one, IReadOnlyDictionary<string, int> other) =>
            one.Keys.Union(other.Keys).ToDictionary(id => id, id => one.GetValueOrDefault(id));

        private static string Words(IReadOnlyDictionary<string, int> weights) => Operator.Dns.Decision.DnsPlanner.Words(weights);

        private static double ShareOf(IReadOnlyDictionary<string, int> weights)
        {
            double In(string region) => weights.Where(w => w.Key.StartsWith(region, StringComparison.Ordinal)).Sum(w => w.Value);
            return In(From) + In(To) is > 0 and var both ? In(To) / both : 0;
        }

        private static string Region(int i) => (i % 3) switch { 0 => From, 1 => To, _ => Third };

        private static EndpointSpec Endpoint(string id, int weight) => new() { SetIdentifier = id, Region = id[..9], Weight = weight, Values = [$"192.0.2.{id.Sum(c => c) % 250}"] };

        private static IReadOnlyList<TrafficStep> Steps(params int[] percents) => [.. percents.Distinct().Select(p => new TrafficStep { Percent = p, Hold = Duration.FromSeconds(5) })];
    }
}
