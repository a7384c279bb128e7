using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>What a migration claims: nothing that was not seen to exist and to serve.</summary>
[TestFixture]
public sealed class ClaimTests
{
    [Test]
    public void A_record_whose_sets_do_not_exist_yet_is_waited_for_in_its_own_words_and_not_claimed()
    {
        var stage = new MigrationStage();
        stage.Record!.Status = NotCreated();
        stage.Idle(10);

        Assert.That((stage.Phase, stage.Status.Override, stage.Status.Origin), Is.EqualTo((MigrationPhases.Pending, (MigrationOverride?)null, (MigrationOrigin?)null)));
        Assert.That(stage.Status.WaitingFor, Is.EqualTo(
            "WeightedDnsRecord shop to serve: none of its endpoints has weight yet; it says Held: The annotation mongo.modestano.io/hold stops work (later): remove it to go on"));
    }

    [Test]
    public void A_roll_back_of_it_ends_at_once_since_nothing_was_asked_of_anybody()
    {
        var stage = new MigrationStage();
        stage.Record!.Status = NotCreated();
        stage.Pass();
        stage.Annotate(Annotations.RollBack, "too early");
        stage.Pass();
        Assert.That((stage.Phase, stage.Status.Override), Is.EqualTo((MigrationPhases.RolledBack, (MigrationOverride?)null)));
    }

    [Test]
    public void It_begins_when_the_record_serves()
    {
        var stage = new MigrationStage();
        var served = stage.Record!.Status;
        stage.Record.Status = NotCreated();
        stage.Pass();
        stage.Record.Status = served;
        stage.Pass();
        Assert.That(stage.Phase, Is.EqualTo(MigrationPhases.Preflight));
        Assert.That(stage.Status.Override!.Records!.Single().Weights, Is.EqualTo(new Dictionary<string, int> { ["eu-west-1"] = 255, ["eu-west-2"] = 0 }));
    }

    [Test]
    public void What_a_target_said_of_an_older_spec_is_not_what_it_says_now()
    {
        var record = new MigrationStage();
        record.Record!.Metadata.Generation = 2;
        record.Pass();
        Assert.That((record.Phase, record.Status.WaitingFor), Is.EqualTo((MigrationPhases.Pending, "WeightedDnsRecord shop to report its weights")));

        var set = new MigrationStage();
        set.ReplicaSet!.Metadata.Generation = 2;
        set.ReplicaSet.Status = set.ReplicaSet.Status! with { ObservedGeneration = 1 };
        set.Pass();
        Assert.That((set.Phase, set.Status.WaitingFor), Is.EqualTo((MigrationPhases.Pending, "MongoReplicaSet marketplace to report its primary")));
    }

    [Test]
    public void A_target_that_is_stalled_is_told_with_its_own_reason()
    {
        var stage = new MigrationStage();
        stage.Record!.Status = new WeightedDnsRecordStatus
        {
            ObservedGeneration = 1,
            Conditions = [new Condition { Type = ConditionTypes.Stalled, Status = "True", Reason = "ZoneAmbiguous", Message = "two zones are called modestano.com" }],
        };
        stage.Pass();
        Assert.That(stage.Status.WaitingFor, Is.EqualTo("WeightedDnsRecord shop to report its weights; it says ZoneAmbiguous: two zones are called modestano.com"));
    }

    [Test]
    public void Record_sets_of_others_are_none_of_its_business()
    {
        var stage = new MigrationStage();
        stage.Record!.Status = stage.Record.Status! with { Endpoints = [.. stage.Record.Status.Endpoints!, new EndpointStatus { SetIdentifier = "theirs", ServedWeight = 255 }] };
        stage.Pass();
        Assert.That(stage.Status.Override!.Records!.Single().Weights.Keys, Does.Not.Contain("theirs"));
    }

    [Test]
    public void No_override_is_made_that_would_leave_a_record_without_weight()
    {
        RecordOverride Record(int weight) => new() { Name = "shop", Weights = new Dictionary<string, int> { ["a"] = weight, ["b"] = 0 } };
        MigrationOverride Asked(int weight) => new() { Records = [Record(weight)] };
        Assert.That(Asks.NobodyServes(null, Asked(0))?.Name, Is.EqualTo("shop"));
        Assert.That(Asks.NobodyServes(Asked(1), Asked(0))?.Name, Is.EqualTo("shop"));
        Assert.That(Asks.NobodyServes(Asked(0), Asked(1)), Is.Null);
        Assert.That(Asks.NobodyServes(Asked(0), Asked(0)), Is.Null, "what an older version asked for can still be held and taken back");
    }

    [Test]
    public void One_that_an_older_version_began_without_any_weight_can_be_taken_back_to_where_the_spec_begins()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Preflight);
        RecordOverride[] nothing = [new RecordOverride { Name = "shop", Weights = new Dictionary<string, int> { ["eu-west-1"] = 0, ["eu-west-2"] = 0 } }];
        stage.Migration.Status = stage.Status with { Origin = stage.Status.Origin! with { Records = nothing }, Override = stage.Status.Override! with { Records = nothing } };
        stage.Annotate(Annotations.RollBack, "it never began");
        stage.UntilPhase(MigrationPhases.RolledBack);
        Assert.That(stage.WeightInNewRegion(), Is.Zero);
        Assert.That(stage.Status.Override!.Records!.Single().Weights["eu-west-1"], Is.EqualTo(255));
    }

    [Test]
    public void After_a_roll_back_the_next_run_says_what_to_take_out_of_the_spec()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Shifting);
        stage.Annotate(Annotations.RollBack, "customers see errors");
        stage.UntilPhase(MigrationPhases.RolledBack);
        stage.Pass();
        Assert.That(stage.Status.SpecEdits!.Count(e => e.Field.EndsWith(".votes", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(stage.Status.Conditions!.Single(c => c.Type == ConditionTypes.Ready).Message, Does.EndWith("before another migration to eu-west-2 take votes: 0 out again there"));

        var again = new MigrationStage();
        again.ReplicaSet!.Spec = again.ReplicaSet.Spec with
        {
            Regions = [.. again.ReplicaSet.Spec.Regions.Select(r => r.Name == "eu-west-2" ? r with { Members = [.. r.Members.Select(m => m with { Votes = 0 })] } : r)],
        };
        again.Pass();
        Assert.That((again.Phase, again.Last.StalledReason), Is.EqualTo((MigrationPhases.Pending, "NobodyCouldBePrimary")));
        Assert.That(again.Status.WaitingFor, Is.EqualTo(
            "spec.to: MongoReplicaSet marketplace lets no member in eu-west-2 be primary: take votes: 0 out again (an earlier roll-back may have asked for it) "
            + "at a.eu-west-2:27017, b.eu-west-2:27017, c.eu-west-2:27017"));
    }

    private static IEnumerable<TestCaseData> WrongGates()
    {
        yield return new TestCaseData(new GatesSpec { Probes = [new ProbeGate { Name = "p", EndpointRef = "shopp" }] }, "spec.gates.probes[name=p].endpointRef: shopp is none of spec.dnsRecordRefs; they are shop");
        yield return new TestCaseData(new GatesSpec { Prometheus = [new PrometheusGate { Name = "q", Min = "2", Max = "1.5" }] }, "spec.gates.prometheus[name=q]: min 2 is above max 1.5, so it could never pass");
        yield return new TestCaseData(
            new GatesSpec { Probes = [new ProbeGate { Name = "same", EndpointRef = "shop" }], Prometheus = [new PrometheusGate { Name = "same", Min = "1" }] },
            "spec.gates: the name same is used twice, or is that of a gate which every migration has: choose another");
        yield return new TestCaseData(
            new GatesSpec { Prometheus = [new PrometheusGate { Name = "voters", Min = "1" }] },
            "spec.gates: the name voters is used twice, or is that of a gate which every migration has: choose another");
    }

    [TestCaseSource(nameof(WrongGates))]
    public void A_gate_that_could_never_pass_is_told_before_anything_is_claimed(GatesSpec gates, string message)
    {
        var stage = new MigrationStage(s => s with { Gates = gates });
        stage.Pass();
        Assert.That((stage.Status.Override, stage.Last.StalledReason, stage.Status.WaitingFor), Is.EqualTo(((MigrationOverride?)null, "WrongGate", message)));
    }

    [TestCase(-1, 1)]
    [TestCase(0, 0)]
    public void Parts_of_target_weights_that_are_none_are_told(int one, int other)
    {
        var stage = new MigrationStage(s => s with
        {
            DnsRecordRefs = [new MigratedDnsRecord { Name = "shop", TargetWeights = new Dictionary<string, int> { ["eu-west-2"] = one, ["eu-west-2-b"] = other } }],
        });
        stage.Record!.Spec = stage.Record.Spec with
        {
            Endpoints = [.. stage.Record.Spec.Endpoints, new EndpointSpec { SetIdentifier = "eu-west-2-b", Region = "eu-west-2", Values = ["192.0.2.3"] }],
        };
        stage.Pass();
        Assert.That(stage.Last.StalledReason, Is.EqualTo("WrongTargetWeights"));
    }

    private static WeightedDnsRecordStatus NotCreated() => new()
    {
        ObservedGeneration = 1,
        Endpoints = [new EndpointStatus { SetIdentifier = "eu-west-1", Region = "eu-west-1", WantedWeight = 255 }, new EndpointStatus { SetIdentifier = "eu-west-2", Region = "eu-west-2", WantedWeight = 0 }],
        Conditions =
        [
            new Condition { Type = ConditionTypes.Ready, Status = "False", Reason = "Held", Message = "The annotation mongo.modestano.io/hold stops work (later): remove it to go on" },
        ],
    };
}
