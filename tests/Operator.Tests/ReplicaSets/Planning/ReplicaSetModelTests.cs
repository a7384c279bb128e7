using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Simulation;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>The model that plans are made on does to versions and terms what a primary does.</summary>
[TestFixture]
public class ReplicaSetModelTests
{
    [Test]
    public void A_reconfig_writes_the_primarys_term_into_what_somebody_forced()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3") with { Version = 40_000, Term = -1 }, "a1") with { Term = 7 };

        var after = ReplicaSetModel.After(observed, Arrange(observed.Config!.Version, observed.Config.Term));

        Assert.That((after.Config!.Version, after.Config.Term, after.Term), Is.EqualTo((40_001L, 7L, (long?)7)));
    }

    [Test]
    public void An_election_makes_a_new_term_of_set_and_configuration()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1");
        var step = new StepDown { Summary = "", PrimaryHost = Sets.Host("a1"), Term = 3, CatchUpSecs = 2, StepDownSecs = 30, Successors = [Sets.Host("a2")] };

        var after = ReplicaSetModel.After(observed, step);

        Assert.That((after.Primary, after.Term, after.Config!.Term, after.Config.Version), Is.EqualTo((Sets.Host("a2"), (long?)4, 4L, 5L)));
    }

    [Test]
    public void After_a_forced_reconfig_its_member_leads_a_new_term()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1") with { Primary = null };

        var after = ReplicaSetModel.After(observed, Arrange(5, 3) with { Force = true, RunOn = Sets.Host("a2") });

        Assert.That((after.Primary, after.Term, after.Config!.Term), Is.EqualTo((Sets.Host("a2"), (long?)4, 4L)));
        Assert.That(after.Config.Version, Is.GreaterThan(10_000));
    }

    private static Reconfig Arrange(long version, long term) => new()
    {
        Summary = "",
        Purpose = ReconfigPurpose.Arrange,
        RunOn = Sets.Host("a1"),
        BaseVersion = version,
        BaseTerm = term,
        Edits = [new MemberEdit(2, Sets.Host("a3")) { Priority = 0.5 }],
    };
}
