using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Alerts;

/// <summary>The alerts: what Prometheus itself says of them, and that each leads to a runbook and to metrics that exist.</summary>
public sealed class AlertTests
{
    private const string Source = "config/prometheus/rules.yaml";

    private static readonly Regex Runbook = new(@"^https://github\.com/modestano/modestano-operator/blob/main/(docs/runbooks/\w+\.md)$");

    private static IEnumerable<TestCaseData<JsonObject>> Alerts =>
        RulesOf(Repository.Documents(Repository.Read(Source)).Single()).Select(r => new TestCaseData<JsonObject>(r) { TestName = $"{{m}}({r["alert"]})" });

    [Test]
    public void Promtool_finds_the_rules_correct() =>
        Assert.That(Tool.Run("promtool", "check", "rules", "--lint-fatal", Repository.PathOf(Source)), Does.Contain("SUCCESS"));

    [Test]
    public void Each_alert_fires_when_it_should_and_only_then_says_promtool() =>
        Assert.That(Tool.Run("promtool", "test", "rules", Repository.PathOf("config/prometheus/rules.test.yaml")), Does.Contain("SUCCESS"));

    [TestCaseSource(nameof(Alerts))]
    public void Is_tested_both_ways(JsonObject alert)
    {
        var tests = Repository.Documents(Repository.Read("config/prometheus/rules.test.yaml")).Single()["tests"]!.AsArray()
            .SelectMany(t => t!["alert_rule_test"]!.AsArray())
            .Where(t => (string)t!["alertname"]! == (string)alert["alert"]!)
            .ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tests.Any(t => t!["exp_alerts"]!.AsArray().Count > 0), Is.True, "no test in which it fires");
            Assert.That(tests.Any(t => t!["exp_alerts"]!.AsArray().Count == 0), Is.True, "no test in which it does not fire");
        }
    }

    [TestCaseSource(nameof(Alerts))]
    public void Tells_severity_figure_and_runbook(JsonObject alert)
    {
        var notes = alert["annotations"]!;
        var runbook = Runbook.Match((string)notes["runbook_url"]!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)alert["labels"]!["severity"]!, Is.AnyOf("warning", "critical"));
            Assert.That((string)notes["summary"]!, Is.Not.Empty);
            Assert.That((string)notes["description"]!, Does.Contain("{{ $value"));
            Assert.That(runbook.Success, Is.True, (string)notes["runbook_url"]!);
            Assert.That(Path.GetFileNameWithoutExtension(runbook.Groups[1].Value), Is.EqualTo((string)alert["alert"]!));
        }

        var page = Repository.Read(runbook.Groups[1].Value);
        Assert.That(page, Does.Contain("## What it means").And.Contain("## How to look").And.Contain("## What to do"));
        Assert.That(page, Does.Contain($"Severity **{alert["labels"]!["severity"]}**, after {alert["for"]}."));
    }

    [TestCaseSource(nameof(Alerts))]
    public void Asks_for_metrics_that_the_operator_exposes(JsonObject alert) =>
        Assert.That(ExposedMetrics.Problems((string)alert["expr"]!), Is.Empty);

    [Test]
    public void Every_runbook_belongs_to_an_alert() => Assert.That(
        Directory.GetFiles(Repository.PathOf("docs/runbooks")).Select(Path.GetFileNameWithoutExtension).Where(n => n != "README"),
        Is.EquivalentTo(RulesOf(Repository.Documents(Repository.Read(Source)).Single()).Select(r => (string)r["alert"]!)));

    [Test]
    public void Kustomize_and_chart_hold_the_same_rules()
    {
        var source = Repository.Canonical(Repository.Documents(Repository.Read(Source)).Single()["groups"]);
        var kustomized = Rule(Tool.Run("kubectl", "kustomize", Repository.PathOf("config/prometheus")));
        var charted = Rule(Tool.Run("helm", "template", "x", Repository.PathOf("charts/modestano-operator"), "--set", "metrics.prometheusRule=true"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(kustomized, Is.EqualTo(source), "run `make manifests`");
            Assert.That(charted, Is.EqualTo(source), "run `make manifests`");
        }

        static string Rule(string yaml) => Repository.Canonical(Repository.Documents(yaml).Single(o => (string)o["kind"]! == "PrometheusRule")["spec"]!["groups"]);
    }

    private static IEnumerable<JsonObject> RulesOf(JsonObject file) =>
        file["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray()).Select(r => r!.AsObject());
}
