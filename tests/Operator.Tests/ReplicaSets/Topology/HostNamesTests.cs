using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Topology;

/// <summary>Two ways to write one address are one member.</summary>
public class HostNamesTests
{
    [TestCase("Mongo-1.Example:27017", "mongo-1.example:27017")]
    [TestCase("mongo-1.example.:27017", "mongo-1.example:27017")]
    [TestCase("[2001:DB8:0:0:0:0:0:7]:27017", "[2001:db8::7]:27017")]
    [TestCase("[2001:0db8::0007]:27017", "[2001:db8::7]:27017")]
    public void Mean_the_same(string one, string other)
    {
        Assert.That(HostNames.Same(one, other), Is.True);
        Assert.That(HostNames.Comparer.GetHashCode(one), Is.EqualTo(HostNames.Comparer.GetHashCode(other)));
    }

    [TestCase("mongo-1.example:27017", "mongo-1.example:27018")]
    [TestCase("mongo-1.example:27017", "mongo-10.example:27017")]
    [TestCase("[2001:db8::7]:27017", "[2001:db8::70]:27017")]
    [TestCase("127.0.0.1:27017", "127.0.0.10:27017")]
    public void Do_not_mean_the_same(string one, string other) => Assert.That(HostNames.Same(one, other), Is.False);

    [Test]
    public void A_host_of_the_spec_is_spelt_as_the_configuration_spells_it_wherever_it_is_named()
    {
        var spec = Sets.Topology("a", [Sets.Wanted("a1") with { Host = "A1:27017" }, Sets.Wanted("a2") with { Host = "a2.:27017" }, Sets.Wanted("a3")]);

        var spelt = spec.SpelledAs(Sets.Config("a1", "a2"));

        Assert.That(spelt.Members.Select(m => m.Host), Is.EqualTo(new[] { "a1:27017", "a2:27017", "a3:27017" }));
        Assert.That(spelt.Regions.Keys, Is.EquivalentTo(new[] { "a1:27017", "a2:27017", "a3:27017" }));
        Assert.That(RestPlan.For(spelt, Sets.Config("a1", "a2")).Problem, Is.Null);
    }

    [Test]
    public void A_host_listed_twice_in_two_spellings_is_listed_twice()
    {
        var spec = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("a3") with { Host = "A1:27017" }]);

        Assert.That(RestPlan.For(spec, null).Problem, Does.Contain("listed 2 times"));
    }
}
