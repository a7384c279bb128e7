using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>A binary cannot copy data of a feature compatibility version that it does not know (manual: setFeatureCompatibilityVersion).</summary>
[TestFixture]
public class FeatureVersionTests
{
    [TestCase("7.0.14", null, "7.0", true, TestName = "The_same_release_joins")]
    [TestCase("6.0.9", null, "7.0", false, TestName = "A_binary_older_than_the_sets_version_is_refused_before_it_joins")]
    [TestCase("6.0.9", null, "6.0", true, TestName = "It_joins_a_newer_set_that_still_has_its_version")]
    [TestCase("8.0.1", null, "7.0", true, TestName = "A_binary_one_release_newer_joins")]
    [TestCase("8.0.1", null, "6.0", false, TestName = "A_binary_that_does_not_know_the_sets_old_version_any_more_is_refused")]
    [TestCase("8.0.9", null, "8.2", false, TestName = "A_minor_release_counts")]
    [TestCase(null, 17, "7.0", false, TestName = "Without_a_login_the_wire_version_tells")]
    [TestCase(null, 21, "7.0", true, TestName = "A_wire_version_of_the_same_release_joins")]
    [TestCase(null, 12, "4.9", true, TestName = "The_recorded_development_release_joins_its_like")]
    public void A_member_that_is_to_be_added(string? version, int? wire, string feature, bool joins)
    {
        var primary = feature[0] == '8' ? "8.2.0" : feature == "4.9" ? "4.9.0" : "7.0.14";
        var observed = Sets.Observed(Sets.Rested('a', "a1", "a2", "a3"), "a1", "b1")
            .With("a1", m => m with { FeatureCompatibilityVersion = feature, Version = primary })
            .With("b1", m => m with { Version = version, MaxWireVersion = wire });
        var decision = Planner.Next(new(observed, Sets.Topology("a", "a1", "a2", "a3", "b1"), Sets.Policy, PlanningHistory.Empty));
        Assert.That(decision is PlanDecision.Act { Step: Reconfig { Additions.Count: 1 } }, Is.EqualTo(joins), Sets.Words(decision));
        if (!joins)
        {
            Assert.That(Sets.Words(decision), Does.StartWith(PlanReasons.MemberPreflightFailed).And.Contain($"feature compatibility version is {feature}"));
        }
    }

    [Test]
    public void While_the_version_is_being_changed_nobody_joins_votes_or_becomes_primary()
    {
        var config = Sets.Rested('a', "a1", "a2", "a3");
        var observed = Changing(Sets.Observed(config, "a1", "b1"));
        Assert.That(Words(Sets.Topology("a", "a1", "a2", "a3", "b1"), observed), Does.StartWith(PlanReasons.FeatureVersionChanging).And.Contain("from 7.0 to 8.0"));

        var joined = Changing(Sets.Observed(Sets.Rested('a', "a1", "a2", "a3", "b1", "b2").With("b1", Sets.Joined).With("b2", Sets.Joined), "a1"));
        Assert.That(Words(Sets.Topology("a", "a1", "a2", "a3", "b1", "b2"), joined), Does.StartWith(PlanReasons.FeatureVersionChanging));

        var moving = Changing(Sets.Observed(Sets.Config("a1", "a2", "b1", "b2", "b3"), "a1"));
        Assert.That(Words(Sets.Topology("b", "a1", "a2", "b1", "b2", "b3"), moving), Does.StartWith(PlanReasons.FeatureVersionChanging));
    }

    [Test]
    public void The_target_is_read_from_the_document()
    {
        // As the manual writes it of an upgrade under way (setFeatureCompatibilityVersion).
        var parameter = MongoDB.Bson.BsonDocument.Parse("{ featureCompatibilityVersion: { version: '6.0', targetVersion: '7.0', previousVersion: '6.0' }, ok: 1 }");
        var member = MemberReader.Read("a1:27017", new MemberReplies { Host = "a1:27017", FeatureCompatibility = new CommandReply(parameter, null) }, null, null, stranger: null);
        Assert.That((member.FeatureCompatibilityVersion, member.FeatureCompatibilityTarget), Is.EqualTo(("6.0", "7.0")));
    }

    private static string Words(Modestano.Operator.ReplicaSets.Topology.DesiredTopology wanted, ObservedReplicaSet observed) => Sets.Words(Planner.Next(new(observed, wanted, Sets.Policy, PlanningHistory.Empty)));

    private static ObservedReplicaSet Changing(ObservedReplicaSet observed) => observed.With("a1", m => m with { FeatureCompatibilityTarget = "8.0" });
}
