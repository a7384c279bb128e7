using DnsClient;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed.Route53;

namespace Modestano.Scenarios.Dns;

/// <summary>The operator on an API server and Route 53 in real time, watched with the clients that people use.</summary>
[Category("RealClients")]
[Category("EmbeddedOnly")]
public sealed class ClusterScenarios
{
    private LiveDnsWorld _world = null!;

    [SetUp]
    public async Task StartWorld() => _world = await LiveDnsWorld.StartAsync(new Route53Options { PropagationDelay = TimeSpan.FromSeconds(1) });

    [TearDown]
    public async Task StopWorld() => await _world.DisposeAsync();

    [Test]
    public async Task A_record_is_applied_shifted_and_deleted_and_kubectl_aws_and_dns_agree()
    {
        await _world.ApplyAsync(Manifest(255, 0));
        await _world.KubectlAsync("wait", "--for=condition=Ready", "wdr/shop", "--timeout=90s");
        Assert.That(await AnswersAsync(20), Is.EqualTo(new[] { "192.0.2.10" }));

        await _world.ApplyAsync(Manifest(0, 255));
        await Eventually.Is(async () => (await _world.KubectlAsync("get", "wdr", "shop", "-o", "jsonpath={.status.summary.served}")) == "eu-west-1:0 eu-west-2:255", "all traffic goes to London");
        await _world.KubectlAsync("wait", "--for=condition=Ready", "wdr/shop", "--timeout=90s");

        var listed = await _world.AwsAsync("list-resource-record-sets", "--hosted-zone-id", _world.Zone, "--query", "ResourceRecordSets[?Type=='A'].[SetIdentifier,Weight]", "--output", "text");
        Assert.That(listed.Trim().Split('\n'), Is.EqualTo(new[] { "eu-west-1\t0", "eu-west-2\t255" }));
        Assert.That(await AnswersAsync(20), Is.EqualTo(new[] { "198.51.100.10" }));
        Assert.That(_world.Route53.Zones.Log.Select(b => b.Changes.Count(c => c.Action == "CREATE" && c.Set.Type == "A")), Is.EqualTo(new[] { 2, 2, 2 }), "created, half, whole");
        Assert.That(await _world.KubectlAsync("get", "wdr", "shop"), Does.Match(@"shop\s+True\s+shop\.modestano\.test\s+A\s+eu-west-1:0 eu-west-2:255\s+eu-west-1:0 eu-west-2:255\s+True"));
        Assert.That(await _world.KubectlAsync("describe", "wdr", "shop"), Does.Contain("Shifted shop.modestano.test A from eu-west-1:255 eu-west-2:0 to eu-west-1:127 eu-west-2:128").Or.Contain("to eu-west-1:128 eu-west-2:127"));

        await _world.KubectlAsync("delete", "wdr", "shop", "--timeout=90s");
        Assert.That(_world.Route53.Zones.Sets(_world.Zone).Keys.Select(k => k.Type), Is.EquivalentTo(new[] { "NS", "SOA" }));
        Assert.That(_world.Route53.Requests.CountOf("Throttling"), Is.Zero);
    }

    [Test]
    public async Task A_zone_that_does_not_exist_is_a_condition_that_says_what_to_do()
    {
        await _world.ApplyAsync(Manifest(255, 0).Replace(_world.Zone, "Z0NOTGRANTED", StringComparison.Ordinal));
        await _world.KubectlAsync("wait", "--for=condition=Stalled", "wdr/shop", "--timeout=90s");
        Assert.That(await _world.KubectlAsync("get", "wdr", "shop", "-o", "wide"), Does.Contain("does not grant hosted zone Z0NOTGRANTED"));

        Assert.That(await _world.KubectlAsync("delete", "wdr", "shop", "--timeout=90s"), Does.Contain("deleted"), "what was never made need not be removed");
    }

    private string Manifest(int ireland, int london) =>
        $$"""
        apiVersion: mongo.modestano.io/v1alpha1
        kind: WeightedDnsRecord
        metadata: {name: shop}
        spec:
          providerRef: {name: production}
          hostedZone: {id: {{_world.Zone}}}
          name: shop.modestano.test
          type: A
          ttl: 1
          deletionPolicy: Delete
          shift: {maxStepPercent: 50, interval: 1s}
          endpoints:
          - {setIdentifier: eu-west-1, region: eu-west-1, weight: {{ireland}}, values: [192.0.2.10]}
          - {setIdentifier: eu-west-2, region: eu-west-2, weight: {{london}}, values: [198.51.100.10]}
        """;

    private async Task<string[]> AnswersAsync(int times)
    {
        var dns = new LookupClient(new LookupClientOptions(_world.Route53.Dns) { UseCache = false });
        var seen = new List<string>();
        for (var i = 0; i < times; i++)
        {
            seen.AddRange((await dns.QueryAsync("shop.modestano.test", QueryType.A)).Answers.ARecords().Select(a => a.Address.ToString()));
        }

        return [.. seen.Distinct()];
    }
}
