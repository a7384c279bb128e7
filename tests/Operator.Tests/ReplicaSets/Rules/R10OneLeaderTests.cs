using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R10, the planner's share: a step-down is for one primary in one term.</summary>
public class R10OneLeaderTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("The_primary_in_its_term", new() { From = Three, Step = Steps.Down("a1", "a2") });
        yield return Row.Broken("A_primary_of_another_term", new() { From = Three, Step = Steps.Down("a1", "a2") with { Term = 2 } }, "was decided for a1:27017 in term 2; the primary is a1:27017 in term 3");
        yield return Row.Broken("Another_primary", new() { From = Three, Step = Steps.Down("a2", "a3") }, "was decided for a2:27017");
        yield return Row.Broken("No_primary", new() { From = Three, Step = Steps.Down("a1", "a2"), Seen = o => o with { Primary = null } }, "the primary is none");
        yield return Row.Kept("A_reconfig_is_for_R7_to_judge", new() { From = Three, To = Three.With("a2", m => m with { Priority = 1 }) });
    }

    [TestCaseSource(nameof(Cases))]
    public void R10(OnTrial trial, string? words) => Row.Assert(new R10OneLeader(), trial, words);
}
