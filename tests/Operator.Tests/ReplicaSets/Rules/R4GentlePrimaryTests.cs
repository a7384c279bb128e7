using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R4: the primary steps down first, and only towards a successor that is there.</summary>
public class R4GentlePrimaryTests
{
    private static readonly ReplicaSetConfig Six = Sets.Rested('a', "a1", "a2", "a3", "b1", "b2", "b3");
    private static readonly DesiredTopology ToB = Sets.Topology("b", "a1", "a2", "a3", "b1", "b2", "b3");

    /// <summary>Ready for the hand-off: the wanted region as high as the primary, everybody else 0.</summary>
    private static readonly ReplicaSetConfig Prepared = Six with { Members = [.. Six.Members.Select(m => m with { Priority = m.Host[0] == 'b' || m.Host == "a1:27017" ? 2 : 0 })] };

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Broken("The_primary_is_removed", new() { From = Six, To = Six with { Members = [.. Six.Members.Skip(1)] } }, "the primary a1:27017 would be removed");
        yield return Row.Broken("The_primary_loses_its_vote", new() { From = Six, To = Six.With("a1", Sets.Joined) }, "would become unelectable");
        yield return Row.Broken("The_primary_gets_priority_zero", new() { From = Six, To = Six.With("a1", m => m with { Priority = 0 }) }, "would become unelectable");
        yield return Row.Broken("The_primary_is_hidden", new() { From = Six, To = Six.With("a1", m => m with { Hidden = true }) }, "would become unelectable");
        yield return Row.Broken("The_primary_is_delayed", new() { From = Six, To = Six.With("a1", m => m with { SecondaryDelaySecs = 60 }) }, "would become unelectable");
        yield return Row.Broken("A_priority_above_the_primarys_before_it_has_moved", new() { From = Six, To = Six.With("b1", m => m with { Priority = 3 }), Wanted = ToB }, "b1:27017 would rank above the primary");
        yield return Row.Broken("A_fraction_above_counts_too", new() { From = Six, To = Six.With("b1", m => m with { Priority = 2.25 }), Wanted = ToB }, "b1:27017 would rank above");
        yield return Row.Kept("As_high_as_the_primary_is_the_preparation", new() { From = Six, To = Prepared, Wanted = ToB });
        yield return Row.Kept("At_home_one_may_rank_above_another", new() { From = Six, To = Six.With("a2", m => m with { Priority = 3 }) });
        yield return Row.Kept("What_ranks_above_already_may_stay", new() { From = Six.With("b1", m => m with { Priority = 5 }), To = Six.With("b1", m => m with { Priority = 5, Tags = new Dictionary<string, string>() }), Wanted = ToB });
        yield return Row.Broken("Without_a_primary_nothing_is_reconfigured", new() { From = Six, To = Six.With("b1", m => m with { Priority = 0.5 }), Seen = o => o with { Primary = null } }, "there is no primary");
        yield return Row.Kept("It_steps_down_for_a_prepared_successor", new() { From = Prepared, Step = Steps.Down("a1", "b1"), Wanted = ToB });
        yield return Row.Broken("It_steps_down_while_another_region_could_follow", new() { From = Six, Step = Steps.Down("a1", "b1"), Wanted = ToB }, "outside b could become primary");
        yield return Row.Broken("It_steps_down_while_no_successor_is_close", new() { From = Prepared, Step = Steps.Down("a1", "b1"), Wanted = ToB, Seen = o => "123".Aggregate(o, (s, n) => s.With($"b{n}", m => m with { Lag = TimeSpan.FromMinutes(1) })) }, "no caught-up successor in b");
        yield return Row.Broken("It_steps_down_for_no_longer_than_its_catch_up", new() { From = Prepared, Step = Steps.Down("a1", "b1") with { StepDownSecs = 2 }, Wanted = ToB }, "not longer than its catch-up");
        yield return Row.Kept("A_forced_reconfig_is_for_R6_to_judge", new() { From = Six, To = Six.With("a1", Sets.Joined), As = r => r with { Force = true } });
    }

    [TestCaseSource(nameof(Cases))]
    public void R4(OnTrial trial, string? words) => Row.Assert(new R4GentlePrimary(), trial, words);
}
