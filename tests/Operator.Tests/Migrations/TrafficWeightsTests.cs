using CsCheck;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

[TestFixture]
public sealed class TrafficWeightsTests
{
    [TestCase(0, 255, 0)]
    [TestCase(10, 229, 26)]
    [TestCase(50, 127, 128)]
    [TestCase(100, 0, 255)]
    public void Two_endpoints_share_255_parts(int percent, int old, int fresh)
    {
        var weights = TrafficWeights.For([Endpoint("old", "eu-west-1"), Endpoint("new", "eu-west-2")], Origin(("old", 255), ("new", 0)), "eu-west-1", "eu-west-2", percent, null);
        Assert.That((weights["old"], weights["new"]), Is.EqualTo((old, fresh)));
    }

    [Test]
    public void A_third_region_keeps_its_share()
    {
        EndpointSpec[] endpoints = [Endpoint("old", "eu-west-1"), Endpoint("new", "eu-west-2"), Endpoint("us", "us-east-1")];
        var weights = TrafficWeights.For(endpoints, Origin(("old", 100), ("new", 0), ("us", 100)), "eu-west-1", "eu-west-2", 100, null);
        Assert.That(weights["us"] / 255.0, Is.EqualTo(0.5).Within(0.005));
        Assert.That(weights["old"], Is.Zero);
    }

    [Test]
    public void Several_endpoints_of_the_new_region_are_split_as_the_spec_says()
    {
        EndpointSpec[] endpoints = [Endpoint("old", "eu-west-1"), Endpoint("big", "eu-west-2"), Endpoint("small", "eu-west-2")];
        var weights = TrafficWeights.For(endpoints, Origin(("old", 1)), "eu-west-1", "eu-west-2", 100, new Dictionary<string, int> { ["big"] = 2, ["small"] = 1 });
        Assert.That((weights["big"], weights["small"]), Is.EqualTo((170, 85)));
    }

    [Test]
    public void Every_share_is_within_half_a_percent_and_the_sum_is_right() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[1, 255].Array[1, 6], Gen.Int[1, 6], Gen.Int[0, 255].Array[0, 3]).Holds((percent, old, fresh, others) =>
        {
            var endpoints = old.Select((_, i) => Endpoint($"o{i}", "a")).Concat(Enumerable.Range(0, fresh).Select(i => Endpoint($"n{i}", "b"))).Concat(others.Select((_, i) => Endpoint($"x{i}", "c"))).ToList();
            var origin = old.Select((w, i) => ($"o{i}", w)).Concat(others.Select((w, i) => ($"x{i}", w))).ToArray();
            var weights = TrafficWeights.For(endpoints, Origin(origin), "a", "b", percent, null);
            var total = (double)(old.Sum() + others.Sum());

            Assert.That(weights.Values.Sum(), Is.EqualTo(255));
            Assert.That(weights.Values, Is.All.InRange(0, 255));
            for (var i = 0; i < old.Length; i++)
            {
                Assert.That(weights[$"o{i}"] / 255.0, Is.EqualTo(old[i] / total * (100 - percent) / 100).Within(0.005));
            }

            for (var i = 0; i < others.Length; i++)
            {
                Assert.That(weights[$"x{i}"] / 255.0, Is.EqualTo(others[i] / total).Within(0.005));
            }
        }, draws: 2000);

    private static EndpointSpec Endpoint(string id, string region) => new() { SetIdentifier = id, Region = region };

    private static Dictionary<string, int> Origin(params (string Id, int Weight)[] weights) => weights.ToDictionary(w => w.Id, w => w.Weight);
}
