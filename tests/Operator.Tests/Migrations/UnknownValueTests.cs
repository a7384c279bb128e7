using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Control;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Migrations.Status;
using Modestano.Operator.Runtime;
using Modestano.Operator.Tests.ReplicaSets.Control;
using Modestano.Operator.Tests.Runtime;
using Prometheus;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>A spec that a newer version wrote.</summary>
public sealed class UnknownValueTests
{
    private static IEnumerable<ClosedSet> Fields => ClosedSet.Of("RegionMigration");

    [TestCaseSource(nameof(Fields))]
    public void A_migration_with_a_value_from_a_newer_version_keeps_its_place_and_asks_for_nothing_new(ClosedSet field)
    {
        var stage = new MigrationStage().Until(s => s.Status.Step is { Index: 0 });
        var (phase, step, asked, served) = (stage.Phase, stage.Status.Step, stage.Status.Override, stage.WeightInNewRegion());
        stage.Migration.Spec = field.In(stage.Migration.Spec, "FromTheFuture");
        stage.Annotate(Annotations.RollBack, "the shop is slow");

        Pass(stage, 10);

        Assert.That(Condition(stage, ConditionTypes.Stalled), Has.Property("Status").EqualTo("True").And.Property("Reason").EqualTo(RuntimeReasons.UnknownValue).And.Property("Message").StartsWith(field.Told));
        Assert.That((stage.Phase, stage.Status.Step), Is.EqualTo((phase, step)));
        Assert.That(stage.Status.Override, Is.SameAs(asked), "not even a permission is renewed");
        Assert.That(stage.ReplicaSet!.Status!.Override!.ObservedRevision, Is.EqualTo(asked!.Revision));
        Assert.That(stage.WeightInNewRegion(), Is.AnyOf(served, 25), "what the targets took up before holds");
    }

    [Test]
    public void A_new_one_claims_nothing()
    {
        var stage = new MigrationStage(s => s with { OnGateFailure = "AskSomebody" });

        Pass(stage, 3);

        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.Pending));
        Assert.That(stage.Status.Override, Is.Null);
    }

    [Test]
    public void With_a_known_value_it_goes_on_to_its_end()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Shifting);
        var known = stage.Migration.Spec;
        stage.Migration.Spec = known with { Intent = "Pause" };
        Pass(stage, 3);

        stage.Migration.Spec = known;

        stage.UntilPhase(MigrationPhases.Completed);
    }

    [Test]
    public void A_hold_still_reaches_the_targets()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Shifting);
        stage.Migration.Spec = stage.Migration.Spec with { OnDelete = "AskSomebody" };
        stage.Annotate(Annotations.Hold, "look first");

        Pass(stage, 2);

        Assert.That(stage.Status.Override!.Hold, Is.True);
        Assert.That(stage.ReplicaSet!.Status!.Override!.ObservedRevision, Is.EqualTo(stage.Status.Override.Revision));
        Assert.That(Condition(stage, ConditionTypes.Stalled).Reason, Is.EqualTo(RuntimeReasons.UnknownValue));
        Assert.That(Condition(stage, ConditionTypes.Held).Status, Is.EqualTo("True"));
    }

    [Test]
    public void A_hold_of_one_whose_status_is_an_old_copy_asks_for_nothing()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Preflight);
        var old = stage.Status;
        stage.Until(s => s.Status.Step is { Index: 1 } && s.Last.WaitingFor is not null);
        stage.TargetsAreFrozen = true;
        stage.Migration.Status = old;
        stage.Migration.Spec = stage.Migration.Spec with { Intent = "Hold", OnDelete = "AskSomebody" };

        Pass(stage, 2);

        Assert.That(stage.Status.Override, Is.SameAs(old.Override));
    }

    [Test]
    public async Task Its_gates_ask_nobody_and_it_is_told_once()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Shifting);
        var (asked, events) = (new CountingGates(), new FakeEvents());
        var probe = new ProbeGate { Name = "api", EndpointRef = "shop", Path = "/healthz", Scheme = "gopher" };
        stage.Migration.Spec = stage.Migration.Spec with { Gates = new GatesSpec { Probes = [probe] } };
        var migrations = new FakeEntities<RegionMigration>(stage.Migration);
        var time = new FakeTimeProvider(stage.Now);
        var gates = new GateEvaluator(asked, [asked]);
        var observer = new MigrationObserver(new FakeEntities<MongoReplicaSet>(stage.ReplicaSet!), new FakeEntities<WeightedDnsRecord>(stage.Record!), migrations, gates, Grants.None, time);
        var controller = new RegionMigrationController(
            observer, migrations, new FakeLeadership(), events, new MigrationMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), time, NullLogger<RegionMigrationController>.Instance);

        await controller.ReconcileAsync(migrations.List().Single(), CancellationToken.None);
        var later = await controller.ReconcileAsync(migrations.List().Single(), CancellationToken.None);

        Assert.That(asked.Times, Is.Zero);
        Assert.That(events.All, Has.One.Items.And.One.StartsWith($"Warning {RuntimeReasons.UnknownValue}: spec.gates.probes[name=api].scheme: gopher"));
        Assert.That(later.RequeueAfter, Is.GreaterThan(TimeSpan.Zero), "it does not spin");
    }

    private static void Pass(MigrationStage stage, int times)
    {
        stage.Idle(times);
    }

    private static Condition Condition(MigrationStage stage, string type) => stage.Status.Conditions!.Single(c => c.Type == type);

    private sealed class CountingGates : IGateSource, IReplicaSetHealthSource
    {
        public int Times { get; private set; }

        public Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken)
        {
            Times++;
            return Task.FromResult<IReadOnlyList<GateStatus>>([]);
        }

        public ReplicaSetHealth? Observe(MongoReplicaSet replicaSet, DateTimeOffset? notBefore)
        {
            Times++;
            return null;
        }
    }
}
