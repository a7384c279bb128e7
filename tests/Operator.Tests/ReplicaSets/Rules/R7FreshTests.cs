using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R7: computed from what was read in the same pass, and sent to the primary.</summary>
public class R7FreshTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("From_the_configuration_in_force", Change(r => r));
        yield return Row.Broken("From_an_older_version", Change(r => r with { BaseVersion = 4 }), "computed from (version 4, term 3)");
        yield return Row.Broken("From_another_term", Change(r => r with { BaseTerm = 2 }), "computed from (version 5, term 2)");
        yield return Row.Broken("Sent_to_a_secondary", Change(r => r with { RunOn = Sets.Host("a2") }), "is not the primary");
        yield return Row.Kept("A_forced_one_runs_on_a_survivor", Change(r => r with { RunOn = Sets.Host("a2"), Force = true }));
        yield return Row.Broken("About_a_member_that_is_not_there", Change(r => r with { Edits = [new MemberEdit(7, Sets.Host("a7")) { Priority = 1 }] }), "no member has _id 7");
        yield return Row.Broken("About_an_id_that_another_host_has_now", Change(r => r with { Removals = [new MemberRemoval(1, Sets.Host("a9"))] }), "no member has _id 1 and host a9:27017");
    }

    [TestCaseSource(nameof(Cases))]
    public void R7(OnTrial trial, string? words) => Row.Assert(new R7Fresh(), trial, words);

    private static OnTrial Change(Func<Reconfig, Reconfig> how) => new() { From = Three, To = Three.With("a2", m => m with { Priority = 1 }), As = how };
}
