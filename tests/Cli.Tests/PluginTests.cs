using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Tests;

/// <summary>The plugin against an API server: what it draws, what it writes, what it refuses.</summary>
public sealed class PluginTests
{
    private PluginStage stage = null!;

    [OneTimeSetUp]
    public async Task Start() => stage = await PluginStage.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await stage.DisposeAsync();

    [Test]
    public async Task Status_of_a_replica_set_draws_regions_members_and_plan()
    {
        var (code, output, errors) = await stage.RunAsync("status", "mrs", "marketplace");
        Assert.That(code, Is.Zero, errors);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output, Does.StartWith("MongoReplicaSet default/marketplace  Reconfiguring  not ready  config 17 term 4"));
            Assert.That(output, Does.Match("eu-west-1  votes 1"));
            Assert.That(output, Does.Match("eu-west-2  votes 0"));
            Assert.That(output, Does.Match(@"PRIMARY\s+mongo-1\.eu-west-1\.example\.internal:27017  votes 1"));
            Assert.That(output, Does.Match(@"SECONDARY\s+mongo-1\.eu-west-2\.example\.internal:27017  votes 0 → 1.*lag <1s"));
            Assert.That(output, Does.Contain("initial sync 40%"));
            Assert.That(output, Does.Contain("connection [refused]"), "brackets are no markup");
            Assert.That(output, Does.Contain("AwaitingApproval PlanNotApproved: why AwaitingApproval is True"));
            Assert.That(output, Does.Contain("Reconfig mongo-1.eu-west-2 gets its vote (eu-west-1:1 eu-west-2:1 /2)"));
        }
    }

    [Test]
    public async Task Status_of_a_migration_draws_gates_weights_and_its_replica_set()
    {
        var (code, output, errors) = await stage.RunAsync("status", "regionmigration", "ireland-to-london");
        Assert.That(code, Is.Zero, errors);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output, Does.StartWith("RegionMigration default/ireland-to-london  eu-west-1 → eu-west-2  Shifting"));
            Assert.That(output, Does.Contain("step 1/3 (10%), traffic in eu-west-2 10%, primary in eu-west-1"));
            Assert.That(output, Does.Contain("waiting for gate error-rate"));
            Assert.That(output, Does.Contain("Failing error-rate  0.02 of 0.01"));
            Assert.That(output, Does.Contain("eu-west-1  weight 255 → 128  share 100.0%"));
            Assert.That(output, Does.Contain("MongoReplicaSet marketplace  Reconfiguring"));
            Assert.That(output, Does.Contain("Git: MongoReplicaSet/marketplace spec.primaryRegion: eu-west-1 → eu-west-2"));
        }
    }

    [Test]
    public async Task Status_as_JSON_is_the_objects_themselves()
    {
        var migration = await stage.JsonAsync("status", "rmig", "ireland-to-london");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)(await stage.JsonAsync("status", "mrs", "marketplace"))["status"]!["planHash"], Is.EqualTo(Samples.PlanHash));
            Assert.That((string?)migration["migration"]!["status"]!["phase"], Is.EqualTo("Shifting"));
            Assert.That((string?)migration["replicaSet"]!["metadata"]!["name"], Is.EqualTo("marketplace"));
            Assert.That(migration["records"]!.AsArray().Select(r => (string?)r!["metadata"]!["name"]), Is.EqualTo(new[] { "shop" }));
        }
    }

    [TestCase("", "# RegionMigration default/ireland-to-london\n\nUnder way: waiting for gate error-rate.")]
    [TestCase("markdown", "# RegionMigration default/ireland-to-london\n\nUnder way: waiting for gate error-rate.")]
    [TestCase("html", "<!doctype html>")]
    public async Task A_report_is_written_as_it_is_asked_for(string format, string begins)
    {
        var (code, output, errors) = await stage.RunAsync(["report", "rmig", "ireland-to-london", .. format.Length == 0 ? Array.Empty<string>() : ["-o", format]]);

        Assert.That((code, errors), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith(begins).And.Contain("What Git must still say").And.Contain("error-rate"));
    }

    [Test]
    public async Task A_report_tells_a_program_the_same()
    {
        var json = await stage.JsonAsync("report", "rmig", "ireland-to-london");

        Assert.That(((string?)json["phase"], (string?)json["endpoints"]![0]!["setIdentifier"]), Is.EqualTo(("Shifting", "eu-west-1")));
        Assert.That((string?)json["edits"], Does.Contain("patches:"));
    }

    [Test]
    public async Task A_plan_is_numbered_and_ends_with_its_hash()
    {
        var (_, output, _) = await stage.RunAsync("plan", "mrs", "marketplace");
        var json = await stage.JsonAsync("plan", "mrs", "marketplace");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.TrimEnd().Split('\n').Select(l => l.Trim()), Is.EqualTo(new[]
            {
                "1. Reconfig mongo-1.eu-west-2 gets its vote (eu-west-1:1 eu-west-2:1 /2)", "2. StepDown the primary hands over", $"plan {Samples.PlanHash}",
            }));
            Assert.That(json["plan"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That((string?)(await stage.JsonAsync("plan", "rmig", "ireland-to-london"))["specEdits"]![0]!["to"], Is.EqualTo("eu-west-2"));
        }
    }

    [TestCase("mrs", "marketplace")]
    [TestCase("wdr", "shop")]
    [TestCase("rmig", "ireland-to-london")]
    public async Task Hold_annotates_and_resume_takes_it_back(string kind, string name)
    {
        var held = await stage.JsonAsync("hold", kind, name, "--reason", "lag in London");
        Assert.That(stage.Annotation(kind, name, Annotations.Hold), Is.EqualTo("lag in London"));
        Assert.That((string?)held["value"], Is.EqualTo("lag in London"));
        var (code, output, _) = await stage.RunAsync("resume", kind, name);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("it was held: lag in London"));
        Assert.That(stage.Annotation(kind, name, Annotations.Hold), Is.Null);
        var again = await stage.RunAsync("resume", kind, name);
        Assert.That(again.Code, Is.EqualTo(1));
        Assert.That(again.Errors, Does.Contain("has no annotation mongo.modestano.io/hold"));
    }

    [Test]
    public async Task Roll_back_annotates_unless_there_is_no_way_back()
    {
        var (code, output, _) = await stage.RunAsync("roll-back", "rmig", "ireland-to-london", "--reason", "errors in London");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("rolls back to eu-west-1: errors in London"));
        Assert.That(stage.Annotation("rmig", "ireland-to-london", Annotations.RollBack), Is.EqualTo("errors in London"));

        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration with { Override = new MigrationOverride { Revision = 9, RetiredMembers = ["mongo-1.eu-west-1.example.internal:27017"] } });
        var late = await stage.RunAsync("roll-back", "rmig", "ireland-to-london", "--reason", "too late");
        stage.Kubectl("patch", "rmig", "ireland-to-london", "--subresource=status", "--type=merge", "-p", """{"status":{"override":null}}""");
        Assert.That(late.Code, Is.EqualTo(1));
        Assert.That(late.Errors, Does.Contain("there is no way back; make a migration from eu-west-2 to eu-west-1"));
    }

    [Test]
    public async Task Promote_annotates_the_pause_that_stands_and_says_what_it_does_not_end()
    {
        var none = await stage.RunAsync("promote", "rmig", "ireland-to-london");
        var pause = new MigrationPause { Percent = 10, Token = "0a1b2c3d", Since = Samples.Now };
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration with { Pause = pause });
        var (code, output, errors) = await stage.RunAsync("promote", "rmig", "ireland-to-london");
        var picture = await stage.RunAsync("status", "rmig", "ireland-to-london");
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration with { Pause = pause, Promoted = new MigrationPromotion { Percent = 10, Token = "0a1b2c3d", Time = Samples.Now } });
        var again = await stage.RunAsync("promote", "rmig", "ireland-to-london");
        stage.Kubectl("patch", "rmig", "ireland-to-london", "--subresource=status", "--type=merge", "-p", """{"status":{"pause":null,"promoted":null}}""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(none.Code, Is.EqualTo(1));
            Assert.That(none.Errors, Does.Contain("stands in no pause and no hold (Shifting): there is nothing to promote; it waits for gate error-rate"));
            Assert.That(code, Is.Zero, errors);
            Assert.That(output, Does.Contain("10% is promoted; it goes on when every gate passes: why GatesPassing is False"));
            Assert.That(stage.Annotation("rmig", "ireland-to-london", Annotations.Promote), Is.EqualTo("10/0a1b2c3d"));
            Assert.That(picture.Output, Does.Contain("pause at 10% since 2026-03-01 03:00:00Z, until a person runs `promote`"));
            Assert.That(again.Code, Is.EqualTo(1));
            Assert.That(again.Errors, Does.Contain("10% was promoted at 2026-03-01 03:00:00Z"));
        }
    }

    [TestCase(MigrationPhases.Shifting, "has not ended (Shifting): the way back of one that runs is `kubectl modestano roll-back rmig ireland-to-london")]
    [TestCase(MigrationPhases.RolledBack, "was rolled back: primary and traffic are in eu-west-1 already")]
    public async Task Only_a_migration_that_has_ended_is_reversed(string phase, string words)
    {
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration with { Phase = phase });
        var (code, output, errors) = await stage.RunAsync("reverse", "rmig", "ireland-to-london");
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration);
        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(errors, Does.Contain(words));
    }

    [Test]
    public async Task The_printed_way_back_is_a_manifest_that_the_API_server_takes()
    {
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration with
        {
            Phase = MigrationPhases.Completed,
            Origin = new MigrationOrigin { PrimaryRegion = "eu-west-1", Records = [new RecordOverride { Name = "shop", Weights = new Dictionary<string, int> { ["a"] = 200, ["b"] = 55, ["c"] = 0 }, Regions = new Dictionary<string, string> { ["a"] = "eu-west-1", ["b"] = "eu-west-1", ["c"] = "eu-west-2" } }] },
        });
        var (code, output, errors) = await stage.RunAsync("reverse", "rmig", "ireland-to-london");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, output);
        var applied = JsonNode.Parse(stage.Kubectl("apply", "--dry-run=server", "-o", "json", "-f", file))!;
        File.Delete(file);
        stage.Kubectl("patch", "rmig", "ireland-to-london", "--subresource=status", "--type=merge", "-p", """{"status":{"origin":null}}""");
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration);
        var spec = applied["spec"]!;
        var before = JsonNode.Parse(stage.Kubectl("get", "rmig", "ireland-to-london", "-o", "json"))!["spec"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, errors);
            Assert.That(output, Does.Contain("# Before that: commit the 1 edit(s) that `kubectl modestano edits rmig ireland-to-london` prints"));
            Assert.That(((string?)applied["metadata"]!["name"], (string?)spec["from"], (string?)spec["to"]), Is.EqualTo(("ireland-to-london-back", "eu-west-2", "eu-west-1")));
            Assert.That(spec["dnsRecordRefs"]![0]!.ToJsonString(), Is.EqualTo("""{"name":"shop","targetWeights":{"a":200,"b":55}}"""));
            Assert.That(spec["trafficSteps"]!.ToJsonString(), Is.EqualTo(before["trafficSteps"]!.ToJsonString()));
            Assert.That(spec["gates"]!.ToJsonString(), Is.EqualTo(before["gates"]!.ToJsonString()));
        }
    }

    [Test]
    public async Task Approve_prints_the_edit_and_writes_nothing()
    {
        var before = Version();
        var (code, output, _) = await stage.RunAsync("approve", "mrs", "marketplace");
        var edit = Repository.Documents(output).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero);
            Assert.That((string?)edit["spec"]!["reconfiguration"]!["approvedPlanHash"], Is.EqualTo(Samples.PlanHash));
            Assert.That((string?)(await stage.JsonAsync("approve", "mrs", "marketplace"))["value"], Is.EqualTo(Samples.PlanHash));
            Assert.That(Version(), Is.EqualTo(before));
        }

        string Version() => (string)JsonNode.Parse(stage.Kubectl("get", "mrs", "marketplace", "-o", "json"))!["metadata"]!["resourceVersion"]!;
    }

    [Test, CancelAfter(60_000)]
    public async Task A_watched_status_is_told_anew_when_something_changes_and_ends_without_complaint(CancellationToken cancellationToken)
    {
        using var interrupted = new CancellationTokenSource();
        using var output = new SeenText();
        var seen = 0;
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var watching = stage.RunAsync(output, time, interrupted.Token, "status", "rmig", "ireland-to-london", "--watch", "-o", "json");
        await SeesAsync("Shifting");
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration with { Phase = MigrationPhases.Soaking });
        await SeesAsync("Soaking");
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration);
        await interrupted.CancelAsync();
        Assert.That((await watching, seen), Is.EqualTo((0, 2)));

        async Task SeesAsync(string phase)
        {
            while (!output.ToString().Contains($"\"phase\": \"{phase}\"", StringComparison.Ordinal))
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(20, cancellationToken);
            }

            seen++;
        }
    }

    [Test]
    public async Task Every_command_answers_a_program_in_JSON()
    {
        var rolledBack = await stage.JsonAsync("roll-back", "rmig", "ireland-to-london", "--reason", "errors in London");
        stage.Kubectl("annotate", "rmig", "ireland-to-london", Annotations.RollBack + "-");
        await stage.JsonAsync("hold", "wdr", "shop", "--reason", "why");
        var resumed = await stage.JsonAsync("resume", "wdr", "shop");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rolledBack.ToJsonString(), Is.EqualTo("""{"kind":"RegionMigration","namespace":"default","name":"ireland-to-london","annotation":"mongo.modestano.io/roll-back","value":"errors in London"}"""));
            Assert.That(resumed.ToJsonString(), Is.EqualTo("""{"kind":"WeightedDnsRecord","namespace":"default","name":"shop","annotation":"mongo.modestano.io/hold","value":null}"""));
        }
    }

    [TestCase("grants")]
    [TestCase("grants", "--all-namespaces")]
    public async Task Grants_are_printed_as_the_objects_of_today_need_them(params string[] arguments)
    {
        var (code, output, errors) = await stage.RunAsync(arguments);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, errors);
            Assert.That(output, Does.Match(@"hosts:\n- namespaces: \[default\]\n  suffixes: \[mongo-a\.eu-west-1\.modestano\.test, [^\n]*mongo-c\.eu-west-2\.modestano\.test\]\n  ports: \[27017\]\n"));
            Assert.That(output, Does.Match(@"providers:\n- name: production[^\n]*\n  namespaces: \[default\]\n  zones: \[Z0MODESTANOTEST\]\n  nameSuffixes: \[shop\.modestano\.test\]\n  recordTypes: \[A\]\n"));
            Assert.That(output, Does.EndWith("prometheus: []\n"));
        }
    }

    [TestCase("there is no MongoReplicaSet default/nothing: `kubectl get mrs -A` lists those that exist", 1, "status", "mrs", "nothing")]
    [TestCase("there is no RegionMigration stock/x", 1, "status", "rmig", "x", "-n", "stock")]
    [TestCase("KIND: 'pod' is not allowed here: write mrs or wdr or rmig", 2, "status", "pod", "x")]
    [TestCase("KIND: 'mrs' is not allowed here: write rmig", 2, "roll-back", "mrs", "marketplace", "--reason", "why")]
    [TestCase("Option '--reason' is required", 2, "hold", "mrs", "marketplace")]
    [TestCase("--reason: must not be empty", 2, "hold", "mrs", "marketplace", "--reason", " ")]
    [TestCase("--output: 'yaml' is not allowed: json", 2, "plan", "mrs", "marketplace", "-o", "yaml")]
    public async Task A_mistake_is_told_in_words(string words, int exitCode, params string[] arguments)
    {
        var (code, output, errors) = await stage.RunAsync(arguments);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors, Does.Contain(words));
            Assert.That(code, Is.EqualTo(exitCode));
            Assert.That(output, Is.Empty);
        }
    }
}
