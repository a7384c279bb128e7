using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Gates;

namespace Modestano.Operator.Tests.Migrations;

[TestFixture]
public sealed class EndpointGateTests
{
    public static IEnumerable<TestCaseData> Table()
    {
        yield return Case("A_record_without_a_health_check_has_no_gate", "", [("eu-west-1", "Healthy"), ("eu-west-2", null)]);
        yield return Case("A_healthy_endpoint_passes", "Passing", [("eu-west-1", "Unhealthy"), ("eu-west-2", "Healthy")]);
        yield return Case("An_unhealthy_endpoint_fails", "Failing", [("eu-west-2", "Unhealthy")]);
        yield return Case("One_of_several_is_enough_to_fail", "Failing", [("eu-west-2", "Healthy"), ("eu-west-2", "Unknown"), ("eu-west-2", "Unhealthy")]);
        yield return Case("A_check_that_does_not_tell_is_no_data", "Unknown", [("eu-west-2", "Healthy"), ("eu-west-2", "Unknown")]);
    }

    [TestCaseSource(nameof(Table))]
    public void The_health_checks_of_the_region_that_traffic_goes_to_say((string Region, string? Health)[] endpoints, string expected)
    {
        var record = new WeightedDnsRecord
        {
            Metadata = new() { Name = "shop" },
            Status = new WeightedDnsRecordStatus { Endpoints = [.. endpoints.Select((e, i) => new EndpointStatus { SetIdentifier = $"{e.Region}-{i}", Region = e.Region, Health = e.Health })] },
        };
        var gates = EndpointGates.Evaluate([record], "eu-west-2", DateTimeOffset.UnixEpoch).ToList();
        Assert.That(string.Join(' ', gates.Select(g => g.Result)), Is.EqualTo(expected));
        Assert.That(gates.Select(g => g.Name), Is.All.EqualTo("health-check-shop"));
    }

    private static TestCaseData Case(string name, string expected, (string Region, string? Health)[] endpoints) => new TestCaseData(endpoints, expected).SetName(name);
}
