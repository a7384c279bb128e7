using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Control;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Migrations.Status;
using Modestano.Operator.Tests.ReplicaSets.Control;
using Prometheus;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>How long gates that are slow to answer keep a migration waiting.</summary>
[TestFixture]
public sealed class GateRoundTests
{
    [TestCase(4, GateVerdict.Passing)]
    [TestCase(4000, GateVerdict.Unknown)]
    public async Task Eight_slow_gates_are_asked_side_by_side_and_end_together(int seconds, string result)
    {
        var time = new FakeTimeProvider();
        var source = new PrometheusGateSource(new SlowPrometheus(TimeSpan.FromSeconds(seconds), time), Granted(), time);

        var asking = source.EvaluateAsync(Stage().Context(), "eu-west-2", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(result == GateVerdict.Passing ? 4 : 5));
        var answers = await asking.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(answers, Has.Count.EqualTo(8));
        Assert.That(answers.Select(a => a.Result), Is.All.EqualTo(result));
        Assert.That(result == GateVerdict.Passing || answers.All(a => a.Message == "Prometheus gave no answer within 5 s"), Is.True);
    }

    [Test]
    public async Task A_roll_back_asked_for_while_gates_are_being_asked_does_not_wait_for_their_answers()
    {
        var stage = Stage().Until(s => s.Status.Step is { Percent: 50, InSyncTime: not null });
        var time = new FakeTimeProvider(stage.Now);
        var migrations = new FakeEntities<RegionMigration>(stage.Migration);
        var controller = Controller(stage, migrations, new PrometheusGateSource(new SlowPrometheus(TimeSpan.FromHours(1), time), Granted(), time), time);

        var pass = controller.ReconcileAsync(migrations.List().Single(), CancellationToken.None);
        Assert.That(pass.IsCompleted, Is.False);
        migrations.Put(Annotated(stage.Migration));
        time.Advance(TimeSpan.FromMilliseconds(250));
        var ended = await pass.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(ended.RequeueAfter, Is.EqualTo(TimeSpan.Zero));

        await controller.ReconcileAsync(migrations.List().Single(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(migrations.List().Single().Status!.Phase, Is.EqualTo(MigrationPhases.RollingBack));
    }

    private static RegionMigration Annotated(RegionMigration migration) => new()
    {
        Metadata = new()
        {
            Name = migration.Metadata.Name,
            NamespaceProperty = migration.Metadata.NamespaceProperty,
            Uid = migration.Metadata.Uid,
            Annotations = new Dictionary<string, string> { [Annotations.RollBack] = "customers see errors" },
        },
        Spec = migration.Spec,
        Status = migration.Status,
    };

    private static MigrationStage Stage() => new(s => s with
    {
        Gates = new GatesSpec { Prometheus = [.. Enumerable.Range(1, 8).Select(i => new PrometheusGate { Name = $"g{i}", PrometheusRef = "main", Query = "up", Min = "1" })] },
    });

    private static Grants Granted() => Grants.None with
    {
        Prometheus = [new PrometheusGrant { Name = "main", Namespaces = new NamespaceList(["shop"]), Url = new Uri("http://prometheus.test:9090/"), AllSeries = true }],
    };

    private static RegionMigrationController Controller(MigrationStage stage, FakeEntities<RegionMigration> migrations, IGateSource source, TimeProvider time)
    {
        var observer = new MigrationObserver(
            new FakeEntities<MongoReplicaSet>(stage.ReplicaSet!), new FakeEntities<WeightedDnsRecord>(stage.Record!), migrations, new GateEvaluator(new Nobody(), [source]), Grants.None, time);
        return new RegionMigrationController(
            observer, migrations, new FakeLeadership(), new FakeEvents(), new MigrationMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), time, NullLogger<RegionMigrationController>.Instance);
    }

    private sealed class Nobody : IReplicaSetHealthSource
    {
        public ReplicaSetHealth? Observe(MongoReplicaSet replicaSet, DateTimeOffset? notBefore) => null;
    }

    private sealed class SlowPrometheus(TimeSpan delay, TimeProvider time) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(delay, time, cancellationToken);
            return new HttpResponseMessage { Content = new StringContent("""{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""") };
        }
    }
}
