using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Overrides;

namespace Modestano.Operator.Tests.Overrides;

public class OverrideLatchTests
{
    private const string Ireland = "eu-west-1";
    private const string London = "eu-west-2";

    private static readonly OverriddenSpec Spec = new(Ireland, ["a:27017", "b:27017"], null);

    [Test]
    public void Without_a_migration_the_spec_alone_counts()
    {
        var decision = OverrideLatch.Decide(null, [], false, Spec);

        Assert.That(decision.State, Is.EqualTo(OverrideState.None));
        Assert.That(decision.MustLatchFirst, Is.False);
    }

    [Test]
    public void A_first_claim_is_latched_with_the_spec_that_it_overrides_before_anything_is_done()
    {
        var decision = OverrideLatch.Decide(null, [Claim(1, London)], false, Spec);

        Assert.That(decision.MustLatchFirst, Is.True);
        Assert.That(decision.Latch, Is.EqualTo(Latched(1, London) with { Settled = false }));
    }

    [Test]
    public void The_latched_revision_changes_nothing()
    {
        var decision = OverrideLatch.Decide(Latched(2, London), [Claim(2, London)], true, Spec);

        Assert.That(decision.MustLatchFirst, Is.False);
        Assert.That(decision.State, Is.EqualTo(OverrideState.Active));
    }

    [Test]
    public void A_newer_revision_is_latched_anew_and_is_not_settled()
    {
        var decision = OverrideLatch.Decide(Latched(2, London) with { Settled = true }, [Claim(3, Ireland)], true, Spec with { PrimaryRegion = London });

        Assert.That(decision.MustLatchFirst, Is.True);
        Assert.That(decision.Latch!.Settled, Is.False);
        Assert.That((decision.Latch.PrimaryRegion, decision.Latch.SpecPrimaryRegion), Is.EqualTo((Ireland, London)));
    }

    [Test]
    public void An_older_revision_moves_nothing_backwards()
    {
        var decision = OverrideLatch.Decide(Latched(5, London), [Claim(2, Ireland)], true, Spec);

        Assert.That(decision.State, Is.EqualTo(OverrideState.Silent));
        Assert.That(decision.Hold, Is.True);
        Assert.That(decision.Latch!.PrimaryRegion, Is.EqualTo(London));
    }

    [Test]
    public void A_live_migration_that_asks_for_nothing_any_more_holds_its_target()
    {
        var decision = OverrideLatch.Decide(Latched(5, London), [], true, Spec);

        Assert.That(decision.State, Is.EqualTo(OverrideState.Silent));
        Assert.That(decision.Hold, Is.True);
    }

    [Test]
    public void A_vanished_migration_leaves_its_values_in_force()
    {
        var decision = OverrideLatch.Decide(Latched(5, London), [], false, Spec);

        Assert.That(decision.State, Is.EqualTo(OverrideState.Orphaned));
        Assert.That(decision.Latch!.Orphaned, Is.True);
        Assert.That(decision.Latch.PrimaryRegion, Is.EqualTo(London));
        Assert.That(decision.MustLatchFirst, Is.True);
        Assert.That(OverrideLatch.Decide(decision.Latch, [], false, Spec).MustLatchFirst, Is.False);
    }

    [TestCase(London, TestName = "An_orphaned_latch_ends_when_the_spec_says_what_it_holds")]
    [TestCase("eu-central-1", TestName = "An_orphaned_latch_ends_when_the_spec_says_something_new")]
    public void An_orphaned_latch_ends(string newPrimaryRegion)
    {
        var decision = OverrideLatch.Decide(Latched(5, London) with { Orphaned = true }, [], false, Spec with { PrimaryRegion = newPrimaryRegion });

        Assert.That(decision.State, Is.EqualTo(OverrideState.None));
        Assert.That(decision.Latch, Is.Null);
        Assert.That(decision.MustLatchFirst, Is.True);
    }

    [Test]
    public void An_edit_of_the_primary_region_does_not_bring_orphaned_retired_members_back()
    {
        var latched = Latched(5, London) with { RetiredMembers = ["a:27017", "gone:27017"] };

        var decision = OverrideLatch.Decide(latched, [], false, Spec with { PrimaryRegion = London });

        Assert.That(decision.State, Is.EqualTo(OverrideState.Orphaned));
        Assert.That(decision.Latch!.PrimaryRegion, Is.Null);
        Assert.That(decision.Latch.RetiredMembers, Is.EqualTo(["a:27017"]));
    }

    [TestCase(Ireland, true, TestName = "Members_stay_voteless_and_hidden_where_the_spec_wants_the_primary_elsewhere")]
    [TestCase(London, false, TestName = "Members_of_the_region_that_the_spec_names_for_the_primary_vote_and_are_seen_again")]
    public void What_a_vanished_roll_back_took_from_members(string primaryRegion, bool stays)
    {
        var latched = Latched(5, Ireland) with { VotelessMembers = ["b:27017"], HiddenMembers = ["b:27017"] };
        var spec = Spec with { PrimaryRegion = primaryRegion, MayVote = Spec.Members, MayBeSeen = Spec.Members, AtHome = primaryRegion == London ? ["b:27017"] : ["a:27017"] };

        var decision = OverrideLatch.Decide(latched, [], false, spec);

        Assert.That((decision.Latch?.VotelessMembers, decision.Latch?.HiddenMembers), stays ? Is.EqualTo((latched.VotelessMembers, latched.HiddenMembers)) : Is.EqualTo((default(IReadOnlyList<string>), default(IReadOnlyList<string>))));
        Assert.That(decision.State, Is.EqualTo(stays ? OverrideState.Orphaned : OverrideState.None));
    }

    [Test]
    public void Members_stay_voteless_while_the_primary_is_held_elsewhere_although_the_spec_names_their_region()
    {
        var latched = Latched(5, Ireland) with { VotelessMembers = ["b:27017"], SpecPrimaryRegion = London };

        var decision = OverrideLatch.Decide(latched, [], false, Spec with { PrimaryRegion = London, MayVote = Spec.Members, AtHome = ["b:27017"] });

        Assert.That((decision.Latch!.PrimaryRegion, decision.Latch.VotelessMembers), Is.EqualTo((Ireland, latched.VotelessMembers)));
    }

    [Test]
    public void Orphaned_weights_hold_until_one_of_them_is_edited()
    {
        var before = Weights(255, 0);
        var latched = Latched(5, null) with { Weights = Weights(0, 255), SpecWeights = before, SpecPrimaryRegion = null };

        var held = OverrideLatch.Decide(latched, [], false, new OverriddenSpec(null, [], before));
        var ended = OverrideLatch.Decide(latched, [], false, new OverriddenSpec(null, [], Weights(128, 127)));

        Assert.That(held.State, Is.EqualTo(OverrideState.Orphaned));
        Assert.That(held.PermittedUntil, Is.Null, "no weight may rise while nobody looks at the gates");
        Assert.That(ended.Latch, Is.Null);
    }

    [Test]
    public void A_release_ends_the_latch()
    {
        var decision = OverrideLatch.Decide(Latched(5, London), [Claim(5, London) with { Released = true }], true, Spec with { PrimaryRegion = London });

        Assert.That(decision.Latch, Is.Null);
        Assert.That(decision.MustLatchFirst, Is.True);
    }

    [Test]
    public void A_second_migration_is_refused_while_the_first_one_lives()
    {
        var decision = OverrideLatch.Decide(Latched(5, London), [Claim(5, London), Claim(9, Ireland) with { MigrationUid = "u2", MigrationName = "back" }], true, Spec);

        Assert.That(decision.Latch!.MigrationUid, Is.EqualTo("u1"));
        Assert.That(decision.Refused, Is.EqualTo(["back"]));
    }

    [Test]
    public void Of_two_new_claims_the_older_migration_gets_the_target()
    {
        var younger = Claim(1, London);
        var older = Claim(1, Ireland) with { MigrationUid = "u2", MigrationName = "older", CreationTime = younger.CreationTime.AddHours(-1) };

        var decision = OverrideLatch.Decide(null, [younger, older], false, Spec);

        Assert.That(decision.Latch!.MigrationName, Is.EqualTo("older"));
        Assert.That(decision.Refused, Is.EqualTo([younger.MigrationName]));
    }

    [Test]
    public void A_migration_made_anew_takes_over_what_its_vanished_namesake_left()
    {
        var decision = OverrideLatch.Decide(Latched(5, London), [Claim(1, London) with { MigrationUid = "u2" }], false, Spec);

        Assert.That(decision.State, Is.EqualTo(OverrideState.Active));
        Assert.That((decision.Latch!.MigrationUid, decision.Latch.ObservedRevision), Is.EqualTo(("u2", 1)));
    }

    [Test]
    public void A_hold_stops_effects_and_counts_as_settled_once_nothing_is_in_flight()
    {
        var holding = OverrideLatch.Decide(Latched(5, London), [Claim(5, London) with { Hold = true }], true, Spec);
        var earlier = OverrideLatch.Decide(Latched(5, London), [Claim(5, London)], true, Spec);

        Assert.That(holding.StillAllows(earlier), Is.False);
        Assert.That(OverrideLatch.Acknowledge(holding, reached: false, inFlight: true)!.Settled, Is.False);
        Assert.That(OverrideLatch.Acknowledge(holding, reached: false, inFlight: false)!.Settled, Is.True);
        Assert.That(OverrideLatch.Acknowledge(earlier, reached: false, inFlight: false)!.Settled, Is.False);
    }

    [Test]
    public void A_revision_that_changed_since_planning_forbids_the_effect()
    {
        var planned = OverrideLatch.Decide(Latched(5, London), [Claim(5, London)], true, Spec);
        var live = OverrideLatch.Decide(Latched(5, London), [Claim(6, Ireland)], true, Spec);

        Assert.That(planned.StillAllows(planned), Is.True);
        Assert.That(live.StillAllows(planned), Is.False);
    }

    [TestCase(1, 255, 0, true, "as it was", TestName = "What_answers_stays_when_the_migration_holds")]
    [TestCase(1, 55, 200, false, "as it is", TestName = "What_answers_is_latched_anew_with_a_step_of_the_weights")]
    public void What_answers_changes_with_a_step_alone(int revision, int ireland, int london, bool hold, string answer)
    {
        var latched = OverrideLatch.Decide(null, [Weighing(revision, 255, 0)], true, Answering("as it was", (Ireland, 255), (London, 0))).Latch;

        var next = OverrideLatch.Decide(latched, [Weighing(revision + 1, ireland, london) with { Hold = hold }], true, Answering("as it is", (Ireland, 255), (London, 0))).Latch!;

        Assert.That((next.ObservedRevision, next.Endpoints![0].Values![0]), Is.EqualTo((2, answer)));
    }

    [Test]
    public void An_endpoint_that_left_the_spec_is_kept_while_the_migration_gives_it_a_weight()
    {
        var latched = OverrideLatch.Decide(null, [Weighing(1, 255, 0)], true, Answering("1", (Ireland, 255), (London, 0))).Latch;

        var next = OverrideLatch.Decide(latched, [Weighing(2, 55, 200)], true, Answering("1", (London, 0))).Latch!;
        var without = OverrideLatch.Decide(next, [Weighing(3, 0, 255) with { Values = new(null, null, new Dictionary<string, int> { [London] = 255 }) }], true, Answering("1", (London, 0))).Latch!;

        Assert.That(next.Endpoints!.Select(e => e.SetIdentifier), Is.EqualTo([London, Ireland]));
        Assert.That(without.Endpoints!.Select(e => e.SetIdentifier), Is.EqualTo([London]));
    }

    [Test]
    public void An_orphan_is_not_ended_by_an_endpoint_that_comes_or_goes_but_by_an_edited_weight()
    {
        var latched = OverrideLatch.Decide(null, [Weighing(1, 55, 200)], true, Answering("1", (Ireland, 255), (London, 0))).Latch;

        Assert.That(OverrideLatch.Decide(latched, [], false, Answering("1", (London, 0), ("us-east-1", 9))).State, Is.EqualTo(OverrideState.Orphaned));
        Assert.That(OverrideLatch.Decide(latched, [], false, Answering("1", (London, 1), ("us-east-1", 9))).State, Is.EqualTo(OverrideState.None));
    }

    [TestCase(0, OverrideState.None)]
    [TestCase(1, OverrideState.Orphaned)]
    public void An_endpoint_that_left_the_spec_keeps_an_orphan_alive_only_while_it_has_weight(int weight, OverrideState state)
    {
        var latched = OverrideLatch.Decide(null, [Weighing(1, 255, weight)], true, Answering("1", (Ireland, 255), (London, 0))).Latch;

        Assert.That(OverrideLatch.Decide(latched, [], false, Answering("1", (Ireland, 255))).State, Is.EqualTo(state));
    }

    [Test]
    public void An_orphan_whose_weights_are_all_zero_is_none()
    {
        var latched = OverrideLatch.Decide(null, [Weighing(1, 0, 0)], true, Answering("1", (Ireland, 255), (London, 0))).Latch;

        Assert.That(OverrideLatch.Decide(latched, [], false, Answering("1", (Ireland, 255), (London, 0))).State, Is.EqualTo(OverrideState.None));
    }

    private static MigrationClaim Weighing(long revision, int ireland, int london) =>
        Claim(revision, "") with { Values = new OverrideValues(null, null, Weights(ireland, london)) };

    private static OverriddenSpec Answering(string value, params (string Id, int Weight)[] endpoints) => new(null, [], endpoints.ToDictionary(e => e.Id, e => e.Weight))
    {
        Endpoints = [.. endpoints.Select(e => new LatchedEndpoint { SetIdentifier = e.Id, Values = [value] })],
    };

    private static MigrationClaim Claim(long revision, string primaryRegion) =>
        new("to-london", "u1", new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc), revision, new OverrideValues(primaryRegion, null, null), false, false, null, false);

    private static LatchedOverride Latched(long revision, string? primaryRegion) => new()
    {
        MigrationName = "to-london",
        MigrationUid = "u1",
        ObservedRevision = revision,
        PrimaryRegion = primaryRegion,
        SpecPrimaryRegion = Ireland,
    };

    private static Dictionary<string, int> Weights(int ireland, int london) => new() { [Ireland] = ireland, [London] = london };
}
