using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Simulation;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Mongo;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>The implicit default write concern of 5.0 and later: MongoDB refuses a reconfig, a forced one too, that would change it.</summary>
[TestFixture]
public class ImplicitDefaultTests
{
    private static readonly ObservedWriteConcern Implicit = new("1", 0, IsExplicit: false);
    private static readonly ReplicaSetConfig TwoRegions = WithArbiter(Sets.Rested('a', "a1", "a2", "a3", "b1", "c1"), "c1");

    [TestCase("real-5.0-005-primary-and-arbiter-key-file-users-exist-getdefaultrwconcern", "1", false, TestName = "An_implicit_w_1_is_left_out_of_the_answer")]
    [TestCase("real-5.0-018-p-s-getdefaultrwconcern-after-it", "majority", true, TestName = "An_explicit_one_is_told")]
    public void What_the_server_answers(string recording, string w, bool isExplicit)
    {
        var primary = new MemberReplies
        {
            Host = "127.0.0.1:28017",
            Hello = Recording.Reply("024-primary4-hello"),
            Status = Recording.Reply("028-primary4-replsetgetstatus"),
            Config = Recording.Reply("071-primary-replsetgetconfig-commitmentstatus"),
            DefaultConcerns = Recording.Reply(recording),
        };
        var observed = ObservationBuilder.Build([primary], [primary.Host], null, Sets.Now);
        Assert.That(observed.DefaultWriteConcern, Is.EqualTo(new ObservedWriteConcern(w, 0, isExplicit)));
    }

    [Test]
    public void A_third_data_bearing_voter_beside_two_and_two_arbiters_would_make_it_majority_so_the_specs_one_is_set_first()
    {
        // 2 of 4 voters bear data: w: 1. With a third they are more than a majority of 4.
        var config = WithArbiter(Sets.Rested('a', "a1", "a2", "a3", "b1"), "b1");
        config = config.With("a3", Sets.Joined);
        var topology = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted("a3") with { Votes = 1 }, Arbiter("b1"), Sets.Wanted("a4") with { Votes = 1 }]);
        config = config with { Members = [.. config.Members, Sets.Member(9, "a4") with { Priority = 2 }] };
        var observed = Sets.Observed(config, "a1") with { DefaultWriteConcern = Implicit };
        var now = ImplicitDefault.Of(config);
        var then = ImplicitDefault.Of(config.With("a3", m => m with { Votes = 1 }));
        Assert.That((now, then), Is.EqualTo(("1", "majority")));
        Assert.That(Sets.Words(Planner.Next(new(observed, topology, Sets.Policy, PlanningHistory.Empty))), Does.StartWith(PlanReasons.ImplicitWriteConcernWouldChange).And.Contain("from w: 1 to w: majority"));

        var decision = Planner.Next(new(observed, topology with { DefaultWriteConcern = new("majority", 5000) }, Sets.Policy, PlanningHistory.Empty));
        Assert.That(((decision as PlanDecision.Act)?.Step as SetDefaultWriteConcern)?.W, Is.EqualTo("majority"), Sets.Words(decision));
        var after = ReplicaSetModel.After(observed, ((PlanDecision.Act)decision).Step);
        Assert.That(Planner.Next(new(after, topology, Sets.Policy, PlanningHistory.Empty)), Is.TypeOf<PlanDecision.Act>().With.Property(nameof(PlanDecision.Act.Step)).TypeOf<Reconfig>());
    }

    [Test]
    public void A_plan_that_puts_a_data_member_in_the_arbiters_place_names_the_reason_why_it_ends_there()
    {
        const string Newcomer = "b2";
        var config = WithArbiter(Sets.Rested('a', "a1", "a2", "b1"), "b1");
        var observed = Sets.Observed(config, "a1", Newcomer) with { DefaultWriteConcern = Implicit };
        var topology = Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Sets.Wanted(Newcomer)]);

        var plan = PlanPreview.Of(new(observed, topology, Sets.Policy, PlanningHistory.Empty), Sets.Identity);
        Assert.That(plan.Settles, Is.False);
        Assert.That(plan.Steps[^1].Summary, Does.StartWith("ImplicitWriteConcernWouldChange: ").And.Contain("from w: 1 to w: majority").And.Contain("spec.defaultWriteConcern"));

        var whole = PlanPreview.Of(new(observed, topology with { DefaultWriteConcern = new("majority", 5000) }, Sets.Policy, PlanningHistory.Empty), Sets.Identity);
        Assert.That(whole.Settles, Is.True, string.Join('\n', whole.Steps.Select(s => s.Summary)));
        Assert.That(whole.Steps.Select(s => s.Kind), Does.Contain("SetDefaultWriteConcern"));
    }

    [Test]
    public void A_default_that_nobody_read_is_waited_for_and_the_question_named()
    {
        var two = Sets.Rested('a', "a1", "a2");
        var observed = Sets.Observed(two, "a1", "b1") with { DefaultWriteConcern = null };
        var decision = Planner.Next(new(observed, Sets.Topology("a", [Sets.Wanted("a1"), Sets.Wanted("a2"), Arbiter("b1")]), Sets.Policy, PlanningHistory.Empty));
        Assert.That(Sets.Words(decision), Does.StartWith(PlanReasons.DefaultWriteConcernUnknown).And.Contain("getDefaultRWConcern"));
    }

    [Test]
    public void A_recovery_whose_configuration_would_change_it_leaves_the_arbiter_out()
    {
        var next = Forced(Lost("a1", "a2", "a3"));
        Assert.That(next.Members.Any(m => m.ArbiterOnly), Is.False);
        Assert.That(ImplicitDefault.Of(next), Is.EqualTo(ImplicitDefault.Of(TwoRegions)));
        Assert.That(next.Voters.Select(v => v.Host), Is.EqualTo((string[])["b1:27017"]));
    }

    [Test]
    public void A_recovery_with_an_explicit_default_keeps_the_arbiter()
    {
        var next = Forced(Lost("a1", "a2", "a3") with { DefaultWriteConcern = new("majority", 0, IsExplicit: true) });
        Assert.That(next.Members.Any(m => m.ArbiterOnly), Is.True);
    }

    [Test]
    public void A_recovery_that_no_configuration_can_make_is_refused_and_the_way_out_named()
    {
        var three = WithArbiter(Sets.Config("a1", "b1", "c1"), "c1");
        var observed = Lost(three, "a1", "c1");
        var decision = Planner.Next(new(observed, Wanted("a1", "b1"), Permit("a1", "c1"), PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }));
        Assert.That(Sets.Words(decision), Does.StartWith(PlanReasons.RecoveryRefused).And.Contain("from w: 1 to w: majority").And.Contain("Start c1:27017 again").And.Length.LessThanOrEqualTo(1024));
    }

    [Test]
    public void A_forced_configuration_without_a_term_can_be_named_by_minus_one()
    {
        var observed = Lost("a1", "a2", "a3");
        observed = observed with { Config = observed.Config! with { Term = -1 }, DefaultWriteConcern = new("majority", 0, IsExplicit: true) };
        var policy = Permit("a1", "a2", "a3");
        var decision = Planner.Next(new(observed, Wanted("a1", "a2", "a3", "b1"), policy with { Recovery = policy.Recovery! with { ConfigTerm = -1 } }, PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }));
        Assert.That(decision, Is.TypeOf<PlanDecision.Act>(), Sets.Words(decision));
    }

    [Test]
    public void While_the_set_is_healthy_condition_and_row_warn_of_the_region_whose_loss_would_change_it()
    {
        var observed = Sets.Observed(TwoRegions, "a1") with { DefaultWriteConcern = new("majority", 0, IsExplicit: false) };
        var readiness = DefaultConcernReadiness.Of(observed, m => m.Host[..1]);
        Assert.That((readiness!.Ready, readiness.Reason), Is.EqualTo(((bool?)false, PlanReasons.ImplicitWriteConcernWouldChange)));
        Assert.That(readiness.Message, Does.StartWith("if a is lost").And.Contain("spec.defaultWriteConcern"));
        var row = CheckMapper.Map(observed, Wanted("a1", "a2", "a3", "b1"), Sets.Policy).Single(r => r.Name == DefaultConcernReadiness.Check);
        Assert.That((row.Result, row.Value), Is.EqualTo(("Failed", "w: majority, implicit")));
        Assert.That(DefaultConcernReadiness.Of(observed with { DefaultWriteConcern = new("majority", 0, IsExplicit: true) }, m => m.Host[..1])!.Ready, Is.True);
        Assert.That(DefaultConcernReadiness.Of(observed.With("a1", m => m with { FeatureCompatibilityVersion = "4.4" }), m => m.Host[..1])!.Ready, Is.True, "the rule follows the feature compatibility version");
        Assert.That(DefaultConcernReadiness.Of(Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1"), m => m.Host[..1]), Is.Null, "without an arbiter it is majority whoever is lost");
    }

    [Test]
    public void A_healthy_set_at_risk_gets_the_specs_default_before_it_settles()
    {
        var observed = Sets.Observed(TwoRegions, "a1") with { DefaultWriteConcern = new("majority", 0, IsExplicit: false) };
        var wanted = Wanted("a1", "a2", "a3", "b1");
        Assert.That(Planner.Next(new(observed, wanted, Sets.Policy, PlanningHistory.Empty)), Is.TypeOf<PlanDecision.Settled>());
        var decision = Planner.Next(new(observed, wanted with { DefaultWriteConcern = new("majority", 0) }, Sets.Policy, PlanningHistory.Empty));
        Assert.That((decision as PlanDecision.Act)?.Step.Kind, Is.EqualTo("SetDefaultWriteConcern"), Sets.Words(decision));
    }

    private static ReplicaSetConfig Forced(ObservedReplicaSet lost)
    {
        var decision = Planner.Next(new(lost, Wanted("a1", "a2", "a3", "b1"), Permit("a1", "a2", "a3"), PlanningHistory.Empty with { KnownReplicaSetId = Sets.Id }));
        Assert.That(decision, Is.TypeOf<PlanDecision.Act>(), Sets.Words(decision));
        return ConfigChanges.Apply(lost.Config!, (Reconfig)((PlanDecision.Act)decision).Step);
    }

    private static PlanningPolicy Permit(params string[] fenced) => Sets.Policy with { Recovery = new(5, 3, [.. fenced.Select(Sets.Host)]) };

    private static DesiredTopology Wanted(params string[] names) => Sets.Topology("a", [.. names.Select(Sets.Wanted), Arbiter("c1")]);

    private static ObservedReplicaSet Lost(params string[] silent) => Lost(TwoRegions, silent);

    /// <summary>Some are gone, and what is left is no majority.</summary>
    private static ObservedReplicaSet Lost(ReplicaSetConfig config, params string[] silent)
    {
        var observed = Sets.Observed(config, "a1") with { Primary = null, DefaultWriteConcern = Implicit };
        observed = observed with { PrimaryViews = [.. observed.PrimaryViews.Where(v => !silent.Contains(v.Host.Split(':')[0])).Select(v => v with { Primary = null })] };
        foreach (var name in config.Members.Select(m => m.Host.Split(':')[0]))
        {
            observed = observed.With(name, m => silent.Contains(name)
                ? new ObservedMember { Host = m.Host }
                : m with { OwnState = m.State, Healthy = null, Lag = null });
        }

        return observed;
    }

    private static ReplicaSetConfig WithArbiter(ReplicaSetConfig config, string name) => config.With(name, m => m with { ArbiterOnly = true, Priority = 0, Tags = new Dictionary<string, string>() });

    private static DesiredMember Arbiter(string name) => Sets.Wanted(name) with { ArbiterOnly = true, Votes = 1, Tags = new Dictionary<string, string>() };
}
