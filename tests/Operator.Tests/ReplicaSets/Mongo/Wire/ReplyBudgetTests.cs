using Modestano.Operator.ReplicaSets.Mongo.Wire;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo.Wire;

/// <summary>Hostile sets take no more memory than there is, and none that another set needs.</summary>
[Category("Hostile")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReplyBudgetTests
{
    private readonly ReplyBudget _budget = new(sure: 100, most: 1_000, together: 1_500);

    [Test]
    public void A_set_holds_no_more_than_its_most_and_all_of_it_again_in_its_next_observation()
    {
        var set = _budget.Open();
        set.Take(900, fields: 0);
        Assert.Throws<ReplyRefusedException>(() => set.Take(0, fields: 1));
        set.Take(100, fields: 0);
        set.Begin();
        Assert.DoesNotThrow(() => set.Take(1_000, fields: 0));
    }

    [Test]
    public void Whatever_others_hold_every_set_has_its_sure_share()
    {
        var hostile = Enumerable.Range(0, 3).Select(_ => _budget.Open()).ToList();
        hostile[0].Take(1_000, 0);
        Assert.That(Assert.Throws<ReplyRefusedException>(() => hostile[1].Take(1_000, 0))!.Message, Does.Contain("at the same time"));
        hostile[1].Take(700, 0);
        var healthy = _budget.Open();

        Assert.DoesNotThrow(() => healthy.Take(100, 0));
        Assert.Throws<ReplyRefusedException>(() => healthy.Take(1, 0));
        hostile[0].Begin();
        Assert.DoesNotThrow(() => healthy.Take(500, 0));
    }

    [Test]
    public void A_small_field_costs_what_it_becomes()
    {
        var set = ReplyBudget.Default().Open();
        Assert.Throws<ReplyRefusedException>(() => set.Take(1 << 20, fields: 500_000));
    }
}
