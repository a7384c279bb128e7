using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R11: a set that is not ours waits for a person, and every reconfig leaves our mark.</summary>
public class R11OneOwnerTests
{
    private static readonly ReplicaSetConfig Ours = Sets.Rested('a', "a1", "a2", "a3");
    private static readonly ReplicaSetConfig Nobodys = Ours with { Members = [.. Ours.Members.Select(m => m with { Tags = new Dictionary<string, string>() })] };
    private static readonly ReplicaSetConfig Theirs = Ours with { Members = [.. Ours.Members.Select(m => m with { Tags = new Dictionary<string, string> { [TagNames.Owner] = "other/shop/marketplace" } })] };
    private static readonly PlanningPolicy Manual = Sets.Policy with { AdoptionNeedsApproval = true };
    private static readonly PlanningPolicy Following = Manual with { MayFollow = ["other/shop/marketplace"] };
    private static readonly PlanningHistory Approved = PlanningHistory.Empty with { PlanApproved = true };

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("A_set_of_ours", new() { From = Ours, To = Ours.With("a2", m => m with { Priority = 1 }), Policy = Manual });
        yield return Row.Broken("A_set_of_nobodys_without_approval", new() { From = Nobodys, To = Ours, Policy = Manual }, "no plan was approved");
        yield return Row.Broken("A_set_of_somebody_elses_without_approval", new() { From = Theirs, To = Ours, Policy = Following }, "no plan was approved");
        yield return Row.Kept("Approved_it_is_taken_over", new() { From = Theirs, To = Ours, Policy = Following, History = Approved });
        yield return Row.Broken("An_approval_takes_over_no_set_whose_owner_may_not_be_followed", new() { From = Theirs, To = Ours, Policy = Manual, History = Approved }, "nobody lets this object follow");
        yield return Row.Broken("Nothing_is_forced_on_a_set_whose_owner_may_not_be_followed", new() { From = Theirs, To = Ours, As = r => r with { Force = true }, Policy = Manual, History = Approved }, "nobody lets this object follow");
        yield return Row.Kept("Automatic_adoption_asks_nobody", new() { From = Nobodys, To = Ours });
        yield return Row.Broken("Automatic_adoption_takes_nothing_from_another_owner", new() { From = Theirs, To = Ours, Policy = Sets.Policy with { MayFollow = Following.MayFollow } }, "no plan was approved");
        yield return Row.Broken("Automatic_adoption_takes_no_set_of_which_a_part_is_another_owners", new() { From = Ours.With("a3", m => m with { Tags = Theirs.Members[2].Tags }), To = Ours, Policy = Sets.Policy with { MayFollow = Following.MayFollow } }, "no plan was approved");
        yield return Row.Broken("A_set_with_two_owners_is_not_ours", new() { From = Ours.With("a3", m => m with { Tags = Theirs.Members[2].Tags }), To = Ours, Policy = Following }, "no plan was approved");
        yield return Row.Broken("A_reconfig_that_leaves_no_mark", new() { From = Nobodys, To = Nobodys.With("a2", m => m with { Priority = 1 }), History = Approved }, "would be left without our owner tag");
        yield return Row.Kept("An_arbiter_bears_no_mark", new() { From = Nobodys.With("a3", m => m with { ArbiterOnly = true, Priority = 0 }), To = Ours.With("a3", m => m with { ArbiterOnly = true, Priority = 0, Tags = new Dictionary<string, string>() }) });
        yield return Row.Broken("A_step_down_in_a_set_of_nobodys", new() { From = Nobodys, Step = Steps.Down("a1", "a2"), Policy = Manual }, "no plan was approved");
    }

    [TestCaseSource(nameof(Cases))]
    public void R11(OnTrial trial, string? words) => Row.Assert(new R11OneOwner(), trial, words);
}
