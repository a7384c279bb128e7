using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Observation;

/// <summary>Who counts as healthy and close.</summary>
[TestFixture]
public class MemberHealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [TestCase(0, true)]
    [TestCase(5, true)]
    [TestCase(6, false)]
    [TestCase(null, false)]
    public void The_old_primary_counts_by_its_lag_while_the_new_one_still_sees_it_as_PRIMARY(int? lag, bool isClose)
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1")
            .With("a2", m => m with { State = MemberState.Primary, Lag = lag is { } seconds ? TimeSpan.FromSeconds(seconds) : null });

        Assert.That(MemberHealth.IsCloseAndHealthy(observed, observed.Member(Sets.Host("a2")), Limit), Is.EqualTo(isClose));
    }

    [Test]
    public void The_primary_itself_has_no_lag()
    {
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1").With("a1", m => m with { Lag = null });

        Assert.That(MemberHealth.IsCloseAndHealthy(observed, observed.Member(Sets.Host("a1")), Limit), Is.True);
    }
}
