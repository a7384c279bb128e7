using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

/// <summary>R10: a step-down is not computed from a configuration that a newer one would void, so the lease itself is looked at before it.</summary>
public class LiveLeaseTests
{
    [Test]
    public async Task A_step_down_is_not_sent_where_the_lease_is_somebody_elses_by_then()
    {
        var stage = new ControllerStage(ControllerStage.ThreePlusThree("eu-west-2"));
        stage.Set.Initiate([.. ControllerStage.Region("eu-west-1").Members.Select(m => m.Host)]);
        stage.Leadership.LeaseIsAnothers = true;

        LeadershipLostException? lost = null;
        for (var i = 0; i < 200 && lost is null; i++)
        {
            try
            {
                await stage.PassAsync();
            }
            catch (LeadershipLostException e)
            {
                lost = e;
            }
        }

        Assert.That(lost, Is.Not.Null, "it came as far as the step-down");
        Assert.That(stage.Set.Steps.OfType<StepDown>(), Is.Empty);
        stage.Leadership.LeaseIsAnothers = false;
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        Assert.That(stage.Set.Steps.OfType<StepDown>().Count(), Is.EqualTo(1));
    }
}
