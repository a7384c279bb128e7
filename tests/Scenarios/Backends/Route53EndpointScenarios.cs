using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Scenarios.WholeWorld;
using Modestano.Testbed;
using Modestano.Testbed.Backends;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.Route53;

namespace Modestano.Scenarios.Backends;

/// <summary>The operator's process on a Route 53 that was there before the world: the one that <c>AWS_ENDPOINT_URL_ROUTE_53</c> names.</summary>
[CancelAfter(180_000)]
[Category("Processes")]
public sealed class Route53EndpointScenarios
{
    [Test]
    public async Task A_record_shifts_step_by_step_at_the_endpoint_that_the_variable_names()
    {
        await using var route53 = await EmbeddedRoute53.StartAsync(new Route53Options { PropagationDelay = TimeSpan.FromSeconds(1) });
        var backends = BackendChoice.FromEnvironment(name => name == "AWS_ENDPOINT_URL_ROUTE_53" ? route53.Endpoint.ToString() : null);
        await using var operated = await OperatedWorld.StartAsync(backends: backends);
        Assert.That(() => operated.World.Route53, Throws.InvalidOperationException, "the world has none of its own");

        await ApplyAsync(operated, ireland: 255, london: 0);
        await ServesAsync(operated, "eu-west-1:255 eu-west-2:0");
        await ApplyAsync(operated, ireland: 0, london: 255);
        await ServesAsync(operated, "eu-west-1:0 eu-west-2:255");

        var weights = route53.Zones.Sets(operated.World.ZoneId).Values.Where(set => set.Type == "A").ToDictionary(set => set.SetIdentifier!, set => set.Weight);
        Assert.That(weights, Is.EquivalentTo(new Dictionary<string, long?> { ["eu-west-1"] = 0, ["eu-west-2"] = 255 }));
        Assert.That(route53.Zones.Log.Count(batch => batch.Changes.Any(change => change.Set.Type == "A")), Is.EqualTo(3), "created, half, whole");
    }

    private static async Task ApplyAsync(OperatedWorld operated, int ireland, int london) => await operated.ApplyAsync(YamlText.ParseAll($$"""
        apiVersion: mongo.modestano.io/v1alpha1
        kind: WeightedDnsRecord
        metadata: {name: shop}
        spec:
          providerRef: {name: production}
          hostedZone: {id: {{operated.World.ZoneId}}}
          name: {{SampleNames.Record}}
          type: A
          ttl: 1
          shift: {maxStepPercent: 50, interval: 1s}
          endpoints:
          - {setIdentifier: eu-west-1, region: eu-west-1, weight: {{ireland}}, values: [192.0.2.10]}
          - {setIdentifier: eu-west-2, region: eu-west-2, weight: {{london}}, values: [198.51.100.10]}
        """).Single()!.AsObject());

    private static async Task ServesAsync(OperatedWorld operated, string served) => await Eventually.Is(
        async () => (await operated.GetAsync<WeightedDnsRecord>("shop")).Status is { Summary.Served: var now } status && now == served
            && status.Conditions?.Any(c => c is { Type: ConditionTypes.Ready, Status: "True" }) == true,
        $"status says {served}",
        TimeSpan.FromSeconds(90));
}
