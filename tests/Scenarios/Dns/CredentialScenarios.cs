using System.Buffers.Text;
using System.Text;
using Modestano.Scenarios.Runtime;
using Modestano.Scenarios.WholeWorld;
using Modestano.Testbed.Iam;
using Modestano.Testbed.Route53;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>The shipped program finds its credentials as every AWS tool does, and assumes the role of a grant with an external id that it makes itself.</summary>
[Category("RealClients")]
[Category("EmbeddedOnly")]
public sealed class CredentialScenarios
{
    private const string OperatorRole = "arn:aws:iam::111122223333:role/modestano-operator";
    private const string ZoneRole = "arn:aws:iam::444455556666:role/modestano-dns";

    private string _folder = null!;
    private IamDirectory _iam = null!;
    private LiveDnsWorld _world = null!;
    private EmbeddedSts _sts = null!;

    [SetUp]
    public async Task StartWorld()
    {
        _folder = Directory.CreateTempSubdirectory("modestano-credentials-").FullName;
        _iam = new IamDirectory();
        _world = await LiveDnsWorld.StartAsync(new Route53Options { PropagationDelay = TimeSpan.Zero, Iam = _iam }, withOperator: false);
        _sts = await EmbeddedSts.StartAsync(_iam);
    }

    [TearDown]
    public async Task StopWorld()
    {
        await _sts.DisposeAsync();
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_service_account_is_the_operators_role_and_a_grants_role_is_assumed_for_each_namespace_by_itself()
    {
        _iam.PutRole(OperatorRole, Policy("trust-irsa.json"), PolicyDocument.Together(Policy("assume-role-policy.json"), Policy("route53-policy.json")));
        var cluster = (await _world.KubectlAsync("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}")).Trim();
        var instance = $"{cluster}/default/modestano-operator";
        var trust = (await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Config, "iam", "trust-cross-account.json"))).Replace("0f1e2d3c-0000-4000-8000-000000000000/modestano-system/modestano-operator", instance, StringComparison.Ordinal);
        _iam.PutRole(ZoneRole, PolicyDocument.Parse(trust), Policy("route53-policy.json"));
        var payload = """{"iss":"https://oidc.eks.eu-west-2.amazonaws.com/id/EXAMPLE","sub":"system:serviceaccount:modestano-operator-system:modestano-operator-controller-manager","aud":["sts.amazonaws.com"]}""";
        await using var process = Start(
            $$"""
            providers:
            - {name: own, namespaces: [default], zones: [{{_world.Zone}}], nameSuffixes: [modestano.test]}
            - {name: production, namespaces: [shop, blog], zones: [{{_world.Zone}}], nameSuffixes: [modestano.test], roleArn: {{ZoneRole}}}
            """,
            new()
            {
                ["AWS_ROLE_ARN"] = OperatorRole,
                ["AWS_WEB_IDENTITY_TOKEN_FILE"] = await FileAsync("token", $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c2ln"),
                ["AWS_ENDPOINT_URL_STS"] = _sts.Endpoint.ToString(),
                ["AWS_ENDPOINT_URL_ROUTE_53"] = _world.Route53.Endpoint.ToString(),
            });
        await _world.KubectlAsync("create", "namespace", "shop");
        await _world.KubectlAsync("create", "namespace", "blog");
        await _world.ApplyAsync($"{Record("default", "own", "A")}\n---\n{Record("shop", "production", "AAAA")}\n---\n{Record("blog", "production", "TXT")}");

        await _world.KubectlAsync("wait", "--for=condition=Ready", "wdr/record", "--timeout=90s");
        await _world.KubectlAsync("wait", "--for=condition=Ready", "wdr/record", "-n", "shop", "--timeout=90s");
        await _world.KubectlAsync("wait", "--for=condition=Stalled", "wdr/record", "-n", "blog", "--timeout=90s");

        Assert.That(_sts.Requests[0].Action, Is.EqualTo("AssumeRoleWithWebIdentity"));
        var assumed = _sts.Requests.Where(r => r.Action == "AssumeRole").Select(r => (r.Parameters["ExternalId"], r.Parameters["RoleSessionName"], r.Code)).Distinct();
        Assert.That(assumed, Is.EquivalentTo(new[] { ($"{instance}/shop/production", "modestano-operator", "OK"), ($"{instance}/blog/production", "modestano-operator", "AccessDenied") }),
            "the zone's account trusts the operator for one of the two namespaces only");
        var denied = await _world.KubectlAsync("get", "wdr/record", "-n", "blog", "-o", "jsonpath={.status.conditions[?(@.type=='Stalled')].reason}: {.status.conditions[?(@.type=='Stalled')].message}");
        Assert.That(denied, Does.StartWith("AccessDenied: ").And.Contains($"external id {instance}/blog/production").And.Contains("not authorized to perform: sts:AssumeRole on resource: " + ZoneRole));
        Assert.That(process.Log, Does.Not.Contain("c2ln").And.Not.Contain("a-secret-of"));
    }

    [Test]
    [Category("Hostile")]
    public async Task A_renamed_installation_is_still_let_in_under_its_former_name_and_leaves_the_marks_of_that_name_as_they_are()
    {
        _iam.AddUser("AKIDOPERATOR", "arn:aws:iam::111122223333:user/modestano", Policy("assume-role-policy.json"));
        _iam.PutRole(ZoneRole, PolicyDocument.Parse("""{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/modestano"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": ["modestano/shop/production"]}}}}"""), Policy("route53-policy.json"));
        const string Former = "\"heritage=modestano,modestano/owner=modestano,modestano/resource=weighteddnsrecord/shop/record\"";
        _world.Route53.Zones.Apply(_world.Zone, "under the former name",
        [
            new AppliedChange("CREATE", new RecordSet { Name = "shop.modestano.test.", Type = "A", SetIdentifier = "eu-west-1", Weight = 7, Ttl = 1, Values = ["192.0.2.10"] }),
            new AppliedChange("CREATE", new RecordSet { Name = "_modestano-a.shop.modestano.test.", Type = "TXT", SetIdentifier = "eu-west-1", Weight = 1, Ttl = 300, Values = [Former] }),
        ]);
        var instance = $"{(await _world.KubectlAsync("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}")).Trim()}/default/modestano-operator";
        await using var process = Start(
            $"""
            providers: [{"{"}name: production, namespaces: [shop], zones: [{_world.Zone}], nameSuffixes: [modestano.test], roleArn: {ZoneRole}{"}"}]
            previousInstanceIds: [modestano]
            """,
            new()
            {
                ["AWS_ACCESS_KEY_ID"] = "AKIDOPERATOR",
                ["AWS_SECRET_ACCESS_KEY"] = "secret",
                ["AWS_ENDPOINT_URL_STS"] = _sts.Endpoint.ToString(),
                ["AWS_ENDPOINT_URL_ROUTE_53"] = _world.Route53.Endpoint.ToString(),
            });
        await _world.KubectlAsync("create", "namespace", "shop");
        await _world.ApplyAsync($"{Record("shop", "production", "A")}\n---\n{Record("shop", "production", "AAAA").Replace("name: record,", "name: another,", StringComparison.Ordinal)}");

        await _world.KubectlAsync("wait", "--for=condition=Ready", "wdr/record", "wdr/another", "-n", "shop", "--timeout=90s");

        Assert.That(_sts.Requests.Select(r => (r.Parameters["ExternalId"], r.Code)).Distinct(), Is.EqualTo(new[] { ($"{instance}/shop/production", "AccessDenied"), ("modestano/shop/production", "OK") }));
        var sets = _world.Route53.Zones.Sets(_world.Zone).Values.Where(s => s.Name.Contains("shop", StringComparison.Ordinal)).ToDictionary(s => $"{s.Name} {s.Type}", s => (s.Weight, s.Values![0]));
        Assert.That(sets["shop.modestano.test. A"].Weight, Is.EqualTo(255), "what the former name marked is this object's");
        Assert.That(sets["_modestano-a.shop.modestano.test. TXT"].Item2, Is.EqualTo(Former), "and its mark was not told to change");
        Assert.That(sets["_modestano-aaaa.shop.modestano.test. TXT"].Item2, Is.EqualTo($"\"heritage=modestano,modestano/owner={instance},modestano/resource=weighteddnsrecord/shop/another\""));
    }

    [Test]
    public async Task A_profile_names_keys_role_and_endpoints()
    {
        _iam.AddUser("AKIDPROFILE", "arn:aws:iam::111122223333:user/modestano", Policy("assume-role-policy.json"));
        _iam.PutRole(ZoneRole, PolicyDocument.Parse("""{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/modestano"}, "Action": "sts:AssumeRole"}}"""), Policy("route53-policy.json"));
        await using var process = Start(
            $"providers: [{{name: production, namespaces: [default], zones: [{_world.Zone}], nameSuffixes: [modestano.test]}}]",
            new()
            {
                ["AWS_PROFILE"] = "zones",
                ["AWS_SHARED_CREDENTIALS_FILE"] = await FileAsync("credentials", "[keys]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n"),
                ["AWS_CONFIG_FILE"] = await FileAsync("config",
                    $"""
                    [profile zones]
                    role_arn = {ZoneRole}
                    source_profile = keys
                    region = eu-west-2
                    services = here

                    [services here]
                    route_53 =
                      endpoint_url = {_world.Route53.Endpoint}
                    """),
                ["AWS_ENDPOINT_URL_STS"] = _sts.Endpoint.ToString(),
            });
        await _world.ApplyAsync(Record("default", "production", "A"));

        await _world.KubectlAsync("wait", "--for=condition=Ready", "wdr/record", "--timeout=90s");

        Assert.That(_sts.Requests.Select(r => (r.Action, r.Code)).Distinct(), Is.EqualTo(new[] { ("AssumeRole", "OK") }));
    }

    private OperatorProcess Start(string grants, Dictionary<string, string> environment)
    {
        var file = Path.Combine(_folder, "grants.yaml");
        File.WriteAllText(file, grants);
        foreach (var name in (string[])["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
        {
            environment.TryAdd(name, "");
        }

        environment["AWS_EC2_METADATA_DISABLED"] = "true";
        return OperatorProcess.Start(environment, "run", "--kubeconfig", _world.Kubeconfig, "--grants", file, "--leader-election", "false", "--metrics-port", "0", "--health-port", "0");
    }

    private PolicyDocument Policy(string file) => PolicyDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Config, "iam", file))
        .Replace("Z0123456789EXAMPLE", _world.Zone, StringComparison.Ordinal)
        .Replace("modestano.com", "modestano.test", StringComparison.Ordinal));

    private string Record(string inNamespace, string provider, string type) =>
        $$"""
        apiVersion: mongo.modestano.io/v1alpha1
        kind: WeightedDnsRecord
        metadata: {name: record, namespace: {{inNamespace}}}
        spec:
          providerRef: {name: {{provider}}}
          hostedZone: {id: {{_world.Zone}}}
          name: shop.modestano.test
          type: {{type}}
          ttl: 1
          endpoints:
          - {setIdentifier: eu-west-1, region: eu-west-1, weight: 255, values: ['{{(type switch { "A" => "192.0.2.10", "AAAA" => "2001:db8::10", _ => "\"here\"" })}}']}
        """;

    private async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
