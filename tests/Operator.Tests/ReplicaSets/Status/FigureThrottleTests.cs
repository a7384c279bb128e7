using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Status;

namespace Modestano.Operator.Tests.ReplicaSets.Status;

public class FigureThrottleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly MongoReplicaSetStatus Before = Status("<1s", "24h");
    private static readonly MongoReplicaSetStatus Lagging = Status("2s", "24h");

    [Test]
    public void While_something_moves_figures_alone_are_written_every_thirty_seconds_and_states_at_once()
    {
        var otherState = Status("2s", "24h", healthy: false);

        Assert.That(Moving(Lagging, Now, Now.AddSeconds(29)), Is.SameAs(Before));
        Assert.That(Moving(Lagging, Now, Now.AddSeconds(30)), Is.SameAs(Lagging));
        Assert.That(Moving(otherState, Now, Now.AddSeconds(1)), Is.SameAs(otherState));
        Assert.That(Moving(Lagging, null, Now), Is.SameAs(Lagging), "after a restart the first status is written");
    }

    [Test]
    public void At_rest_a_figure_is_written_when_it_has_differed_for_ten_minutes()
    {
        var first = AtRest(Lagging, since: null, Now);
        var early = AtRest(Lagging, first.DifferSince, Now.AddMinutes(9.9));
        var late = AtRest(Lagging, early.DifferSince, Now.AddMinutes(10));

        Assert.That((first.Status, first.DifferSince), Is.EqualTo((Before, Now)));
        Assert.That((early.Status, early.DifferSince), Is.EqualTo((Before, Now)));
        Assert.That((late.Status, late.DifferSince), Is.EqualTo((Lagging, (DateTimeOffset?)null)));
    }

    [Test]
    public void At_rest_a_figure_that_goes_to_and_fro_is_not_written()
    {
        DateTimeOffset? since = null;
        for (var second = 0; second < 3600; second += 10)
        {
            var choice = AtRest(second % 60 == 0 ? Status("<1s", "24h") : Lagging, since, Now.AddSeconds(second));
            since = choice.DifferSince;
            Assert.That(choice.Status, Is.SameAs(Before));
        }
    }

    [Test]
    public void At_rest_a_state_is_written_at_once()
    {
        var otherState = Status("<1s", "24h", healthy: false);

        Assert.That(AtRest(otherState, since: null, Now).Status, Is.SameAs(otherState));
    }

    [TestCase("72h", 23.9, false)]
    [TestCase("72h", 24, true)]
    [TestCase("<1m", 0.16, false)]
    [TestCase("<1m", 0.17, true)]
    [TestCase("12h", 0.17, true)]
    public void At_rest_a_window_that_grew_is_written_after_a_day_and_one_that_shrank_after_ten_minutes(string window, double hours, bool isWritten)
    {
        var next = Status("<1s", window);
        var since = AtRest(next, since: null, Now).DifferSince;

        Assert.That(AtRest(next, since, Now.AddHours(hours)).Status, Is.SameAs(isWritten ? next : Before));
    }

    private static MongoReplicaSetStatus Moving(MongoReplicaSetStatus next, DateTimeOffset? written, DateTimeOffset now) =>
        FigureThrottle.Choose(Before, next, new ToldFigures(written, null), isAtRest: false, now).Status;

    private static FigureChoice AtRest(MongoReplicaSetStatus next, DateTimeOffset? since, DateTimeOffset now) =>
        FigureThrottle.Choose(Before, next, new ToldFigures(Now, since), isAtRest: true, now);

    private static MongoReplicaSetStatus Status(string lag, string window, bool healthy = true) => new()
    {
        Phase = ReplicaSetPhases.Settled,
        Summary = new ReplicaSetSummary { WorstLag = lag },
        Members = [new MemberStatus { Host = "a:1", Lag = lag, OplogWindow = window, Healthy = healthy }],
        Checks = [new CheckStatus { Name = "OplogWindow", Member = "a:1", Result = "Passed", Value = window }],
    };
}
