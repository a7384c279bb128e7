using System.Text.Json.Nodes;
using Modestano.Operations.Tests.Install;

namespace Modestano.Operations.Tests.Iam;

/// <summary>The policies of <c>config/iam</c> say the same in each language.</summary>
public sealed class PolicyTests
{
    private const string Issuer = "oidc.eks.eu-west-2.amazonaws.com/id/EXAMPLE";
    private const string Account = "111122223333";
    private const string Cluster = $"arn:aws:eks:eu-west-2:{Account}:cluster/modestano";
    private const string ServiceAccount = "modestano-operator-system:modestano-operator-controller-manager";

    private static readonly CloudFormationTemplate CloudFormation = new(Read("cloudformation.yaml"), new Dictionary<string, JsonNode>
    {
        ["AWS::Partition"] = "aws",
        ["AWS::AccountId"] = Account,
        ["HostedZoneId"] = "Z0123456789EXAMPLE",
        ["RecordNames"] = new JsonArray("shop.modestano.com"),
        ["OidcIssuer"] = Issuer,
        ["ServiceAccount"] = ServiceAccount,
        ["ClusterArn"] = Cluster,
        ["OperatorRoleArn"] = $"arn:aws:iam::{Account}:role/modestano-operator",
        ["ExternalIds"] = new JsonArray("0f1e2d3c-0000-4000-8000-000000000000/modestano-system/modestano-operator/shop/production"),
    });

    private static readonly TerraformModule Terraform = new(Read("terraform/main.tf"), new Dictionary<string, string[]>
    {
        ["data.aws_partition.this.partition"] = ["aws"],
        ["data.aws_caller_identity.this.account_id"] = [Account],
        ["var.hosted_zone_id"] = ["Z0123456789EXAMPLE"],
        ["var.record_names"] = ["shop.modestano.com"],
        ["var.oidc_issuer"] = [Issuer],
        ["var.service_account"] = [ServiceAccount],
        ["local.service_account_namespace"] = [ServiceAccount.Split(':')[0]],
        ["local.service_account_name"] = [ServiceAccount.Split(':')[1]],
        ["var.cluster_arn"] = [Cluster],
        ["var.operator_role_arn"] = [$"arn:aws:iam::{Account}:role/modestano-operator"],
        ["var.external_ids"] = ["0f1e2d3c-0000-4000-8000-000000000000/modestano-system/modestano-operator/shop/production"],
    });

    [Test]
    public void What_the_operator_may_do_is_the_same_in_all_three()
    {
        var json = Statements.Of(Json("route53-policy.json"));

        Assert.That(json, Has.Length.EqualTo(5));
        Assert.That(Statements.Of(CloudFormation.Policy("Route53Policy", "PolicyDocument")), Is.EqualTo(json));
        Assert.That(Statements.Of(Terraform.Policy("route53")), Is.EqualTo(json));
    }

    [TestCase("trust-irsa.json", "OperatorRole", "service_account")]
    [TestCase("trust-pod-identity.json", "PodRole", "pods")]
    [TestCase("trust-cross-account.json", "ZoneRole", "other_account")]
    public void Who_may_be_the_operator_is_the_same_in_all_three(string file, string resource, string document)
    {
        var json = Statements.Of(Json(file));

        Assert.That(Statements.Of(CloudFormation.Policy(resource, "AssumeRolePolicyDocument")), Is.EqualTo(json));
        Assert.That(Statements.Of(Terraform.Policy(document)), Is.EqualTo(json));
    }

    [Test]
    public void The_trusted_service_account_is_the_one_that_chart_and_kustomize_make()
    {
        var made = new[] { Rendered.Charted(), Rendered.Kustomized }.SelectMany(objects => objects.Where(o => Rendered.Kind(o) == "Deployment"))
            .Select(o => $"{o["metadata"]!["namespace"]}:{o["spec"]!["template"]!["spec"]!["serviceAccountName"]}");

        Assert.That(made, Is.EqualTo(new[] { ServiceAccount, ServiceAccount }));
        Assert.That(CloudFormation.Default("ServiceAccount"), Is.EqualTo(ServiceAccount));
        Assert.That(Terraform.Default("service_account"), Is.EqualTo(ServiceAccount));
        Assert.That(Read("trust-irsa.json"), Does.Contain($"system:serviceaccount:{ServiceAccount}\""));
    }

    [Test]
    public void Several_names_come_each_with_its_marks()
    {
        string[] names = ["shop.modestano.com", "api.modestano.com"];
        var template = new CloudFormationTemplate(Read("cloudformation.yaml"), new Dictionary<string, JsonNode>
        {
            ["AWS::Partition"] = "aws-cn",
            ["HostedZoneId"] = "Z1",
            ["RecordNames"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]),
        });

        var allowed = template.Policy("Route53Policy", "PolicyDocument")["Statement"]![1]!["Condition"]!["ForAllValues:StringLike"]!["route53:ChangeResourceRecordSetsNormalizedRecordNames"]!;

        Assert.That(allowed.AsArray().Select(n => n!.GetValue<string>()), Is.EqualTo(names.Concat(names.Select(n => "_modestano-*." + n))));
    }

    [Test]
    public void Both_languages_ask_for_the_same_things() => Assert.That(
        Terraform.Variables.Except(["name"]).Select(v => v.Replace("_", "", StringComparison.Ordinal)),
        Is.EquivalentTo(CloudFormation.ParameterNames.Select(p => p.ToLowerInvariant())));

    private static JsonNode Json(string file) => JsonNode.Parse(Read(file))!;

    private static string Read(string file) => Repository.Read(Path.Combine("config", "iam", file));
}
