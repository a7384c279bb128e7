using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R6: force only under a permit that fits, once, and while nobody sees a primary.</summary>
public class R6NoForceTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");
    private static readonly RecoveryPermit Permit = new(5, 3, [Sets.Host("a2"), Sets.Host("a3")]);

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("A_usual_reconfig_needs_no_permit", Forced(null) with { As = r => r, To = Three.With("a2", m => m with { Priority = 1 }) });
        yield return Row.Kept("With_a_permit_that_fits", Forced(Permit));
        yield return Row.Broken("Without_a_permit", Forced(null), "no permit");
        yield return Row.Broken("For_another_version", Forced(Permit with { ConfigVersion = 6 }), "no permit for configuration (version 5, term 3)");
        yield return Row.Broken("For_another_term", Forced(Permit with { ConfigTerm = 4 }), "no permit");
        yield return Row.Broken("A_second_time", Forced(Permit) with { History = PlanningHistory.Empty with { RecoveryUsed = true } }, "the permit has been used");
        yield return Row.Broken("While_there_is_a_primary", Forced(Permit) with { Seen = o => Lost(o) with { Primary = Sets.Host("a1") } }, "somebody sees a primary");
        yield return Row.Broken("While_a_member_sees_a_primary", Forced(Permit) with { Seen = o => Lost(o) with { PrimaryViews = [new PrimaryView(Sets.Host("a1"), Sets.Host("a3"), 3)] } }, "somebody sees a primary");
        yield return Row.Broken("While_a_silent_voter_is_not_attested", Forced(Permit with { FencedHosts = [Sets.Host("a2")] }), "a3:27017 is not attested to be stopped and does not answer");
        yield return Row.Broken("While_an_attested_voter_answers", Forced(Permit) with { Seen = o => Lost(o).With("a2", m => m with { Reachable = true, OwnStatus = OwnStatus.Member }) }, "a2:27017 is attested to be stopped and answers");
        yield return Row.Broken("While_a_member_answers_and_tells_nothing", Forced(Permit) with { Seen = o => Lost(o).With("a1", m => m with { OwnStatus = OwnStatus.LoginRequired }) }, "does not tell what it sees");
    }

    [TestCaseSource(nameof(Cases))]
    public void R6(OnTrial trial, string? words) => Row.Assert(new R6NoForce(), trial, words);

    private static OnTrial Forced(RecoveryPermit? permit) => new()
    {
        From = Three,
        To = Three.With("a2", Sets.Joined).With("a3", Sets.Joined),
        As = r => r with { Force = true },
        Policy = Sets.Policy with { Recovery = permit },
        Seen = Lost,
    };

    private static ObservedReplicaSet Lost(ObservedReplicaSet observed) =>
        observed.With("a2", m => new ObservedMember { Host = m.Host }).With("a3", m => new ObservedMember { Host = m.Host }) with { Primary = null, PrimaryViews = [new PrimaryView(Sets.Host("a1"), null, 3)] };
}
