using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Tests.Migrations;

/// <summary>Edits of specs while a migration runs: traffic moves by steps, and by nothing else.</summary>
[TestFixture]
public sealed class EditTests
{
    [Test]
    public void Steps_at_or_below_the_reached_share_are_done()
    {
        var stage = At(50);
        stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [Step(10), Step(20), Step(100)] };
        var seen = new List<int>();
        stage.Until(s =>
        {
            seen.Add(s.WeightInNewRegion());
            return s.Phase == MigrationPhases.Completed;
        });

        Assert.That(seen, Is.Ordered, "traffic never falls");
        Assert.That(stage.Status.Timeline!.Select(t => t.Message), Has.None.Contains(": 20% of the traffic").And.Some.Contains("Step 3 of 3: 100%"));
    }

    [TestCase(new[] { 60, 100 }, "60% of the traffic to reach eu-west-2")]
    [TestCase(new[] { 50, 75, 100 }, "75% of the traffic to reach eu-west-2")]
    [TestCase(new[] { 100 }, "100% of the traffic to reach eu-west-2")]
    public void The_next_step_is_the_first_above_the_reached_share(int[] steps, string next)
    {
        var stage = At(50).Until(s => s.ReplicaSet!.Status!.PrimaryRegion == "eu-west-2" && s.Phase == MigrationPhases.Shifting);
        stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [.. steps.Select(Step)] };
        stage.Until(s => s.Status.WaitingFor?.Contains("of the traffic to reach", StringComparison.Ordinal) == true);
        Assert.That(stage.Status.WaitingFor, Is.EqualTo(next));
    }

    [Test]
    public void Traffic_on_its_way_arrives_although_the_edited_steps_begin_above_it()
    {
        var stage = new MigrationStage().Until(s => s.Status.Step is { Percent: 10, InSyncTime: null });
        stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [Step(60), Step(100)] };
        stage.TargetsAreFrozen = true;
        stage.Idle(60);

        Assert.That(stage.Status.Override!.Records!.Single().PermittedUntil, Is.GreaterThan(stage.Now.UtcDateTime), "it still may rise");
        stage.TargetsAreFrozen = false;
        stage.Until(s => s.Status.Step is { Percent: 60 }).UntilPhase(MigrationPhases.Completed);
    }

    [Test]
    public void Fewer_steps_do_not_make_a_share_in_the_middle_the_end()
    {
        var stage = At(50);
        stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [Step(100)] };
        stage.UntilPhase(MigrationPhases.Completed);
        Assert.That(stage.WeightInNewRegion(), Is.EqualTo(255));
    }

    [Test]
    public void An_endpoint_that_leaves_the_spec_keeps_its_part_until_the_end()
    {
        foreach (var region in new[] { "eu-west-1", "eu-west-2" })
        {
            var stage = At(50);
            var weight = stage.WeightInNewRegion();
            var whole = stage.Record!.Spec;
            stage.Record.Spec = whole with { Endpoints = [.. whole.Endpoints.Where(e => e.Region != region)] };
            stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [Step(50), Step(75), Step(100)] };
            stage.Pass();
            Assert.That((stage.WeightInNewRegion(), stage.Status.Traffic), Is.EqualTo((weight, "50%")), region);

            stage.Until(s => s.Status.Step is { Percent: 75, InSyncTime: not null });
            Assert.That(stage.WeightInNewRegion(), Is.EqualTo(191), region);
            stage.Annotate(Annotations.RollBack, "it was a git revert");
            stage.UntilPhase(MigrationPhases.RolledBack);
            Assert.That(stage.WeightInNewRegion(), Is.Zero, region);
        }
    }

    [Test]
    public void The_override_does_not_end_while_the_spec_alone_would_move_traffic()
    {
        var stage = new MigrationStage().UntilPhase(MigrationPhases.Completed);
        var endpoints = stage.Record!.Spec.Endpoints;
        stage.Record.Spec = stage.Record.Spec with { Endpoints = [endpoints[0] with { Weight = 255 }] };
        stage.Pass();
        Assert.That(stage.Status.Released ?? [], Does.Not.Contain("WeightedDnsRecord/shop"));
        Assert.That(stage.Status.SpecEdits!.Select(e => $"{e.Field} {e.From}->{e.To}"), Does.Contain("spec.endpoints[setIdentifier=eu-west-2].weight (removed)->255"));

        stage.Record.Spec = stage.Record.Spec with { Endpoints = [endpoints[1] with { Weight = 255 }] };
        stage.Pass();
        Assert.That(stage.Status.Released, Does.Contain("WeightedDnsRecord/shop"), "the old region serves nothing, so its endpoint may leave");
    }

    [Test]
    public void An_endpoint_that_was_renamed_needs_no_edit_where_its_region_serves_what_it_should()
    {
        var stage = At(50);
        var whole = stage.Record!.Spec;
        stage.Record.Spec = whole with { Endpoints = [.. whole.Endpoints.Select(e => e.Region == "eu-west-1" ? e with { SetIdentifier = "dublin", Weight = 255 } : e with { Weight = 0 })] };
        stage.Pass();
        stage.Annotate(Annotations.RollBack, "customers see errors");
        stage.UntilPhase(MigrationPhases.RolledBack);
        stage.Pass();

        Assert.That(stage.Status.SpecEdits!.Select(e => e.Target).Distinct(), Is.EqualTo(["MongoReplicaSet/marketplace"]));
        Assert.That(stage.Status.Released, Does.Contain("WeightedDnsRecord/shop"));
    }

    [Test]
    public void An_endpoint_that_is_added_in_the_old_region_gets_nothing_and_one_in_the_new_region_gets_its_part_with_the_next_step()
    {
        var stage = At(50);
        stage.Record!.Spec = stage.Record.Spec with
        {
            Endpoints = [.. stage.Record.Spec.Endpoints, Endpoint("old-2", "eu-west-1", 255), Endpoint("new-2", "eu-west-2", 255), Endpoint("paris", "eu-west-3", 255)],
        };
        stage.Pass();
        Assert.That(Asked(stage).Keys, Is.EquivalentTo(new[] { "eu-west-1", "eu-west-2" }), "nothing is asked for until the next step");

        stage.Until(s => s.Status.Step is { Percent: 100 });
        Assert.That(Asked(stage), Is.EquivalentTo(new Dictionary<string, int> { ["eu-west-1"] = 0, ["old-2"] = 0, ["paris"] = 0, ["eu-west-2"] = 128, ["new-2"] = 127 }));
    }

    [Test]
    public void The_region_of_an_endpoint_is_the_one_that_it_was_claimed_with()
    {
        var stage = At(50);
        stage.Record!.Spec = stage.Record.Spec with { Endpoints = [.. stage.Record.Spec.Endpoints.Select(e => e with { Region = e.Region == "eu-west-1" ? "eu-west-2" : "eu-west-1" })] };
        stage.Pass();
        Assert.That(stage.Status.Traffic, Is.EqualTo("50%"));
        stage.UntilPhase(MigrationPhases.Completed);
        Assert.That(stage.WeightInNewRegion(), Is.EqualTo(255));
    }

    [Test]
    public void A_record_that_serves_something_else_is_told_instead_of_a_hold()
    {
        var stage = At(50);
        stage.TargetsAreFrozen = true;
        stage.Record!.Status = stage.Record.Status! with { Endpoints = [.. stage.Record.Status.Endpoints!.Select(e => e with { ServedWeight = e.SetIdentifier == "eu-west-1" ? 0 : 255 })] };
        stage.Pass();
        Assert.That(stage.Status.WaitingFor, Is.EqualTo("WeightedDnsRecord shop to serve eu-west-1:128 eu-west-2:127, as it is asked to; it serves eu-west-1:0 eu-west-2:255"));
    }

    [Test]
    public void Whatever_is_edited_in_whatever_phase_a_share_changes_by_steps_alone()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var stage = new MigrationStage();
            var edits = new List<string>();
            var share = 0m;
            for (var pass = 0; pass < 120 && stage.Phase != MigrationPhases.Completed; pass++)
            {
                if (random.Next(4) == 0)
                {
                    edits.Add(Edit(stage, random));
                }

                var before = (stage.Status.Step?.Percent, stage.Phase);
                stage.Pass();
                if (stage.Status.Override?.Records?.Single() is not { } asked)
                {
                    continue;
                }

                var now = Share(asked);
                var story = $"seed {seed}: {string.Join("; ", edits)}; {before} -> {(stage.Status.Step?.Percent, stage.Phase)}";
                Assert.That(asked.Weights.Values.Sum(), Is.GreaterThan(0), story);
                Assert.That(now, Is.EqualTo((decimal)stage.Status.Step!.Percent).Within(1), story);
                Assert.That(now, Is.GreaterThanOrEqualTo(share - 1m), story);
                share = now;
            }
        }
    }

    // By the regions at the claim, which the test knows by the names.
    private static decimal Share(RecordOverride asked)
    {
        decimal In(string prefix) => asked.Weights.Where(w => w.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(w => w.Value);
        return 100 * In("eu-west-2") / (In("eu-west-1") + In("eu-west-2"));
    }

    private static string Edit(MigrationStage stage, Random random)
    {
        var endpoints = stage.Record!.Spec.Endpoints;
        void Set(IEnumerable<EndpointSpec> changed) => stage.Record!.Spec = stage.Record.Spec with { Endpoints = [.. changed] };
        switch (stage.Status.Override is null ? 4 : random.Next(5))
        {
            case 0 when endpoints.Count > 1:
                var gone = endpoints[random.Next(endpoints.Count)].SetIdentifier;
                Set(endpoints.Where(e => e.SetIdentifier != gone));
                return $"- {gone}";
            case 1:
                var id = $"eu-west-{random.Next(1, 4)}-{random.Next(3)}";
                Set(endpoints.Where(e => e.SetIdentifier != id).Append(Endpoint(id, id[..9], random.Next(256))));
                return $"+ {id}";
            case 2:
                Set(endpoints.Select(e => e with { Weight = random.Next(256) }));
                return "weights";
            case 3:
                Set(endpoints.Select(e => e with { Values = [$"192.0.2.{random.Next(1, 255)}"] }));
                return "values";
            default:
                var steps = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(1, 100)).Append(100).Distinct().Order().ToArray();
                stage.Migration.Spec = stage.Migration.Spec with { TrafficSteps = [.. steps.Select(Step)] };
                return $"steps {string.Join(',', steps)}";
        }
    }

    private static MigrationStage At(int percent) => new MigrationStage().Until(s => s.Status.Step is { InSyncTime: not null } step && step.Percent == percent);

    private static IReadOnlyDictionary<string, int> Asked(MigrationStage stage) => stage.Status.Override!.Records!.Single().Weights;

    private static TrafficStep Step(int percent) => new() { Percent = percent, Hold = Duration.FromSeconds(5) };

    private static EndpointSpec Endpoint(string id, string region, int weight) => new() { SetIdentifier = id, Region = region, Weight = weight, Values = ["192.0.2.9"] };
}
