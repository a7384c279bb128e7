using Modestano.Operator.Configuration;

namespace Modestano.Operator.Tests.Configuration;

public sealed class OperatorOptionsTests
{
    [Test]
    public void Everything_has_a_default()
    {
        var options = Read([], []);
        Assert.That(options.LeaderElection, Is.True);
        Assert.That(options.LeaseDuration, Is.EqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(options.Workers.Default, Is.EqualTo(4));
        Assert.That(options.Namespaces, Is.Empty);
        Assert.That(options.Grants, Is.EqualTo(Grants.None));
    }

    [Test]
    public void A_flag_wins_over_its_variable()
    {
        var options = Read(new() { ["--metrics-port"] = "9000" }, new() { ["MODESTANO_METRICS_PORT"] = "9001", ["MODESTANO_HEALTH_PORT"] = "9002" });
        Assert.That(options.MetricsPort, Is.EqualTo(9000));
        Assert.That(options.HealthPort, Is.EqualTo(9002));
    }

    [Test]
    public void A_switch_may_stand_alone() => Assert.That(Read(new() { ["--leader-election"] = "" }, new() { ["MODESTANO_LEADER_ELECTION"] = "false" }).LeaderElection, Is.True);

    [Test]
    public void Workers_may_differ_by_kind()
    {
        var runtime = Read(new() { ["--workers"] = "2,mongoreplicasets=16" }, []).ToRuntimeOptions(null);
        Assert.That(runtime.Workers, Is.EqualTo(2));
        Assert.That(runtime.WorkersByKind, Is.EquivalentTo(new Dictionary<string, int> { ["mongoreplicasets"] = 16 }));
    }

    [Test]
    public void The_lease_lies_in_the_named_namespace_else_the_pod_s_else_the_context_s()
    {
        Assert.That(Read(new() { ["--lease-namespace"] = "a" }, new() { ["POD_NAMESPACE"] = "b" }).ToRuntimeOptions("c").Lease!.Namespace, Is.EqualTo("a"));
        Assert.That(Read([], new() { ["POD_NAMESPACE"] = "b" }).ToRuntimeOptions("c").Lease!.Namespace, Is.EqualTo("b"));
        Assert.That(Read([], []).ToRuntimeOptions("c").Lease!.Namespace, Is.EqualTo("c"));
        Assert.That(Read(new() { ["--leader-election"] = "false" }, []).ToRuntimeOptions("c").Lease, Is.Null);
    }

    [Test]
    public void The_identity_is_the_pod_s_name_and_uid() =>
        Assert.That(Read([], new() { ["POD_NAME"] = "operator-1", ["POD_UID"] = "1234" }).Identity, Is.EqualTo("operator-1_1234"));

    [TestCase("--workers", "0", "from 1 to 100", TestName = "No_workers_are_refused")]
    [TestCase("--workers", "4,pods=2", "kind=number", TestName = "Workers_of_an_unknown_kind_are_refused")]
    [TestCase("--metrics-port", "70000", "from 0 to 65535", TestName = "A_port_out_of_range_is_refused")]
    [TestCase("--lease-duration", "1", "as 30s or 5m", TestName = "A_duration_without_unit_is_refused")]
    [TestCase("--lease-duration", "15s500ms", "whole seconds", TestName = "A_lease_of_half_a_second_more_is_refused")]
    [TestCase("--lease-renew-deadline", "20s", "two processes could lead", TestName = "A_renew_deadline_beyond_the_lease_is_refused")]
    [TestCase("--lease-retry-period", "9s", "at most half", TestName = "A_retry_period_without_room_for_a_second_attempt_is_refused")]
    [TestCase("--log-format", "xml", "plain, json", TestName = "An_unknown_log_format_is_refused")]
    [TestCase("--log-level", "loud", "warning", TestName = "An_unknown_log_level_is_refused")]
    [TestCase("--leader-election", "perhaps", "true or false", TestName = "A_switch_that_is_neither_true_nor_false_is_refused")]
    [TestCase("--namespaces", "shop,Shop", "names of namespaces", TestName = "A_namespace_in_capitals_is_refused")]
    [TestCase("--mongo-socks5-proxy", "proxy", "host:port", TestName = "A_proxy_without_port_is_refused")]
    [TestCase("--health-port", "8080", "its own port", TestName = "One_port_for_two_purposes_is_refused")]
    [TestCase("--grants", "missing.yaml", "cannot be read", TestName = "A_grants_file_that_is_missing_is_refused")]
    public void A_value_that_is_not_allowed_is_named_with_what_is(string flag, string value, string allowed)
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(new() { [flag] = value }, []));
        Assert.That(error!.Message, Does.Contain(flag).And.Contain(allowed));
    }

    [Test]
    public void All_mistakes_are_named_at_once_each_by_where_it_was_made()
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(new() { ["--workers"] = "none" }, new() { ["MODESTANO_LOG_LEVEL"] = "loud" }));
        Assert.That(error!.Mistakes, Has.Count.EqualTo(2));
        Assert.That(error.Message, Does.Contain("--workers: 'none'").And.Contain("MODESTANO_LOG_LEVEL: 'loud'"));
    }

    [Test]
    public void Limited_to_namespaces_without_grants_credentials_may_go_to_any_host()
    {
        Assert.That(Read(new() { ["--namespaces"] = "shop" }, []).Grants.RefusalForHost("shop", "db.example.com:27017"), Is.Null);
        Assert.That(Read([], []).Grants.RefusalForHost("shop", "db.example.com:27017"), Is.Not.Null);
    }

    private static OperatorOptions Read(Dictionary<string, string> flags, Dictionary<string, string> environment) =>
        OperatorOptions.Read(new SettingReader(flags, environment.GetValueOrDefault), environment.GetValueOrDefault, path => throw new FileNotFoundException($"no file {path}"));
}
