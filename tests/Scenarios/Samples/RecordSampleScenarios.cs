using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Scenarios.Dns;
using Modestano.Testbed;

namespace Modestano.Scenarios.Samples;

/// <summary>The real operator makes every record of the samples at the embedded Route 53, under the grants that the samples name.</summary>
public sealed class RecordSampleScenarios
{
    private static IEnumerable<string> Folders() => Sample.FoldersWith<WeightedDnsRecord>();

    [TestCaseSource(nameof(Folders))]
    public async Task A_record_is_served_as_its_sample_says(string folder)
    {
        await using var world = await DnsWorld.StartAsync();
        world.Route53.Zones.CreateZone(SampleNames.Zone, SampleNames.ZoneId);
        world.ChangeGrants = grants => grants with
        {
            Providers = [.. Sample.Grants.Providers.Select(p => p with { Namespaces = new NamespaceList([DnsWorld.Namespace]), Endpoint = world.Route53.Endpoint, RequestsPerSecond = 1e9 })],
        };
        world.TakeOver();
        var sample = Sample.Of<WeightedDnsRecord>(folder);

        // The checks of the sample are those of somebody's account; here there are others.
        var spec = sample.Spec with { Endpoints = [.. sample.Spec.Endpoints.Select(e => e.HealthCheckId is null ? e : e with { HealthCheckId = world.Route53.HealthChecks.Create() })] };
        world.Put("shop", spec);
        await world.RunUntilReadyAsync();

        var served = world.Route53.Zones.Sets(SampleNames.ZoneId).Values.Where(s => s.Type == spec.Type).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(served.Select(s => $"{s.SetIdentifier}:{s.Weight}"), Is.EqualTo(spec.Fence ? ["eu-west-1:255"] : new[] { "eu-west-1:255", "eu-west-2:0" }), "fence takes away what has no weight");
            Assert.That(served.Select(s => s.Alias is not null).Distinct(), Is.EqualTo(new[] { folder == "alias-endpoints" }));
            Assert.That(served.Select(s => s.HealthCheckId is not null).Distinct(), Is.EqualTo(new[] { folder == "health-checks" }));
            Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Not.Contain("no fence"), "nothing to warn of");
        }
    }
}
