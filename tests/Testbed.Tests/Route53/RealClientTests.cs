using System.Text.Json;
using Modestano.Testbed.Route53;
using static Modestano.Testbed.Tests.Route53.RawClient;

namespace Modestano.Testbed.Tests.Route53;

/// <summary>The clients that people use, unmodified.</summary>
[Category("RealClients")]
public sealed class RealClientTests
{
    [Test]
    public async Task The_aws_command_changes_waits_lists_and_pages()
    {
        await using var server = await EmbeddedRoute53.StartAsync(new Route53Options { PropagationDelay = TimeSpan.Zero });
        var zone = server.Zones.CreateZone("example.com").Id;
        var batch = JsonSerializer.Serialize(new
        {
            Comment = "initial weights",
            Changes = new[] { ("eu-west-1", 255, "192.0.2.1"), ("eu-west-2", 0, "192.0.2.2") }.Select(e => new
            {
                Action = "CREATE",
                ResourceRecordSet = new { Name = "*.example.com", Type = "A", SetIdentifier = e.Item1, Weight = e.Item2, TTL = 60, ResourceRecords = new[] { new { Value = e.Item3 } } },
            }),
        });

        var change = await AwsAsync(server, "change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", batch);
        var id = JsonDocument.Parse(change).RootElement.GetProperty("ChangeInfo").GetProperty("Id").GetString()!;
        await AwsAsync(server, "wait", "resource-record-sets-changed", "--id", id);
        var weights = await AwsAsync(server, "list-resource-record-sets", "--hosted-zone-id", zone, "--page-size", "3",
            "--query", "ResourceRecordSets[?Type=='A'].[Name,SetIdentifier,Weight]", "--output", "text");
        var zones = await AwsAsync(server, "list-hosted-zones-by-name", "--query", "HostedZones[].Name", "--output", "text");

        Assert.That(weights.Trim().Split('\n'), Is.EqualTo(new[] { "\\052.example.com.\teu-west-1\t255", "\\052.example.com.\teu-west-2\t0" }));
        Assert.That(zones.Trim(), Is.EqualTo("example.com."));
    }

    [Test]
    public async Task Dig_reads_an_address_over_udp_and_tcp()
    {
        await using var server = await EmbeddedRoute53.StartAsync(new Route53Options { PropagationDelay = TimeSpan.Zero });
        using var client = new RawClient(server);
        await client.ChangeAsync(server.Zones.CreateZone("example.com").Id, Change("CREATE", "shop.example.com", value: "192.0.2.7"));

        foreach (var protocol in new[] { "+notcp", "+tcp" })
        {
            var answer = await RunAsync("dig", [], "@127.0.0.1", "-p", $"{server.Dns.Port}", protocol, "+noall", "+answer", "shop.example.com", "A");
            Assert.That(answer.Trim(), Does.Match(@"^shop\.example\.com\.\s+60\s+IN\s+A\s+192\.0\.2\.7$"));
        }
    }

    private static Task<string> AwsAsync(EmbeddedRoute53 server, params string[] arguments) => RunAsync(
        "aws",
        RealCommand.AwsEnvironment,
        ["route53", "--endpoint-url", server.Endpoint.ToString(), .. arguments]);

    private static async Task<string> RunAsync(string command, Dictionary<string, string> environment, params string[] arguments)
    {
        var (code, output, error) = await RealCommand.RunAsync(command, environment, arguments);
        Assert.That(code, Is.Zero, $"{command} {string.Join(' ', arguments)}: {error}{output}");
        return output;
    }
}
