using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Operator.Tests.Runtime;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

/// <summary>A spec that a newer version wrote.</summary>
public sealed class UnknownValueTests
{
    private static IEnumerable<ClosedSet> Fields => ClosedSet.Of("MongoReplicaSet");

    [TestCaseSource(nameof(Fields))]
    public async Task A_replica_set_with_a_value_from_a_newer_version_is_stalled_and_not_even_looked_at(ClosedSet field)
    {
        var stage = StageThatHasWork();
        stage.Entity.Spec = field.In(stage.Entity.Spec, "FromTheFuture");

        await stage.PassAsync();
        await stage.PassAsync();

        Assert.That(stage.Condition(ConditionTypes.Stalled), Has.Property("Status").EqualTo("True").And.Property("Reason").EqualTo(RuntimeReasons.UnknownValue).And.Property("Message").StartsWith(field.Told));
        Assert.That(stage.Status.Phase, Is.EqualTo(ReplicaSetPhases.Stalled));
        Assert.That(stage.Set.Reaches, Is.Empty);
        Assert.That(stage.Set.Steps, Is.Empty);
    }

    [Test]
    public async Task In_the_middle_of_its_work_it_stops_and_with_a_known_value_goes_on()
    {
        var stage = StageThatHasWork();
        while (stage.Set.Steps.Count < 2)
        {
            await stage.PassAsync();
        }

        var known = stage.Entity.Spec;
        Edit(stage, known with { Reconfiguration = known.Reconfiguration with { Approval = "ByTwoPersons" } });
        for (var i = 0; i < 5; i++)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Set.Steps, Has.Count.EqualTo(2));
        Assert.That(stage.Events.All.Where(e => e.Contains(RuntimeReasons.UnknownValue, StringComparison.Ordinal)), Has.One.Items, "once, not in every pass");

        Edit(stage, known);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
    }

    private static ControllerStage StageThatHasWork()
    {
        var stage = new ControllerStage(ControllerStage.ThreePlusThree("eu-west-1"));
        stage.Set.Initiate([.. ControllerStage.Region("eu-west-1").Members.Select(m => m.Host)]);
        return stage;
    }

    private static void Edit(ControllerStage stage, MongoReplicaSetSpec spec)
    {
        var entity = stage.Entity;
        entity.Spec = spec;
        entity.Metadata.Generation++;
    }
}
