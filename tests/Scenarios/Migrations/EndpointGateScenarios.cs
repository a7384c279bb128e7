using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.Migrations;

/// <summary>The Route 53 health check of London's endpoint: traffic rises only while it passes (D5).</summary>
internal sealed class EndpointGateScenarios
{
    private string _check = "";

    [Test]
    public void An_unhealthy_endpoint_holds_the_traffic_where_it_is_until_it_is_healthy()
    {
        using var world = Start("Hold");
        world.RunUntil(w => w.Status.Step is { Percent: 10, InSyncTime: not null });
        world.Cluster.Route53.HealthChecks.Set(_check, healthy: false);
        world.RunFor(300);
        Assert.That((world.Phase, world.Weights), Is.EqualTo((MigrationPhases.Shifting, "230/25")), world.Story());
        Assert.That(world.Status.WaitingFor, Is.EqualTo("gate health-check-shop: the health check of endpoint eu-west-2 is Unhealthy"));
        var gate = world.Status.Gates!.Single(g => g.Name == "health-check-shop");
        Assert.That(gate.Result, Is.EqualTo("Failing"));
        Assert.That(gate.Time, Is.Not.Null);
        world.Cluster.Route53.HealthChecks.Set(_check, healthy: true);
        world.RunUntilPhase(MigrationPhases.Completed);
    }

    [Test]
    public void An_unhealthy_endpoint_rolls_back_where_the_spec_says_so()
    {
        using var world = Start("RollBack");
        world.RunUntil(w => w.Status.Step is { Percent: 10, InSyncTime: not null });
        world.Cluster.Route53.HealthChecks.Set(_check, healthy: false);
        world.RunUntilPhase(MigrationPhases.RolledBack);
        Assert.That((world.Weights, world.Status.RollBack!.Source), Is.EqualTo(("255/0", "GateFailure")));
        Assert.That(world.Status.RollBack.Reason, Is.EqualTo("gate health-check-shop: the health check of endpoint eu-west-2 is Unhealthy"));
    }

    private MigrationWorld Start(string onGateFailure) => new(
        spec => spec with { OnGateFailure = onGateFailure },
        cluster =>
        {
            _check = cluster.Route53.HealthChecks.Create();
            return record => record with { Endpoints = [record.Endpoints[0], record.Endpoints[1] with { HealthCheckId = _check }] };
        });
}
