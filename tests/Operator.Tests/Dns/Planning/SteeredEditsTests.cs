using CsCheck;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Overrides;

namespace Modestano.Operator.Tests.Dns.Planning;

/// <summary>
/// Specs edited at random while a migration has the record, judged by what Route 53 would answer: who answers and with which weight changes
/// by a step that the migration asked for, and by nothing else.
/// </summary>
public sealed class SteeredEditsTests
{
    private const string From = "eu-west-1";
    private const string To = "eu-west-2";
    private const string Third = "us-east-1";

    /// <summary>One thing that happens; the number picks which endpoint and how much.</summary>
    private enum Act
    {
        Step, RollBack, Hold, GoOn, Forbid, Vanish, Remove, Add, Rename, SwapValues, NewValues, NewCheck, Reweigh, ChangeTtl,
    }

    private static readonly Gen<(Act Act, int Which)[]> Stories = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 1000]).Array[5, 30];

    [Test]
    public void Who_answers_changes_by_a_step_only_whatever_is_edited() => Stories.Holds(
        story =>
        {
            var stage = new Stage();
            foreach (var (act, which) in story)
            {
                stage.Play(act, which);
            }
        },
        draws: 1000,
        print: story => string.Join(", ", story.Select(s => $"{s.Act} {s.Which}")));

    [Test]
    public void The_story_of_the_revert_at_eighty_per_cent_moves_nothing()
    {
        var stage = new Stage();
        stage.Play(Act.Step, 80);

        stage.Play(Act.Remove, 2);
        stage.Play(Act.Add, 0);
        stage.Play(Act.Rename, 0);

        Assert.That(stage.Serving, Is.EqualTo("ireland:34 192.0.2.1, ireland-b:12 192.0.2.2, london:184 192.0.2.3, virginia:25 192.0.2.4"));
    }

    /// <summary>A record with its zone and a migration, and the judge.</summary>
    private sealed class Stage
    {
        private readonly WeightedDnsRecord _record = new()
        {
            Metadata = new() { Name = "shop", NamespaceProperty = "shop", Uid = "u", Generation = 1 },
            Spec = new()
            {
                Name = "shop.modestano.com",
                Endpoints =
                [
                    Endpoint("ireland", From, 170, "192.0.2.1"), Endpoint("ireland-b", From, 60, "192.0.2.2"), Endpoint("london", To, 0, "192.0.2.3"), Endpoint("virginia", Third, 25, "192.0.2.4"),
                ],
            },
        };

        private readonly IReadOnlyList<EndpointSpec> _origin;
        private ObservedGroup _group = new([], [], new Dictionary<string, EndpointHealth>(), null);
        private DateTimeOffset _now = Group.Now;
        private MigrationClaim? _claim;
        private bool _isStepOpen;
        private bool _isReweighed;
        private bool _isOver;
        private int _fresh = 10;

        public Stage()
        {
            _origin = _record.Spec.Endpoints;
            Settle();
            Assert.That(Serving, Is.EqualTo("ireland:170 192.0.2.1, ireland-b:60 192.0.2.2, virginia:25 192.0.2.4"));
            Ask(Weights(0));
            Settle();
        }

        /// <summary>Who answers: identifier, weight, values, health check.</summary>
        public string Serving => string.Join(", ", _group.Sets.Where(s => s.Weight > 0).OrderBy(s => s.SetIdentifier, StringComparer.Ordinal)
            .Select(s => $"{s.SetIdentifier}:{s.Weight} {string.Join(' ', s.Values ?? [])}{(s.HealthCheckId is { } check ? $" {check}" : "")}"));

        public void Play(Act act, int which)
        {
            if (_isOver)
            {
                return;
            }

            var (before, weights) = (Serving, Served);
            switch (act)
            {
                case Act.Step when _claim is not null:
                    Ask(Weights(which % 101));
                    break;
                case Act.RollBack when _claim is not null:
                    Ask(Weights(0), immediate: true);
                    break;
                case Act.Hold when _claim is not null:
                    _claim = _claim with { Hold = true, PermittedUntil = null, Revision = _claim.Revision + 1 };
                    break;
                case Act.GoOn when _claim is not null:
                    _claim = _claim with { Hold = false, PermittedUntil = DateTime.MaxValue.AddYears(-1), Revision = _claim.Revision + 1 };
                    break;
                case Act.Forbid when _claim is not null:
                    _claim = _claim with { PermittedUntil = null };
                    break;
                case Act.Vanish when which % 4 == 0:
                    _claim = null;
                    break;
                default:
                    Edit(act, which);
                    break;
            }

            Settle();
            if (_claim is null && _record.Status!.Override is null)
            {
                // The spec alone decides again: it said what was reached, or somebody had edited its weights.
                Assert.That(_isReweighed || Served.Where(w => w.Value > 0).All(w => weights[w.Key] == w.Value), $"{act} {which} moved traffic");
                _isOver = true;
            }
            else if (_claim is null)
            {
                Assert.That(Serving, Is.EqualTo(before), $"{act} {which} moved traffic after the migration was gone");
            }
            else if (!_isStepOpen)
            {
                Assert.That(Serving, Is.EqualTo(before), $"{act} {which} moved traffic without a step");
            }
            else if (_claim is { Hold: false, PermittedUntil: not null })
            {
                Assert.That(Served.Where(w => w.Value > 0), Is.EquivalentTo(_claim.Values.Weights!.Where(w => w.Value > 0)), "the step is reached");
                _isStepOpen = false;
            }
            else
            {
                Assert.That(Serving, Is.EqualTo(before), "nothing moves while it is held or not permitted");
            }
        }

        private IReadOnlyDictionary<string, int> Served => _group.Sets.ToDictionary(s => s.SetIdentifier!, s => s.Weight ?? 0);

        private void Ask(IReadOnlyDictionary<string, int> weights, bool immediate = false)
        {
            _isStepOpen |= _claim is not null && !Asks.SameWeights(weights, _claim.Values.Weights!);
            _claim = new MigrationClaim("to-london", "m", DateTime.UnixEpoch, (_claim?.Revision ?? 0) + 1, new OverrideValues(null, null, weights), false, immediate, DateTime.MaxValue.AddYears(-1), false);
        }

        private IReadOnlyDictionary<string, int> Weights(int percent) => percent == 0
            ? _origin.ToDictionary(e => e.SetIdentifier, e => e.Weight)
            : TrafficWeights.For(_origin, _origin.ToDictionary(e => e.SetIdentifier, e => e.Weight), From, To, percent, null);

        private void Edit(Act act, int which)
        {
            var endpoints = _record.Spec.Endpoints.ToList();
            var i = which % endpoints.Count;
            switch (act)
            {
                case Act.Remove when endpoints.Count > 1:
                    endpoints.RemoveAt(i);
                    break;
                case Act.Add when endpoints.Count < 12:
                    endpoints.Add(Endpoint($"new-{_fresh}", which % 3 == 0 ? From : which % 3 == 1 ? To : Third, 1 + (which % 255), $"192.0.2.{_fresh++}"));
                    break;
                case Act.Rename:
                    endpoints[i] = endpoints[i] with { SetIdentifier = $"{endpoints[i].SetIdentifier}-{_fresh++}" };
                    break;
                case Act.SwapValues:
                    var other = (i + 1) % endpoints.Count;
                    (endpoints[i], endpoints[other]) = (endpoints[i] with { Values = endpoints[other].Values }, endpoints[other] with { Values = endpoints[i].Values });
                    break;
                case Act.NewValues:
                    endpoints[i] = endpoints[i] with { Values = [$"192.0.2.{_fresh++}"] };
                    break;
                case Act.NewCheck:
                    endpoints[i] = endpoints[i] with { HealthCheckId = which % 2 == 0 ? null : $"check-{_fresh++}" };
                    break;
                case Act.Reweigh when _claim is not null:
                    endpoints[i] = endpoints[i] with { Weight = which % 256 };
                    break;
                case Act.ChangeTtl:
                    _record.Spec = _record.Spec with { Ttl = 30 + (which % 300) };
                    break;
            }

            _isReweighed |= act is Act.Add or Act.Remove or Act.Rename or Act.Reweigh;
            _record.Spec = _record.Spec with { Endpoints = endpoints };
            _record.Metadata.Generation++;
        }

        /// <summary>Passes of the operator until nothing is left to do.</summary>
        private void Settle()
        {
            for (var pass = 0; pass < 40; pass++)
            {
                var latched = _record.Status?.Override;
                var decision = OverrideLatch.Decide(latched, _claim is null ? [] : [_claim], _claim is not null, OverriddenSpec.Of(_record.Spec));
                _record.Status = new WeightedDnsRecordStatus { Override = decision.Latch };
                if (decision.MustLatchFirst)
                {
                    continue;
                }

                var policy = new ShiftPolicy
                {
                    Held = decision.Hold ? "held" : null,
                    Immediate = decision.Immediate,
                    Steered = decision.Latch?.Weights is not null,
                    PermittedUntil = decision.PermittedUntil is { } until ? new DateTimeOffset(until, TimeSpan.Zero) : null,
                };
                var desired = DesiredGroup.Of(_record, decision.Latch, Served, new RecordClaim(Group.Owner, [], null, false));
                if (DnsPlanner.Next(new(_group, desired, policy, _now)).Decision is not Step step)
                {
                    return;
                }

                _group = Group.Apply(_group, step.Changes) with { Change = new ObservedChange(ChangeState.InSync, _now, _now) };
                _now += TimeSpan.FromHours(2);
            }

            throw new AssertionException("40 passes were not enough");
        }

        private static EndpointSpec Endpoint(string id, string region, int weight, string value) => new() { SetIdentifier = id, Region = region, Weight = weight, Values = [value] };
    }
}
