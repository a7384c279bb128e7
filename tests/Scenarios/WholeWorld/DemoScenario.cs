using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Permissions;
using Modestano.Testbed;
using Modestano.Testbed.Demo;
using Modestano.Testbed.Demo.Screen;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>
/// What <c>make demo</c> does, judged by what the world counted, with Prometheus beside it: one run, of which each test looks at one side.
/// </summary>
[Category("EmbeddedOnly")]
public sealed class DemoScenario
{
    private static readonly string[] PhasesInOrder =
    [
        MigrationPhases.Pending, MigrationPhases.Preflight, MigrationPhases.Syncing, MigrationPhases.Promoting, MigrationPhases.Shifting,
        MigrationPhases.MovingPrimary, MigrationPhases.Shifting, MigrationPhases.Soaking, MigrationPhases.Completed,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("modestano-demo-").FullName;
    private readonly StringWriter _output = new();
    private DemoWatch _watch = null!;
    private DemoResult _result = null!;

    [OneTimeSetUp]
    public async Task Run()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(300));
        using var screen = new PlainScreen(_output);
        _watch = new DemoWatch(_folder);
        var options = new DemoOptions(Runtime.OperatorProcess.Program, RepositoryFolder.Config, _folder, Seed: 1, Hold: false, TimeSpan.FromSeconds(110)) { Guest = _watch };
        _result = await new DemoRun(options, screen, TimeProvider.System).RunAsync(limit.Token);
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _watch.DisposeAsync();
        await _output.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void A_migration_completes_and_no_write_is_lost_or_failed()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_result.Completed, Is.True);
            Assert.That(_result.Lost, Is.Empty);
            Assert.That(_result.Failures, Is.Empty);
            Assert.That(_result.BrokenInvariants, Is.Empty);
            Assert.That(_result.Acknowledged, Is.GreaterThan(100));
            Assert.That(_result.Reads, Is.GreaterThan(100));
            Assert.That(Count(_result, "reconfigs"), Is.EqualTo(5));
            Assert.That(Count(_result, "step-downs"), Is.EqualTo(1));
            AssertInOrder([.. _result.Phases.Select(p => p.Phase)]);
            Assert.That(
                _output.ToString().TrimEnd().Split(Environment.NewLine)[^1],
                Is.EqualTo($"migration completed: writes acknowledged {_result.Acknowledged}, lost 0, failed 0; primary eu-west-2; weights 0/255"));
        });
    }

    [Test]
    public void The_shipped_roles_suffice_for_it() => Assert.That(_watch.Refused, Is.Empty);

    [Test]
    public void Every_right_in_the_shipped_roles_is_used()
    {
        var granted = from role in ShippedRoles.OfTheOperator from p in role.Permissions from resource in p.Resources from verb in p.Verbs select (verb, p.Group, resource);
        Assert.That(granted.Except(_watch.Used), Is.Empty, "granted and used by nothing");
        Assert.That(_watch.Used.Except(granted), Is.Empty, "used and not declared");
    }

    [Test]
    public void Every_query_of_every_dashboard_gives_series() =>
        Assert.That(_watch.Answers.Where(a => a.Series == 0).Select(a => $"{a.Dashboard}: {a.Query}"), Is.Empty);

    [Test]
    public void Prometheus_evaluates_every_alert() => Assert.That(_watch.Alerts.Where(a => a.Value is not null), Is.Empty);

    [Test]
    public void Promtool_finds_nothing_wrong_with_the_metrics()
    {
        var (exitCode, _, error) = Tool.TryWithInput("promtool", _watch.Scrape, "check", "metrics");
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
    }

    [Test]
    public void Metrics_and_log_tell_the_version() => Assert.Multiple(() =>
    {
        Assert.That(_watch.Scrape, Does.Contain($"modestano_build_info{{version=\"{OperatorVersion.Text}\"}} 1"));
        Assert.That(File.ReadLines(Path.Combine(_folder, "operator.log")).First(), Does.Contain($"modestano-operator {OperatorVersion.Text}"));
    });

    [Test]
    public void Series_are_there_while_their_objects_are_and_no_longer() => Assert.Multiple(() =>
    {
        foreach (var prefix in new[] { "modestano_replicaset_", "modestano_dns_", "modestano_migration_" })
        {
            Assert.That(_watch.Scrape, Does.Match($"(?m)^{prefix}\\w+\\{{.*namespace=\"marketplace\""));
            Assert.That(_watch.LastScrape, Does.Not.Match($"(?m)^{prefix}\\w+\\{{.*namespace=\"marketplace\""));
        }
    });

    [Test]
    public async Task The_log_tells_every_step_with_its_object_and_pass_and_no_secret()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "operator.log"));
        var steps = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)
            .Where(l => l["State"]?["Step"] is not null && l["State"]!["Outcome"] is not null)
            .Select(l => (Step: (string)l["State"]!["Step"]!, Pass: l["Scopes"]!.AsArray().FirstOrDefault(s => s is JsonObject)))
            .ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(steps.Count(s => s.Step == "Reconfig"), Is.EqualTo(Count(_result, "reconfigs")));
            Assert.That(steps.Count(s => s.Step == "StepDown"), Is.EqualTo(Count(_result, "step-downs")));
            Assert.That(steps.Count(s => s.Step == "Shift"), Is.GreaterThan(1));
            Assert.That(steps.Select(s => (string?)s.Pass?["namespace"]), Has.All.EqualTo("marketplace"));
            Assert.That(steps.Select(s => (string?)s.Pass?["name"]).Distinct(), Is.EquivalentTo(new[] { "marketplace", "shop" }));
            Assert.That(steps.Select(s => (long?)s.Pass?["reconcileID"]), Has.All.GreaterThan(0));
            Assert.That(text, Does.Not.Contain(SampleNames.OperatorPassword));
        }
    }

    private static int Count(DemoResult result, string kind) => result.Steps.Single(s => s.Kind == kind).Count;

    // A phase may be too short to be seen from outside; none may come out of turn, and those with work in them last.
    private static void AssertInOrder(IReadOnlyList<string> seen)
    {
        var next = 0;
        foreach (var phase in seen)
        {
            next = Array.IndexOf(PhasesInOrder, phase, next) + 1;
            Assert.That(next, Is.GreaterThan(0), $"{phase} came out of turn: {string.Join(", ", seen)}");
        }

        Assert.That(seen, Is.SupersetOf(new[] { MigrationPhases.Promoting, MigrationPhases.Shifting, MigrationPhases.MovingPrimary, MigrationPhases.Soaking, MigrationPhases.Completed }));
    }
}
