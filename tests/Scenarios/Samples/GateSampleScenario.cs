using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Migrations;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Virtual;

namespace Modestano.Scenarios.Samples;

/// <summary>The real operator runs the sample with gates to its end, asking a Prometheus the queries that the samples' grants name.</summary>
public sealed class GateSampleScenario
{
    [Test]
    public void The_migration_passes_its_gates_and_ends()
    {
        var sample = Sample.Of<RegionMigration>("gates").Spec;
        var cluster = new VirtualCluster(1);
        using var entered = cluster.Network.Loop.Enter();
        cluster.Network.Faults.SetRoundTrip(ReplicaSetWorld.Ireland, ReplicaSetWorld.London, TimeSpan.FromMilliseconds(10));
        var suite = new MigrationSuite(cluster, cluster.Zone);
        suite.AddMembers();
        suite.Initiate();
        cluster.Network.RunUntil(suite.IsInitiated, TimeSpan.FromSeconds(60));

        // Hours of holds are minutes here: what counts is what is asked during them.
        suite.Apply(_ => sample with { TrafficSteps = [.. sample.TrafficSteps.Select(step => step with { Hold = Duration.FromSeconds(60) })] });
        var asked = new List<string>();
        _ = new VirtualOperator(cluster, new OperatorLife(null), runtime: new VirtualRuntime
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(2), 1),
            Services = services =>
            {
                services.AddSingleton(cluster.Grants with { Prometheus = [.. Sample.Grants.Prometheus.Select(p => p with { Namespaces = new NamespaceList(["shop"]) })] });
                services.AddHttpClient(PrometheusGateSource.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new Answer(asked));

                // Probes open sockets, which nothing in virtual time may: what the sample's would call is looked at below.
                services.Remove(services.Single(s => s.ServiceType == typeof(IGateSource) && s.ImplementationType == typeof(ProbeGateSource)));
            },
        });
        Assert.That(cluster.Network.RunUntil(() => suite.Status.Phase == MigrationPhases.Completed, TimeSpan.FromHours(6)), $"{suite.Status.Phase}: {suite.Status.WaitingFor}");

        var named = Sample.Grants.Prometheus.Single().Queries.Values.Select(q => q.Replace("$namespace", "shop", StringComparison.Ordinal));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(asked.Distinct(), Is.EquivalentTo(named), "the queries of the grants, for the migration's namespace");
            Assert.That(suite.Status.Gates!.Where(g => g.Result != "Passing").Select(g => g.Name), Is.Empty);
            Assert.That(suite.Status.Gates!.Select(g => g.Name), Is.SupersetOf(sample.Gates.Prometheus!.Select(g => g.Name)));
            Assert.That(ProbeUrl.Of(sample.Gates.Probes!.Single(), "shop.modestano.test")?.ToString(), Is.EqualTo("https://shop.modestano.test/healthz"));
            Assert.That(Sample.Grants.FindProvider("production", "default").Grant!.Probes.Ports, Does.Contain(443));
        }
    }

    private sealed class Answer(List<string> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Add(Uri.UnescapeDataString(request.RequestUri!.Query["?query=".Length..].Split('&')[0]));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                RequestMessage = request,
                Content = new StringContent("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000,"0.002"]}]}}""", Encoding.UTF8, "application/json"),
            });
        }
    }
}
