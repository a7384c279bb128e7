using CsCheck;
using Modestano.Operator.Dns.Weights;

namespace Modestano.Operator.Tests.Dns.Planning;

public sealed class WeightTests
{
    [TestCase(50, 128, 127)]
    [TestCase(10, 230, 25)]
    [TestCase(0, 255, 0)]
    [TestCase(100, 0, 255)]
    [TestCase(20, 204, 51)]
    public void A_percentage_becomes_whole_weights(int percent, int first, int second)
    {
        var weights = Shares.ToWeights(new Dictionary<string, double> { ["a"] = 1 - (percent / 100.0), ["b"] = percent / 100.0 });

        Assert.That((weights["a"], weights["b"]), Is.EqualTo((first, second)).Or.EqualTo((first - 1, second + 1)));
    }

    [Test]
    public void Weights_sum_to_255_and_shares_are_within_half_a_per_cent() =>
        Gen.Double[0, 1].Array[1, 100].Where(parts => parts.Sum() > 0.01).Holds(parts =>
        {
            var shares = parts.Select((p, i) => (Id: $"e{i}", Share: p / parts.Sum())).ToDictionary(e => e.Id, e => e.Share);
            var weights = Shares.ToWeights(shares);
            var made = Shares.Of(weights);
            Assert.That(weights.Values.Sum(), Is.EqualTo(255));
            Assert.That(shares.Keys.Select(id => Math.Abs(made[id] - shares[id])), Has.All.LessThan(0.005));
        });

    [Test]
    public void Shares_that_do_not_sum_to_one_are_refused_with_their_sum() =>
        Assert.That(() => Shares.ToWeights(new Dictionary<string, double> { ["a"] = 0.5 }), Throws.ArgumentException.With.Message.Contains("sum to 0.5"));

    [Test]
    public void A_path_arrives_and_no_step_moves_more_than_its_part() =>
        Gen.Select(Gen.Int[0, 255].Array[2, 8], Gen.Int[0, 255].Array[8], Gen.Int[1, 100]).Where(g => g.Item1.Sum() > 0 && g.Item2.Take(g.Item1.Length).Sum() > 0).Holds(g =>
        {
            var served = Named(g.Item1);
            var wanted = Named(g.Item2[..g.Item1.Length]);
            for (var steps = 0; served.Any(w => wanted[w.Key] != w.Value); steps++)
            {
                var next = WeightPath.Next(served, wanted, new Dictionary<string, int>(), g.Item3);
                Assert.That(next, Is.Not.Null);
                Assert.That(Shares.Moved(served, next!), Is.LessThanOrEqualTo((g.Item3 / 100.0) + WeightPath.Tolerance + 1e-9));
                Assert.That(steps, Is.LessThan(400), "it does not arrive");
                served = next!;
            }
        });

    private static IReadOnlyDictionary<string, int> Named(int[] weights) => weights.Select((w, i) => (Id: $"e{i}", Weight: w)).ToDictionary(e => e.Id, e => e.Weight);
}
