using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed;

namespace Modestano.Operations.Tests.Aws;

/// <summary><c>config/aws</c> by AWS's own resource definitions and HashiCorp's own parser, and its names and ports by those of the samples.</summary>
public sealed class LandingZoneTests
{
    private const string Region = "config/aws/cloudformation/region.yaml";
    private const string Names = "config/aws/cloudformation/dns.yaml";
    private const string Module = "config/aws/terraform/main.tf";

    private JsonNode read = null!;

    [OneTimeSetUp]
    public void Read() => read = JsonNode.Parse(Tool.Run("bash", Repository.PathOf("hack/aws.sh")))!;

    [Test]
    public void AWS_and_HashiCorp_know_all_that_stands_there() => Assert.That(read["problems"]!.AsArray().Select(p => (string)p!), Is.Empty);

    [Test]
    public void The_page_calls_the_module_with_variables_that_it_has()
    {
        var page = Repository.Read("docs/aws.md");
        var call = page[page.IndexOf("```hcl\n", StringComparison.Ordinal)..];
        var names = Regex.Matches(call[..call.IndexOf("\n```", StringComparison.Ordinal)], @"^  (\w+)\s*=", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
        Assert.That(names.Except(["source", "providers"]), Is.Not.Empty.And.SubsetOf(read["terraform"]![Module]!["variable"]!.AsObject().Select(v => v.Key)));
    }

    [Test]
    public void The_members_names_are_those_of_the_samples()
    {
        var parameters = read["templates"]![Names]!["Parameters"]!;
        string[] regions = [(string)parameters["VpcRegion"]!["Default"]!, (string)parameters["PeerVpcRegion"]!["Default"]!];
        var zone = (string)parameters["PrivateZoneName"]!["Default"]!;
        var names = read["templates"]![Names]!["Resources"]!.AsObject().Select(r => r.Value!).Where(r => (string?)r["Type"] == "AWS::Route53::RecordSet")
            .Select(r => ((string)r["Properties"]!["Name"]!["Fn::Sub"]!).Replace("${VpcRegion}", regions[0], StringComparison.Ordinal).Replace("${PeerVpcRegion}", regions[1], StringComparison.Ordinal).Replace("${PrivateZoneName}", zone, StringComparison.Ordinal));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(names.Select(n => $"{n}:27017"), Is.EquivalentTo(SampleNames.Members(SampleNames.OldRegion).Concat(SampleNames.Members(SampleNames.NewRegion))));
            Assert.That(Variable("private_zone_name"), Is.EqualTo(zone));
            Assert.That(Local("members"), Does.Contain("mongo-${substr(\"abc\", i, 1)}.${var.from.region}").And.Contain("mongo-${substr(\"abc\", i, 1)}.${var.to.region}"));
            Assert.That((string?)parameters["HealthName"]!["Default"], Is.EqualTo(SampleNames.Record));
            Assert.That(Variable("health_name"), Is.EqualTo(SampleNames.Record));
        }
    }

    [Test]
    public void Only_MongoDBs_port_is_opened_and_only_to_members_and_operator()
    {
        var rules = read["templates"]![Region]!["Resources"]!.AsObject().Where(r => (string?)r.Value!["Type"] == "AWS::EC2::SecurityGroupIngress").Select(r => r.Value!["Properties"]!).ToList();
        var terraform = read["terraform"]![Module]!["resource"]!["aws_vpc_security_group_ingress_rule"]!.AsObject().Select(r => r.Value![0]!).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rules.Select(r => $"{r["IpProtocol"]} {r["FromPort"]} {r["ToPort"]}").Distinct(), Is.EqualTo(new[] { "tcp 27017 27017" }));
            Assert.That(rules.Select(r => r["CidrIp"]?.ToJsonString()).OfType<string>(), Is.All.Contains("PeerMemberCidrs").Or.Contains("OperatorCidr"));
            Assert.That((int?)read["terraform"]![Module]!["locals"]![0]!["port"], Is.EqualTo(27017));
            Assert.That(terraform.Select(r => $"{r["ip_protocol"]} {r["from_port"]} {r["to_port"]}").Distinct(), Is.EqualTo(new[] { "tcp ${local.port} ${local.port}" }));
            Assert.That(terraform, Has.Count.EqualTo(6));
        }
    }

    [Test]
    public void Routes_lead_both_ways_and_the_private_zone_is_seen_in_both_VPCs()
    {
        var resources = read["terraform"]![Module]!["resource"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(resources["aws_route"]!.AsObject().Select(r => (string?)r.Value![0]!["destination_cidr_block"]), Is.EquivalentTo(new[] { "${var.to.vpc_cidr}", "${var.from.vpc_cidr}" }));
            Assert.That(resources["aws_route53_zone"]!["members"]![0]!["vpc"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(read["templates"]![Names]!["Resources"]!["MemberZone"]!["Properties"]!["VPCs"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(read["templates"]![Names]!["Resources"]!.AsObject().Count(r => (string?)r.Value!["Type"] == "AWS::Route53::HealthCheck"), Is.EqualTo(2));
        }
    }

    [Test]
    public void A_property_that_AWS_does_not_know_would_be_found()
    {
        // The checker itself: in a copy with mistakes it finds each of them.
        var copy = Directory.CreateTempSubdirectory("modestano-aws-").FullName;
        try
        {
            foreach (var file in (string[])["config/iam/cloudformation.yaml", "config/iam/terraform/main.tf", "config/aws/cloudformation/peering.yaml", Region, Names, Module, "hack/aws.sh", "hack/aws-templates.cjs"])
            {
                Directory.CreateDirectory(Path.Combine(copy, Path.GetDirectoryName(file)!));
                File.Copy(Repository.PathOf(file), Path.Combine(copy, file));
            }

            Directory.CreateDirectory(Path.Combine(copy, ".cache/tools"));
            File.CreateSymbolicLink(Path.Combine(copy, ".cache/tools/aws"), Repository.PathOf(".cache/tools/aws"));
            Edit(Region, "DestinationCidrBlock", "DestinationBlock");
            Edit(Names, "{Ref: MemberZone}", "{Ref: MembersZone}");
            Edit(Module, "port = 27017", "port = = 27017");
            var problems = string.Join('\n', JsonNode.Parse(Tool.Run("bash", Path.Combine(copy, "hack/aws.sh")))!["problems"]!.AsArray().Select(p => (string)p!));
            Assert.That(problems, Does.Contain("AWS does not know DestinationBlock").And.Contain("Ref MembersZone leads nowhere").And.Contain(Module));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }

        void Edit(string file, string what, string with) =>
            File.WriteAllText(Path.Combine(copy, file), Repository.Read(file).Replace(what, with, StringComparison.Ordinal));
    }

    private string? Variable(string name) => (string?)read["terraform"]![Module]!["variable"]![name]![0]!["default"];

    private string Local(string name) => (string)read["terraform"]![Module]!["locals"]![0]![name]!;
}
