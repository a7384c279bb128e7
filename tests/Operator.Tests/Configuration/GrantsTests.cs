using Modestano.Operator.Configuration;

namespace Modestano.Operator.Tests.Configuration;

public sealed class GrantsTests
{
    private const string Example =
        """
        providers:
        - name: production
          namespaces: [shop]
          zones: [Z0123456789]
          nameSuffixes: [modestano.com]
          recordTypes: [A, CNAME]
          roleArn: arn:aws:iam::123456789012:role/dns
          endpoint: http://127.0.0.1:4566
          requestsPerSecond: 2.5
        - name: everyone
          namespaces: ["*"]
          zones: [Z1]
          nameSuffixes: [dev.modestano.com]
        prometheus:
        - name: main
          namespaces: [shop]
          url: https://prometheus.example.com/base
        credentialHostSuffixes: [.example.internal]
        probes: {allowLoopback: true}
        """;

    [Test]
    public void A_grants_file_is_read_as_it_is_written()
    {
        var grants = GrantsFile.Parse(Example, "grants.yaml");
        var production = grants.FindProvider("production", "shop").Grant!;
        Assert.That(production.RoleArn, Is.EqualTo("arn:aws:iam::123456789012:role/dns"));
        Assert.That(production.Endpoint, Is.EqualTo(new Uri("http://127.0.0.1:4566/")));
        Assert.That(production.RequestsPerSecond, Is.EqualTo(2.5));
        Assert.That(grants.FindProvider("everyone", "any").Grant!.RecordTypes, Is.EqualTo(new[] { "A", "AAAA", "CNAME", "TXT" }));
        Assert.That(grants.FindPrometheus("main", "shop").Grant!.Url.ToString(), Is.EqualTo("https://prometheus.example.com/base/"));
        Assert.That(grants.Probes.AllowLoopback, Is.True);
    }

    [Test]
    public void A_namespace_without_a_grant_learns_only_what_it_lacks()
    {
        var grants = GrantsFile.Parse(Example, "grants.yaml");
        var elsewhere = grants.FindProvider("production", "other").Refusal!;
        var nowhere = grants.FindProvider("absent", "other").Refusal!;
        Assert.That(elsewhere, Is.EqualTo(nowhere.Replace("absent", "production", StringComparison.Ordinal)), "whether it exists for others is not told");
        Assert.That(grants.FindPrometheus("main", "other").Refusal, Does.Contain("'main'").And.Contain("'other'"));
    }

    [TestCase("Z0123456789", "shop.modestano.com", "A", null, TestName = "A_granted_record_may_be_touched")]
    [TestCase("/hostedzone/Z0123456789", "shop.modestano.com.", "cname", null, TestName = "A_granted_record_may_be_spelt_as_route_53_spells_it")]
    [TestCase("Z0123456789", "modestano.com", "A", null, TestName = "The_suffix_itself_is_granted")]
    [TestCase("Z9", "shop.modestano.com", "A", "hosted zone Z9", TestName = "Another_zone_is_refused")]
    [TestCase("Z0123456789", "evilmodestano.com", "A", "'evilmodestano.com'", TestName = "A_name_that_only_ends_alike_is_refused")]
    [TestCase("Z0123456789", "shop.modestano.com", "TXT", "type TXT", TestName = "Another_record_type_is_refused")]
    public void A_provider_grants_zones_names_and_types(string zone, string name, string type, string? refusal)
    {
        var grant = GrantsFile.Parse(Example, "grants.yaml").FindProvider("production", "shop").Grant!;
        Assert.That(grant.RefusalFor(zone, name, type), refusal is null ? Is.Null : Does.Contain(refusal));
    }

    [TestCase("mongo-1.eu-west-1.example.internal", true)]
    [TestCase("example.internal", true)]
    [TestCase("MONGO.EXAMPLE.INTERNAL.", true)]
    [TestCase("badexample.internal", false)]
    [TestCase("127.0.0.1", false)]
    public void Credentials_go_only_to_hosts_with_a_granted_suffix(string host, bool allowed)
    {
        var refusal = GrantsFile.Parse(Example, "grants.yaml").RefusalForCredentialHost(host);
        Assert.That(refusal is null, Is.EqualTo(allowed), refusal);
    }

    [TestCase("providers:\n- name: Big\n  namespaces: [a]\n  zones: [Z1]\n  nameSuffixes: [a.b]", "providers[0].name: 'Big'", TestName = "A_name_in_capitals_is_refused")]
    [TestCase("providers:\n- name: a\n  zones: [Z1]\n  nameSuffixes: [a.b]", "providers[0].namespaces: nothing is given", TestName = "A_grant_to_nobody_is_refused")]
    [TestCase("providers:\n- name: a\n  namespaces: [a]\n  zones: [modestano.com]\n  nameSuffixes: [a.b]", "providers[0].zones: 'modestano.com'", TestName = "A_zone_by_name_is_refused")]
    [TestCase("providers:\n- name: a\n  namespaces: [a]\n  zones: [Z1]\n  nameSuffixes: [a.b]\n  recordTypes: [MX]", "providers[0].recordTypes: 'MX'", TestName = "A_record_type_that_is_not_served_is_refused")]
    [TestCase("providers:\n- name: a\n  namespaces: [a]\n  zones: [Z1]\n  nameSuffixes: [a.b]\n  roleArn: dns", "providers[0].roleArn: 'dns'", TestName = "A_role_that_is_no_arn_is_refused")]
    [TestCase("providers:\n- name: a\n  namespaces: [a]\n  zones: [Z1]\n  nameSuffixes: [a.b]\n  requestsPerSecond: 0", "providers[0].requestsPerSecond: '0'", TestName = "A_rate_of_nothing_is_refused")]
    [TestCase("prometheus:\n- {name: a, namespaces: [a], url: 'ftp://x'}", "prometheus[0].url: 'ftp://x'", TestName = "A_server_by_ftp_is_refused")]
    [TestCase("prometheus:\n- {name: a, namespaces: [a]}", "prometheus[0].url: nothing is given", TestName = "A_server_without_url_is_refused")]
    [TestCase("prometheus:\n- {name: a, namespaces: [a], url: 'http://x'}\n- {name: a, namespaces: [b], url: 'http://y'}", "each name once", TestName = "A_name_used_twice_is_refused")]
    [TestCase("provders: []", "line 1", TestName = "A_misspelt_field_is_refused")]
    [TestCase("providers: [", "line 2", TestName = "What_is_not_yaml_is_refused")]
    public void A_mistake_in_the_file_is_named_with_its_place(string yaml, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => GrantsFile.Parse(yaml, "grants.yaml"));
        Assert.That(error!.Message, Does.Contain("grants.yaml").And.Contain(expected));
    }

    [Test]
    public void An_empty_file_grants_nothing() => Assert.That(GrantsFile.Parse("", "grants.yaml").RefusalForCredentialHost("a"), Is.Not.Null);
}
