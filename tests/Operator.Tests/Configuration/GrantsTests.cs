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
    public void A_freeze_is_read_and_one_that_could_never_be_is_refused_with_its_field()
    {
        var freeze = GrantsFile.Parse("freezes: [{name: year-end, schedule: 0 0 20 12 *, duration: 336h, timeZone: Europe/London}]", "grants.yaml").Freezes.Single();
        Assert.That(freeze.Name, Is.EqualTo("year-end"));
        Assert.That(freeze.Window.EndContaining(new DateTimeOffset(2026, 12, 24, 18, 0, 0, TimeSpan.Zero)), Is.EqualTo(new DateTimeOffset(2027, 1, 3, 0, 0, 0, TimeSpan.Zero)));
        foreach (var (entry, words) in new[]
        {
            ("{name: x, schedule: yearly, duration: 1h}", "freezes[0].schedule: 'yearly' is not cron"),
            ("{name: x, schedule: 0 0 20 12 *}", "freezes[0].duration: nothing is given"),
            ("{name: x, schedule: 0 0 20 12 *, duration: 9999h}", "freezes[0].duration: '9999h' is not allowed"),
            ("{name: x, schedule: 0 0 20 12 *, duration: 1h, timeZone: Mars/Base}", "freezes[0].timeZone: 'Mars/Base' is not known here"),
            ("{schedule: 0 0 20 12 *, duration: 1h}", "freezes[0].name: nothing is given"),
        })
        {
            Assert.That(() => GrantsFile.Parse($"freezes: [{entry}]", "grants.yaml"), Throws.InstanceOf<ConfigurationException>().With.Message.Contains(words));
        }
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

    [TestCase("mongo-1.eu-west-1.example.internal:27017", true)]
    [TestCase("example.internal:27018", true)]
    [TestCase("MONGO.EXAMPLE.INTERNAL.", true)]
    [TestCase("badexample.internal:27017", false)]
    [TestCase("127.0.0.1:27017", false)]
    public void Host_suffixes_of_before_are_read_for_every_namespace_and_port_with_a_warning(string host, bool allowed)
    {
        var grants = GrantsFile.Parse(Example, "grants.yaml");
        var refusal = grants.RefusalForHost("any", host);
        Assert.That(refusal is null, Is.EqualTo(allowed), refusal);
        Assert.That(grants.Warnings, Has.Exactly(1).StartsWith("grants.yaml: credentialHostSuffixes"));
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
    [TestCase("hosts:\n- {namespaces: [a], suffixes: ['*.example.internal']}", "hosts[0].suffixes: '*.example.internal'", TestName = "A_star_before_a_suffix_is_refused")]
    [TestCase("credentialHostSuffixes: ['*.example.internal']", "credentialHostSuffixes: '*.example.internal'", TestName = "A_star_before_a_suffix_of_before_is_refused")]
    [TestCase("hosts:\n- {namespaces: [a], suffixes: [192.0.2.1]}", "hosts[0].suffixes: '192.0.2.1'", TestName = "An_address_among_suffixes_is_refused")]
    [TestCase("hosts:\n- {namespaces: [a], cidrs: [10.1.0.0]}", "hosts[0].cidrs: '10.1.0.0'", TestName = "A_range_without_a_prefix_is_refused")]
    [TestCase("adoptions:\n- {namespaces: [a], previousOwners: ['*']}", "adoptions[0].previousOwners: '*'", TestName = "Nobody_may_follow_everybody")]
    [TestCase("previousInstanceIds: ['A b']", "previousInstanceIds: 'A b'", TestName = "A_former_name_that_no_mark_has_is_refused")]
    [TestCase("hosts:\n- {namespaces: [a], suffixes: [a.b], ports: [0]}", "hosts[0].ports: '0'", TestName = "A_port_that_is_none_is_refused")]
    [TestCase("hosts:\n- {namespaces: [a]}", "hosts[0]: nothing is given", TestName = "Hosts_without_any_host_are_refused")]
    [TestCase("providers:\n- name: a\n  namespaces: [a]\n  zones: [Z1]\n  nameSuffixes: ['*.a.b']", "providers[0].nameSuffixes: '*.a.b'", TestName = "A_star_before_a_name_suffix_is_refused")]
    [TestCase("provders: []", "line 1", TestName = "A_misspelt_field_is_refused")]
    [TestCase("providers: [", "line 2", TestName = "What_is_not_yaml_is_refused")]
    public void A_mistake_in_the_file_is_named_with_its_place(string yaml, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => GrantsFile.Parse(yaml, "grants.yaml"));
        Assert.That(error!.Message, Does.Contain("grants.yaml").And.Contain(expected));
    }

    [Test]
    public void An_empty_file_grants_nothing() => Assert.That(GrantsFile.Parse("", "grants.yaml").RefusalForHost("a", "a"), Is.Not.Null);
}
