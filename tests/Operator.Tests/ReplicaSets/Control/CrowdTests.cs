using Modestano.Operator.ReplicaSets.Control;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

/// <summary>Whose sets are looked at more seldom when too many wait.</summary>
[Category("Hostile")]
public sealed class CrowdTests
{
    private const int Most = 256;

    [Test]
    public void A_namespace_whose_members_never_answer_makes_no_crowd_of_others()
    {
        var crowd = new Crowd(Most);
        crowd.Add("mallory", sets: 1000, members: 5000);
        crowd.Add("shop", sets: 1, members: 6);

        Assert.That((crowd.Holds("mallory"), crowd.Holds("shop")), Is.EqualTo((true, false)));
    }

    [Test]
    public void An_outage_of_a_thousand_sets_is_a_crowd_however_many_namespaces_they_are_in([Values(1, 10, 500)] int namespaces)
    {
        var crowd = new Crowd(Most);
        for (var i = 0; i < 1000; i++)
        {
            crowd.Add($"{i % namespaces}", sets: 1, members: 6);
        }

        Assert.That(Enumerable.Range(0, namespaces).All(i => crowd.Holds($"{i}")), Is.True);
        Assert.That(crowd.SetsInTurn("0"), Is.EqualTo(1000), "as many have their turn before one has it again");
    }

    [Test]
    public void Who_waits_no_more_is_not_counted()
    {
        var crowd = new Crowd(Most);
        crowd.Add("shop", sets: 1, members: 300);
        Assert.That(crowd.Holds("shop"), Is.True);
        crowd.Add("shop", sets: -1, members: -300);
        Assert.That((crowd.Holds("shop"), crowd.SetsInTurn("shop")), Is.EqualTo((false, 0)));
    }
}
