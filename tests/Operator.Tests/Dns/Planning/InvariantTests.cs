using CsCheck;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Weights;
using static Modestano.Operator.Tests.Dns.Planning.Group;

namespace Modestano.Operator.Tests.Dns.Planning;

/// <summary>D1 to D6 on random groups, wishes, health and policies: each step keeps them, and with good health the wish is reached.</summary>
public sealed class InvariantTests
{
    private static readonly string[] Ids = ["a", "b", "c", "d"];

    private sealed record World(ObservedGroup Observed, DesiredGroup Desired, ShiftPolicy Policy, IReadOnlyList<string> Foreign);

    private static readonly Gen<World> Worlds =
        from servedIds in Gen.Bool.Array[4]
        from servedWeights in Gen.OneOf(Gen.Const(0), Gen.Int[0, 255]).Array[4]
        from wantedIds in Gen.Bool.Array[4]
        from wantedWeights in Gen.OneOf(Gen.Const(0), Gen.Int[0, 255]).Array[4]
        from foreign in Gen.Frequency((3, Gen.Const(-1)), (1, Gen.Int[0, 3]))
        from health in Gen.OneOf(Gen.Const(-1), Gen.Int[0, 2]).Array[4]
        from percent in Gen.Int[1, 100]
        from shift in Gen.Bool
        from fence in Gen.Bool
        from immediate in Gen.Bool
        let served = Ids.Where((_, i) => servedIds[i]).Select(id => (id, servedWeights[Array.IndexOf(Ids, id)])).ToArray()
        let wanted = Ids.Where((id, i) => wantedIds[i] && i != foreign).Select(id => (id, wantedWeights[Array.IndexOf(Ids, id)])).ToArray()
        where wanted.Length > 0
        let marked = Served(served)
        select new World(
            marked with
            {
                Marks = [.. marked.Marks.Where(m => foreign < 0 || m.SetIdentifier != Ids[foreign])],
                Health = Ids.Where((_, i) => health[i] >= 0).ToDictionary(id => id, id => (EndpointHealth)health[Array.IndexOf(Ids, id)]),
            },
            Wanted(wanted) with { Fence = fence },
            new ShiftPolicy { MaxStepPercent = shift ? percent : null, Interval = TimeSpan.FromMinutes(1), Immediate = immediate },
            foreign < 0 ? [] : [Ids[foreign]]);

    [Test]
    public void No_step_breaks_an_invariant() => Worlds.Holds(w => { Walk(w); }, draws: 1500);

    [Test]
    public void With_every_endpoint_healthy_the_wish_is_reached() => Worlds
        .Where(w => w.Foreign.Count == 0 && w.Desired.Sets.Any(s => s.Weight > 0))
        .Holds(w => Assert.That(Walk(w with { Observed = w.Observed with { Health = new Dictionary<string, EndpointHealth>() } }), Is.InstanceOf<Settled>()), draws: 500);

    private static DnsDecision Walk(World world)
    {
        var (group, now) = (world.Observed, Now);
        for (var steps = 0; steps < 500; steps++)
        {
            var plan = DnsPlanner.Next(new(group, world.Desired, world.Policy, now));
            switch (plan.Decision)
            {
                case Step step:
                    var after = Apply(group, step.Changes);
                    Check(world, group, after, step);
                    group = after with { Change = new ObservedChange(ChangeState.InSync, now, now) };
                    break;
                case Wait { Until: { } until }:
                    now = until;
                    break;
                default:
                    return plan.Decision;
            }
        }

        throw new AssertionException("500 steps were not enough");
    }

    private static void Check(World world, ObservedGroup before, ObservedGroup after, Step step)
    {
        var (was, will) = (Weights(before), Weights(after));
        // Others' all-zero sets serve equally until anybody gets weight: no step of ours can be small then.
        var moved = was.Count > 0 && !(world.Foreign.Count > 0 && was.Values.Sum() == 0) ? Shares.Moved(was, will) : 0;
        Assert.That(will.Values.Sum(), Is.Positive, "D1: somebody has weight");
        if (moved > 0)
        {
            Assert.That(will.Where(w => w.Value > 0).Any(w => before.Health.GetValueOrDefault(w.Key, EndpointHealth.Healthy) != EndpointHealth.Unhealthy), "D1: not only the unhealthy");
        }

        if (world.Policy is { Immediate: false, MaxStepPercent: { } percent })
        {
            Assert.That(moved, Is.LessThanOrEqualTo((percent / 100.0) + WeightPath.Tolerance + 1e-9), "D2");
        }

        Assert.That(step.Changes.Select(c => c.Set.SetIdentifier), Has.None.Matches<string>(id => world.Foreign.Contains(id)), "D3: others' sets are not touched");
        Assert.That(CompareAndSwap.TooLarge(step.Changes), Is.Null, "D4");
        if (moved > 0)
        {
            var risen = Shares.Of(will).Where(s => s.Value > Shares.Of(was).GetValueOrDefault(s.Key) + 0.001).Select(s => s.Key);
            Assert.That(risen.Select(id => before.Health.GetValueOrDefault(id, EndpointHealth.Healthy)), Has.All.EqualTo(EndpointHealth.Healthy), "D5");
        }

        if (world.Desired.Fence)
        {
            Assert.That(after.Sets.Where(s => s.Weight == 0 && world.Desired.Sets.Any(d => d.SetIdentifier == s.SetIdentifier && d.Weight == 0)), Is.Empty, "D6: fenced at 0 is gone");
        }
    }
}
