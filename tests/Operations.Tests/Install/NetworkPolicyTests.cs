using System.Text.Json.Nodes;

namespace Modestano.Operations.Tests.Install;

/// <summary>What comes in and what goes out, as the chart makes it from its values.</summary>
public sealed class NetworkPolicyTests
{
    [Test]
    public void Nothing_that_goes_out_is_limited_unless_asked_for() =>
        Assert.That(Rendered.Charted().Where(o => Rendered.Kind(o) == "NetworkPolicy").Select(o => Repository.Canonical(o["spec"]!["policyTypes"])), Is.EqualTo(new[] { """["Ingress"]""" }));

    [Test]
    [Category("Hostile")]
    public void What_goes_out_follows_from_the_grants()
    {
        var egress = Egress(
            "--set-json", """grants.hosts=[{"namespaces":["shop"],"suffixes":["example.internal"]},{"namespaces":["lab"],"cidrs":["10.20.0.0/16"],"ports":[27018]}]""",
            "--set-json", """grants.prometheus=[{"name":"main","namespaces":["shop"],"url":"http://prometheus.monitoring:9090/"},{"name":"far","namespaces":["shop"],"url":"https://far.example/x"}]""",
            "--set-json", """networkPolicy.egress.extra=[{"ports":[{"protocol":"TCP","port":1080}]}]""");

        Assert.That(Ports(egress[1]!), Is.EqualTo(new[] { 443, 6443, 27017, 9090 }));
        Assert.That(Repository.Canonical(egress[1]!["to"]![0]!["ipBlock"]!["except"]), Is.EqualTo("""["127.0.0.0/8","169.254.0.0/16"]"""));
        Assert.That((string?)egress[3]!["to"]![0]!["ipBlock"]!["cidr"], Is.EqualTo("10.20.0.0/16"));
        Assert.That(Ports(egress[3]!), Is.EqualTo(new[] { 27018 }), "members that are granted by address are reached at that address alone");
        Assert.That(Ports(egress[4]!), Is.EqualTo(new[] { 1080 }));
    }

    [Test]
    public void Kustomizes_component_is_what_the_chart_makes_where_nothing_is_granted() => Assert.That(
        Repository.Canonical(Egress()), Is.EqualTo(Repository.Canonical(Repository.Documents(Repository.Read("config/egress/egress_policy.yaml")).Single()["spec"]!["egress"])));

    [Test]
    public void Scrapers_and_health_probes_are_let_in_from_where_the_values_say()
    {
        var ingress = Rendered.Charted(
            "--set-json", """networkPolicy.metricsFrom=[{"namespaceSelector":{}}]""", "--set-json", """networkPolicy.healthFrom=[{"ipBlock":{"cidr":"10.0.0.0/8"}}]""")
            .Single(o => Rendered.Kind(o) == "NetworkPolicy")["spec"]!["ingress"]!;
        Assert.That(ingress.AsArray().Select(r => Repository.Canonical(r!["from"])), Is.EqualTo(new[] { """[{"namespaceSelector":{}}]""", """[{"ipBlock":{"cidr":"10.0.0.0/8"}}]""" }));
    }

    [Test]
    public void An_image_is_pinned_by_its_digest()
    {
        var digest = "sha256:" + new string('a', 64);
        Assert.That((string?)Rendered.Container(Rendered.Charted("--set", $"image.digest={digest}"))["image"], Does.Match($"^ghcr.io/modestano/modestano-operator:[0-9.]+@{digest}$"));
        var (exitCode, _, error) = Tool.Try("helm", "template", "x", Repository.PathOf(Rendered.Chart), "--set", "image.digest=sha256:short");
        Assert.That((exitCode != 0, error), Is.EqualTo((true, error)).And.Matches<(bool, string)>(r => r.Item2.Contains("/image/digest", StringComparison.Ordinal)));
    }

    private static JsonArray Egress(params string[] arguments) => Rendered.Charted(["--set", "networkPolicy.egress.create=true", .. arguments])
        .Single(o => Rendered.Name(o).EndsWith("-egress", StringComparison.Ordinal))["spec"]!["egress"]!.AsArray();

    private static int[] Ports(JsonNode rule) => [.. rule["ports"]!.AsArray().Select(p => (int)p!["port"]!)];
}
