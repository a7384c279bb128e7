using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Status;
using Modestano.Operator.Tests.ReplicaSets.Control;

namespace Modestano.Operator.Tests.ReplicaSets.Status;

/// <summary>Under an override the spec is not what is in force, and the set says so.</summary>
public class InForceTests
{
    private static readonly LatchedOverride Agreeing = new() { MigrationName = "to-london", MigrationUid = "uid-1", ObservedRevision = 1, Settled = true, PrimaryRegion = "eu-west-1" };

    [Test]
    public void Nothing_is_in_force_instead_where_the_two_agree() => Assert.That(InForce.Instead(Spec, Agreeing), Is.Null);

    [Test]
    public void The_primarys_region_and_the_field_that_waits_are_named() => Assert.That(
        InForce.Instead(Spec, Agreeing with { PrimaryRegion = "eu-west-2" }),
        Is.EqualTo("the primary belongs to eu-west-2 (spec.primaryRegion says eu-west-1)"));

    [Test]
    public void Members_are_told_by_what_became_of_them()
    {
        var hosts = Spec.Regions[0].Members.Select(m => m.Host).ToList();

        Assert.That(
            InForce.Instead(Spec, Agreeing with { RetiredMembers = [hosts[0]], VotelessMembers = [hosts[1], hosts[2]], HiddenMembers = [hosts[2].ToUpperInvariant()] }),
            Is.EqualTo($"{hosts[0]} is out of the set (spec.regions says otherwise); {hosts[1]}, {hosts[2]} are without a vote (spec.regions says otherwise); {hosts[2]} is hidden (spec.regions says otherwise)"));
    }

    [Test]
    public void Members_of_which_the_spec_says_the_same_are_left_out()
    {
        var gone = Agreeing with { RetiredMembers = ["gone.eu-west-3:27017"], VotelessMembers = ["gone.eu-west-3:27017"] };

        Assert.That(InForce.Instead(Spec, gone), Is.Null);
    }

    private static MongoReplicaSetSpec Spec => ControllerStage.ThreePlusThree("eu-west-1").Spec;
}
