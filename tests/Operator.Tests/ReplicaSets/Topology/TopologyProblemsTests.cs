using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Control;

namespace Modestano.Operator.Tests.ReplicaSets.Topology;

public class TopologyProblemsTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void A_region_whose_members_a_migration_retired_says_so_and_how_they_come_back(bool retired)
    {
        var spec = ControllerStage.ThreePlusThree("eu-west-1").Spec;
        var hosts = spec.Regions.Single(r => r.Name == "eu-west-1").Members.Select(m => m.Host).ToList();
        var latched = new LatchedOverride { MigrationName = "to-london", MigrationUid = "uid-1", ObservedRevision = 1, Settled = true };

        var problem = RestPlan.For(DesiredTopology.From(spec, "owner", retired ? latched with { RetiredMembers = hosts } : latched with { HiddenMembers = hosts }), null).Problem;

        Assert.That(problem, Does.StartWith("no member of region eu-west-1 can be primary"));
        Assert.That(problem, retired ? Does.EndWith($"; a migration retired {string.Join(", ", hosts)} (status.override): name another primaryRegion, or take them out of spec.regions in one commit and list them again in the next") : Does.Not.Contain("retired"));
    }
}
