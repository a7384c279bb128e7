using System.Diagnostics;
using System.Globalization;
using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed.Route53;

namespace Modestano.Scenarios.Dns;

/// <summary>
/// What it costs to shift many records of one zone in two steps, in real time, with the operator's default workers and budget.
/// <c>make bench-dns</c> takes a thousand records, under the service's five requests a second for an account; the tests take fewer.
/// </summary>
[Category("Bench")]
[Category("EmbeddedOnly")]
public sealed class ShiftBench
{
    private const int Steps = 2;
    private const string Group = "mongo.modestano.io";
    private const string Version = "v1alpha1";
    private const string Plural = "weighteddnsrecords";

    private static readonly int Many = int.Parse(Environment.GetEnvironmentVariable("MODESTANO_BENCH_RECORDS") ?? "40", CultureInfo.InvariantCulture);

    [Test]
    public async Task Many_records_of_a_zone_shift_together_in_few_batches_and_are_never_throttled()
    {
        // Few records shift on a quick service, as the tests have to; many on one with the real rate and a slow spread.
        var (propagation, rate) = Many < 100 ? (TimeSpan.FromSeconds(1), 50) : (TimeSpan.FromSeconds(20), 5);
        await using var world = await LiveDnsWorld.StartAsync(new Route53Options { PropagationDelay = propagation, RequestsPerSecond = rate });
        await Parallel.ForEachAsync(Enumerable.Range(0, Many), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, token) =>
            await world.Kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync(Record(world, i), Group, Version, "default", Plural, cancellationToken: token));
        var created = Stopwatch.StartNew();
        await UntilAsync(world, "eu-west-1:255 eu-west-2:0");
        TestContext.Out.WriteLine($"created in {created.Elapsed.TotalSeconds:0} s: {Calls(world, 0)}");

        var (batches, calls) = (world.Route53.Zones.Log.Count, world.Route53.Requests.All.Count);
        var shifted = Stopwatch.StartNew();
        var shift = new V1Patch(
            """
            {"spec":{"endpoints":[
              {"setIdentifier":"eu-west-1","region":"eu-west-1","weight":0,"values":["192.0.2.10"]},
              {"setIdentifier":"eu-west-2","region":"eu-west-2","weight":255,"values":["198.51.100.10"]}]}}
            """, V1Patch.PatchType.MergePatch);
        await Parallel.ForEachAsync(Enumerable.Range(0, Many), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, token) =>
            await world.Kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(shift, Group, Version, "default", Plural, $"r{i}", cancellationToken: token));
        await UntilAsync(world, "eu-west-1:0 eu-west-2:255");

        var sent = world.Route53.Zones.Log.Skip(batches).ToList();
        var perStep = (int)Math.Ceiling(sent.Count / (double)Steps);
        TestContext.Out.WriteLine($"shifted in {shifted.Elapsed.TotalSeconds:0} s of real time ({Steps} steps, each with {propagation.TotalSeconds:0} s until INSYNC, 1 s of TTL and 1 s of interval): {Calls(world, calls)}");
        TestContext.Out.WriteLine($"changes a batch: {string.Join(", ", sent.Select(b => b.Changes.Count))}");
        TestContext.Out.WriteLine($"{Many} records, {perStep} batches a step, {world.Route53.Requests.CountOf("Throttling")} throttled");

        Assert.That(world.Route53.Requests.All.Select(r => r.Code).Distinct(), Is.EqualTo(new[] { "OK" }));
        // Two sets that are deleted and created each: a batch takes 250 records. Passes do not all come at the same moment.
        Assert.That(perStep, Is.LessThanOrEqualTo((Many / 250) + 6));
        Assert.That(sent.Sum(b => b.Changes.Count), Is.EqualTo(Many * Steps * 4), "no record was written more often than it had steps");
    }

    private static string Calls(LiveDnsWorld world, int after)
    {
        var calls = world.Route53.Requests.All.Skip(after).ToList();
        return $"{calls.Count} API calls ({string.Join(", ", calls.CountBy(c => c.Operation).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}"))})";
    }

    private static WeightedDnsRecord Record(LiveDnsWorld world, int i) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"r{i}", NamespaceProperty = "default" },
        Spec = new WeightedDnsRecordSpec
        {
            ProviderRef = new LocalObjectReference { Name = "production" },
            HostedZone = new HostedZoneReference { Id = world.Zone },
            Name = $"r{i}.modestano.test",
            Type = "A",
            Ttl = 1,
            Shift = new ShiftSpec { MaxStepPercent = 50, Interval = Duration.FromSeconds(1) },
            Endpoints =
            [
                new EndpointSpec { SetIdentifier = "eu-west-1", Region = "eu-west-1", Weight = 255, Values = ["192.0.2.10"] },
                new EndpointSpec { SetIdentifier = "eu-west-2", Region = "eu-west-2", Weight = 0, Values = ["198.51.100.10"] },
            ],
        },
    };

    private static Task UntilAsync(LiveDnsWorld world, string served) =>
        Eventually.Is(
            async () =>
            {
                await Task.Delay(Many < 100 ? 50 : 500);
                var list = await world.Kubernetes.CustomObjects.ListNamespacedCustomObjectAsync<List>(Group, Version, "default", Plural);
                return list.Items.Count(r => r.Status?.Summary?.Served == served && DnsWorld.IsReady(r)) == Many;
            },
            $"every record is ready at {served}", TimeSpan.FromMinutes(15));

    private sealed class List : KubernetesObject
    {
        public IList<WeightedDnsRecord> Items { get; set; } = [];
    }
}
