using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Control;

namespace Modestano.Operator.Tests.ReplicaSets.Status;

public class StatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [TestCase(0.0, "<1s")]
    [TestCase(1.0, "2s")]
    [TestCase(7.5, "10s")]
    [TestCase(300, "5m")]
    [TestCase(100_000, ">24h")]
    public void A_lag_is_told_in_buckets(double seconds, string words) => Assert.That(Buckets.Lag(TimeSpan.FromSeconds(seconds)), Is.EqualTo(words));

    [TestCase(30, "<1m")]
    [TestCase(3600, "1h")]
    [TestCase(90_000, "24h")]
    public void A_window_is_told_by_what_it_reaches(double seconds, string words) => Assert.That(Buckets.Window(TimeSpan.FromSeconds(seconds)), Is.EqualTo(words));

    [TestCase(0.0, 0)]
    [TestCase(0.149, 10)]
    [TestCase(1.0, 100)]
    public void Progress_is_told_in_steps_of_five(double ratio, int percent) => Assert.That(Buckets.Percent(ratio), Is.EqualTo(percent));

    private static IEnumerable<TestCaseData> Losses()
    {
        yield return new TestCaseData("aaabb", "", false, "without region a there is no primary: it holds 3 of 5 votes").SetName("Three_and_two_do_not_survive_the_loss_of_the_three");
        yield return new TestCaseData("aaabb", "", false, "Add 2 data-bearing voters in a third region").SetName("Three_and_two_need_two_more_in_a_third");
        yield return new TestCaseData("aab", "", false, "Add 2 data-bearing voters in a third region").SetName("Two_and_one_need_two_more_in_a_third");
        yield return new TestCaseData("ab", "", false, "Add a data-bearing voter in a third region").SetName("One_and_one_need_one_in_a_third");
        yield return new TestCaseData("aaabbb", "", false, "Add a data-bearing voter in a third region").SetName("Three_and_three_need_one_in_a_third");
        yield return new TestCaseData("aabbc", "", true, "any one region").SetName("Two_two_one_survive");
        yield return new TestCaseData("abc", "", true, "any one region").SetName("One_each_in_three_survive");
        yield return new TestCaseData("aaabbbc", "", true, "any one region").SetName("Three_three_one_survive");
        yield return new TestCaseData("aabbc", "c", false, "without region a majority writes wait: an arbiter keeps a primary, but acknowledges nothing. Make the arbiter a data-bearing member").SetName("An_arbiter_elects_but_acknowledges_nothing");
        yield return new TestCaseData("abc", "c", false, "Make the arbiter a data-bearing member").SetName("One_one_and_an_arbiter_do_not_survive");
        yield return new TestCaseData("aaaaabb", "", false, "Spread the votes over at least three regions").SetName("At_seven_votes_they_must_be_spread");
        yield return new TestCaseData("a", "", false, "Add data-bearing voters in two more regions").SetName("One_member_survives_nothing");
        yield return new TestCaseData("aaa", "", false, "Add data-bearing voters in two more regions").SetName("Three_in_one_place_need_two_more_places");
        yield return new TestCaseData("ab?", "", null, "not known").SetName("A_voter_without_a_place_leaves_it_unknown");
    }

    [TestCaseSource(nameof(Losses))]
    public void What_survives_the_loss_of_a_place(string places, string arbiters, bool? survives, string words)
    {
        var members = places.Select((p, i) => new ConfigMember { Id = i, Host = $"{p}{i}", ArbiterOnly = arbiters.Contains(p) });
        var config = new ReplicaSetConfig { SetName = "rs0", Version = 1, Term = 1, Members = [.. members] };

        var survival = Survival.Of(config, h => h[0] == '?' ? null : h[..1], "region");

        Assert.That(survival.Survives, Is.EqualTo(survives));
        Assert.That(survival.Message, Does.Contain(words));
    }

    private static IEnumerable<TestCaseData> Phases()
    {
        var reconfig = new Reconfig { Summary = "x", Purpose = ReconfigPurpose.GainVote, RunOn = "a:1", BaseVersion = 1, BaseTerm = 1 };
        yield return Phase("Settled", new PlanDecision.Settled(), ReplicaSetPhases.Settled, "True");
        yield return Phase("A_step", new PlanDecision.Act(reconfig), ReplicaSetPhases.Reconfiguring, "False");
        yield return Phase("Preparing_the_hand_off", new PlanDecision.Act(reconfig with { Purpose = ReconfigPurpose.PrepareHandOff }), ReplicaSetPhases.MovingPrimary, "False");
        yield return Phase("An_initial_sync", new PlanDecision.Wait(PlanReasons.InitialSync, "m"), ReplicaSetPhases.Syncing, "False");
        yield return Phase("A_member_that_is_down", new PlanDecision.Wait(PlanReasons.MemberUnreachable, "m"), ReplicaSetPhases.Waiting, "False");
        yield return Phase("A_person_is_needed", new PlanDecision.Stalled(PlanReasons.MemberOfAnotherSet, "m"), ReplicaSetPhases.Stalled, "False");
        yield return Phase("An_approval_is_needed", new PlanDecision.AwaitingApproval(PlanReasons.Adoption, "m"), ReplicaSetPhases.Held, "False");
    }

    [TestCaseSource(nameof(Phases))]
    public void What_a_decision_looks_like(PlanDecision decision, string phase, string ready)
    {
        var status = StatusMapper.Map(new PassReport { Entity = ControllerStage.ThreePlusThree("eu-west-1"), At = Now, Decision = decision });

        Assert.That(status.Phase, Is.EqualTo(phase));
        Assert.That(status.Conditions!.Single(c => c.Type == ConditionTypes.Ready).Status, Is.EqualTo(ready));
        Assert.That(status.Conditions!.Single(c => c.Type == ConditionTypes.Stalled).Status, Is.EqualTo(phase == ReplicaSetPhases.Stalled ? "True" : "False"));
        Assert.That(status.Conditions!.Count(c => c.Type is ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled && c.Status == "True"), Is.EqualTo(1), "exactly one of the three tells how it goes");
    }

    [Test]
    public void An_outage_forgets_nothing_but_what_was_seen()
    {
        var entity = ControllerStage.ThreePlusThree("eu-west-1");
        entity.Status = Status("<1s", healthy: true) with { ReplicaSetId = "6b043562011e4f57301d0632", LastAction = new LastAction { Kind = "Reconfig", Summary = "x", Outcome = "Succeeded" } };

        var status = StatusMapper.Map(new PassReport { Entity = entity, At = Now, Problem = new Problem("SecretNotFound", "make it") });

        Assert.That((status.ReplicaSetId, status.LastAction), Is.EqualTo((entity.Status.ReplicaSetId, entity.Status.LastAction)));
        Assert.That((status.Phase, status.Members), Is.EqualTo((ReplicaSetPhases.Stalled, (IReadOnlyList<MemberStatus>?)null)));
    }

    [Test]
    public void Members_that_contradict_each_other_make_no_longer_list_than_status_holds()
    {
        var entity = ControllerStage.ThreePlusThree("eu-west-1");
        var desired = DesiredTopology.From(entity.Spec, "cluster/shop/marketplace", null);
        var named = Enumerable.Range(0, 150).Select(i => $"a{i:000}:27017").Concat(desired.Members.Select(m => m.Host));
        var observed = new ObservedReplicaSet { At = Now, Members = named.ToDictionary(h => h, h => new ObservedMember { Host = h }, StringComparer.Ordinal) };

        var members = StatusMapper.Map(new PassReport { Entity = entity, At = Now, Observed = observed, Desired = desired, Decision = new PlanDecision.Wait("NoPrimary", "no") }).Members!;

        Assert.That(members, Has.Count.EqualTo(100));
        Assert.That(members.Select(m => m.Host), Is.SupersetOf(desired.Members.Select(m => m.Host)), "what the spec names is never left out");
    }

    private static MongoReplicaSetStatus Status(string lag, bool healthy) => new()
    {
        Phase = ReplicaSetPhases.Settled,
        Summary = new ReplicaSetSummary { WorstLag = lag },
        Members = [new MemberStatus { Host = "a:1", Lag = lag, Healthy = healthy }],
    };

    private static TestCaseData Phase(string name, PlanDecision decision, string phase, string ready) => new TestCaseData(decision, phase, ready).SetName($"{name}_is_{phase}");
}
