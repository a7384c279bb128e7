using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>Records that stand at different shares when a migration claims them.</summary>
[TestFixture]
public sealed class RecordsApartTests
{
    [TestCase(10, 140)]
    [TestCase(50, 140)]
    [TestCase(80, 204)]
    [TestCase(100, 255)]
    public void A_record_that_is_ahead_of_a_step_stays_where_it_is_until_the_steps_have_caught_up(int percent, int expected)
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Shifting);
        var began = stage.Status.Override!;
        var ahead = began with { Records = [began.Records!.Single() with { Weights = new Dictionary<string, int> { ["eu-west-1"] = 115, ["eu-west-2"] = 140 } }] };
        stage.Migration.Status = stage.Status with { Override = ahead };

        Assert.That(Asks.AtPercent(stage.Context(), ahead, percent).Records!.Single().Weights["eu-west-2"], Is.EqualTo(expected));
    }
}
