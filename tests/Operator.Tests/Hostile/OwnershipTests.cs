using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Runtime;
using static Modestano.Operator.Tests.Dns.Planning.Group;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>An object reaches for record sets that a living owner marked, or keeps their owner from them.</summary>
[Category("Hostile")]
public sealed class OwnershipTests
{
    private const string Identity = "0f1e2d3c-0000-4000-8000-000000000001/modestano-system/modestano-operator";
    private static readonly RecordOwner Victim = new(Identity, "shop", "shop");
    private static readonly RecordOwner Thief = new(Identity, "blog", "shop");
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_living_owners_records_are_not_taken_over_on_the_applicants_own_word()
    {
        var observed = Marked(Victim);
        var desired = Adopting(observed, Wanted(("a", 0), ("b", 255))) with { Claim = new RecordClaim(Thief, [], null, false) };

        var decision = Decide(observed, desired);

        Assert.That(decision, Is.InstanceOf<Stalled>().And.Property("Reason").EqualTo(DnsReasons.NotOurs));
        Assert.That(((Stalled)decision).Message, Does.Not.Contain(Victim.Namespace + "/").And.Not.Contain(observed.Fingerprint), "neither who owns them nor what approves them");
    }

    [Test]
    public void Naming_the_owner_is_not_enough() =>
        Assert.That(Decide(Marked(Victim), Following(Marked(Victim), Victim, mayFollow: false)), Is.InstanceOf<Stalled>());

    [Test]
    public void A_permission_to_follow_one_owner_is_none_for_another() =>
        Assert.That(Decide(Marked(Victim), Following(Marked(Victim), Victim with { Name = "api" }, mayFollow: true)), Is.InstanceOf<Stalled>());

    [Test]
    public void A_permission_without_a_fingerprint_is_not_enough() =>
        Assert.That(Decide(Marked(Victim), Following(Marked(Victim), Victim, mayFollow: true) with { ExpectedFingerprint = null }), Is.InstanceOf<Stalled>());

    [Test]
    public void An_owner_that_is_named_and_granted_is_followed_and_its_mark_swapped_against_what_was_read()
    {
        var observed = Marked(Victim);

        var step = (Step)Decide(observed, Following(observed, Victim, mayFollow: true));

        var marks = step.Changes.Where(c => c.Set.Type == "TXT").Select(c => (c.IsCreate, OwnershipMark.Read(c.Set))).ToList();
        Assert.That(marks, Is.EquivalentTo(new[] { (false, Victim), (false, Victim), (true, Thief), (true, Thief) }));
    }

    [Test]
    public void Sets_without_a_mark_are_taken_over_only_with_their_fingerprint()
    {
        var observed = Served(("a", 255), ("b", 0)) with { Marks = [] };
        var decision = Decide(observed, Wanted(("a", 0), ("b", 255)) with { Adopt = true });
        Assert.That(decision, Is.InstanceOf<Stalled>().And.Property("Reason").EqualTo(DnsReasons.NotOurs));
    }

    [Test]
    public void Two_installations_with_all_the_defaults_are_two_owners()
    {
        var other = Victim with { Instance = Identity.Replace("000001/", "000002/", StringComparison.Ordinal) };
        Assert.That(Decide(Marked(other), Wanted(("a", 0), ("b", 255)) with { Claim = new RecordClaim(Victim, [], null, false) }), Is.InstanceOf<Stalled>());
    }

    [Test]
    public void Marks_of_a_former_name_stay_valid_and_as_they_are_until_their_object_is_told_to_change_them()
    {
        var former = Victim with { Instance = "modestano" };
        var observed = Marked(former);
        var desired = Wanted(("a", 0), ("b", 255)) with { Claim = new RecordClaim(Victim, [former], null, false) };

        var shift = (Step)Decide(observed, desired);
        Assert.That(shift.Changes.Where(c => c.Set.Type == "TXT"), Is.Empty, "marks are never changed by the way");

        var remark = (Step)Decide(observed, Adopting(observed, Wanted(("a", 255), ("b", 0))) with { Claim = new RecordClaim(Victim, [former], former.ToString(), false) });
        Assert.That(
            remark.Changes.Where(c => c.Set.Type == "TXT").Select(c => (c.IsCreate, OwnershipMark.Read(c.Set))),
            Is.EquivalentTo(new[] { (false, former), (false, former), (true, Victim), (true, Victim) }));
    }

    [TestCase("blog/shop", null, true, TestName = "The_former_object_lets_go_of_its_records")]
    [TestCase("blog/other", null, false, TestName = "A_release_to_another_object_is_none")]
    [TestCase(null, null, false, TestName = "Without_a_release_or_a_grant_nobody_follows")]
    [TestCase(null, Identity + "/shop/*", true, TestName = "The_operators_grants_let_a_namespace_follow")]
    [TestCase(null, Identity + "/store/*", false, TestName = "A_grant_for_another_owner_is_none")]
    public void Somebody_else_has_to_allow_that_an_owner_is_followed(string? releaseTo, string? granted, bool mayFollow)
    {
        var former = Record("shop", "shop", 1);
        former.Metadata.Annotations = releaseTo is null ? null : new Dictionary<string, string> { [Annotations.ReleaseTo] = releaseTo };
        var applicant = Record("blog", "shop", 2);
        applicant.Spec = applicant.Spec with { Adoption = new DnsAdoptionSpec { Mode = "Adopt", PreviousOwner = Victim.ToString() } };
        applicant.Metadata.Annotations = new Dictionary<string, string> { [Annotations.ReleaseTo] = "blog/shop" };
        var grants = granted is null ? Grants.None : GrantsFile.Parse($"adoptions: [{{namespaces: [blog], previousOwners: ['{granted}']}}]", "grants.yaml");

        var claim = RecordClaim.Of(applicant, Identity, grants, key => key == ObjectKey.Of(former) ? former : null);

        Assert.That((claim.PreviousOwner, claim.MayFollow), Is.EqualTo((Victim.ToString(), mayFollow)));
    }

    [Test]
    public void A_grant_to_follow_is_one_namespaces()
    {
        var applicant = Record("blog", "shop", 2);
        applicant.Spec = applicant.Spec with { Adoption = new DnsAdoptionSpec { Mode = "Adopt", PreviousOwner = Victim.ToString() } };
        bool MayFollow(string space) =>
            RecordClaim.Of(applicant, Identity, GrantsFile.Parse($"adoptions: [{{namespaces: [{space}], previousOwners: ['{Identity}/shop/*']}}]", "grants.yaml"), _ => null).MayFollow;

        Assert.That((MayFollow("blog"), MayFollow("api")), Is.EqualTo((true, false)));
    }

    [TestCase("shop.modestano.com", "A", true)]
    [TestCase("SHOP.modestano.com.", "A", true, TestName = "A_release_of_the_same_name_in_another_spelling_is_one")]
    [TestCase("api.modestano.com", "A", false, TestName = "A_release_of_another_name_is_none")]
    [TestCase("shop.modestano.com", "AAAA", false, TestName = "A_release_of_another_type_is_none")]
    public void A_release_is_of_the_former_objects_own_record(string name, string type, bool releases)
    {
        var former = Record("shop", "shop", 1);
        former.Spec = former.Spec with { Name = name, Type = type };
        former.Metadata.Annotations = new Dictionary<string, string> { [Annotations.ReleaseTo] = "blog/shop" };

        Assert.That(RecordClaim.Releases(former, Record("blog", "shop", 2)), Is.EqualTo(releases));
    }

    [Test]
    public void Former_names_of_the_installation_come_from_the_configuration_alone()
    {
        var record = Record("shop", "shop", 1);
        var former = Victim with { Instance = "modestano" };
        bool IsOurs(Grants grants) => RecordClaim.Of(record, Identity, grants, _ => null).IsOurs(former);

        Assert.That((IsOurs(Grants.None), IsOurs(GrantsFile.Parse("previousInstanceIds: [modestano]", "grants.yaml"))), Is.EqualTo((false, true)));
    }

    [Test]
    public void An_older_object_without_a_grant_keeps_nobody_out()
    {
        var (squatter, victim) = (Record("stranger", "squat", 1), Record("shop", "shop", 2));
        squatter.Status = new WeightedDnsRecordStatus { HostedZoneId = "Z1" };
        Assert.That(OneOwnerRule.Rival(victim, "Z1", [squatter, victim], r => r.Metadata.NamespaceProperty == "shop"), Is.Null);
        Assert.That(OneOwnerRule.Rival(victim, "Z1", [squatter, victim], _ => true), Is.SameAs(squatter));
    }

    [Test]
    public void A_forged_zone_in_status_makes_no_rival()
    {
        var (squatter, victim) = (Record("stranger", "squat", 1), Record("shop", "shop", 2));
        squatter.Spec = squatter.Spec with { HostedZone = new HostedZoneReference { Id = "Z9" } };
        squatter.Status = new WeightedDnsRecordStatus { HostedZoneId = "Z1" };
        Assert.That(OneOwnerRule.Rival(victim, "Z1", [squatter, victim], _ => true), Is.Null);
    }

    [Test]
    public void Who_holds_the_marks_is_kept_out_by_nobody_who_does_not()
    {
        var desired = Wanted(("a", 255), ("b", 0)) with { Claim = new RecordClaim(Victim, [], null, false) };
        Assert.That(OneOwnerRule.Holds(Marked(Victim), desired), Is.True);
        Assert.That(OneOwnerRule.Holds(Marked(Thief), desired), Is.False);
        Assert.That(OneOwnerRule.Holds(Served() with { Marks = [] }, desired), Is.False, "nothing is there yet");
    }

    [Test]
    public void A_rival_of_another_namespace_is_not_named()
    {
        var victim = Record("shop", "shop", 2);
        Assert.That(OneOwnerRule.Words(victim, Record("stranger", "squat", 1)), Does.Not.Contain("stranger").And.Not.Contain("squat"));
        Assert.That(OneOwnerRule.Words(victim, Record("shop", "api", 1)), Does.Contain("api"));
    }

    [TestCase("_modestano-a.shop.modestano.com.", true)]
    [TestCase("_modestano-cname-wildcard.modestano.com.", true)]
    [TestCase("shop.modestano.com.", false)]
    public void Names_of_marks_are_told_apart(string name, bool isMark) => Assert.That(OwnershipMark.IsMarkName(name), Is.EqualTo(isMark));

    private static DnsDecision Decide(ObservedGroup observed, DesiredGroup desired) => DnsPlanner.Next(new(observed, desired, new ShiftPolicy(), Now)).Decision;

    private static ObservedGroup Marked(RecordOwner owner) =>
        Served(("a", 255), ("b", 0)) with { Marks = [OwnershipMark.For(Name, "A", "a", owner), OwnershipMark.For(Name, "A", "b", owner)] };

    private static DesiredGroup Following(ObservedGroup observed, RecordOwner previous, bool mayFollow) =>
        Adopting(observed, Wanted(("a", 255), ("b", 0))) with { Claim = new RecordClaim(Thief, [], previous.ToString(), mayFollow) };

    private static WeightedDnsRecord Record(string space, string name, int day) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = space, Uid = $"{space}-{name}", CreationTimestamp = new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc) },
        Spec = new WeightedDnsRecordSpec
        {
            ProviderRef = new LocalObjectReference { Name = "production" },
            HostedZone = new HostedZoneReference { Id = "Z1" },
            Name = "shop.modestano.com",
            Endpoints = [new EndpointSpec { SetIdentifier = "a", Weight = 1, Values = ["192.0.2.1"] }],
        },
    };
}
