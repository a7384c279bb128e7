using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Modestano.Operator.Dns.Route53.Transport;

namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>Where requests go and for whom they are signed, by the rules of every AWS SDK.</summary>
[NonParallelizable]
public sealed class EndpointTests
{
    private const string Own = "AWS_ENDPOINT_URL_ROUTE_53";
    private const string All = "AWS_ENDPOINT_URL";
    private const string Ignore = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

    [TearDown]
    public void Forget()
    {
        foreach (var name in (string[])[Own, All, Ignore])
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        FallbackInternalConfigurationFactory.Reset();
    }

    [TestCase(null, null, null, null, "https://route53.amazonaws.com/", TestName = "nothing is said: the service's own")]
    [TestCase(null, null, "https://all.example/", null, "https://all.example/", TestName = "AWS_ENDPOINT_URL is for every service")]
    [TestCase(null, "https://own.example/", "https://all.example/", null, "https://own.example/", TestName = "AWS_ENDPOINT_URL_ROUTE_53 is stronger")]
    [TestCase("https://code.example/", "https://own.example/", "https://all.example/", null, "https://code.example/", TestName = "the grant's endpoint is the strongest")]
    [TestCase(null, "https://own.example/", "https://all.example/", "true", "https://route53.amazonaws.com/", TestName = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS turns the variables off")]
    public async Task Requests_go_to(string? code, string? own, string? all, string? ignore, string goesTo)
    {
        Environment.SetEnvironmentVariable(Own, own);
        Environment.SetEnvironmentVariable(All, all);
        Environment.SetEnvironmentVariable(Ignore, ignore);
        // The SDK reads this one once in a process.
        FallbackInternalConfigurationFactory.Reset();

        var sent = await SendAsync("eu-west-1", code);

        Assert.That(sent.Uri.GetLeftPart(UriPartial.Authority) + "/", Is.EqualTo(goesTo));
        Assert.That(sent.Headers["Authorization"], Does.Contain("/us-east-1/route53/aws4_request"), "the partition signs, wherever it goes");
    }

    [TestCase("eu-west-2", "route53.amazonaws.com", "us-east-1")]
    [TestCase("cn-north-1", "route53.amazonaws.com.cn", "cn-northwest-1")]
    [TestCase("us-gov-east-1", "route53.us-gov.amazonaws.com", "us-gov-west-1")]
    public async Task A_region_only_chooses_the_partition(string region, string host, string signedFor)
    {
        var sent = await SendAsync(region, null);

        Assert.That(sent.Uri.Host, Is.EqualTo(host));
        Assert.That(sent.Headers["Authorization"], Does.Contain($"/{signedFor}/route53/aws4_request"));
    }

    [Test]
    public async Task The_user_agent_names_the_sdk_the_service_and_the_operator()
    {
        var sent = await SendAsync("eu-west-1", null);

        Assert.That(sent.Headers["User-Agent"], Does.StartWith("aws-sdk-dotnet-coreclr/").And.Contain("Route53").And.Match(@"modestano-\d+\.\d+\.\d+"));
    }

    private static async Task<SeenRequest> SendAsync(string region, string? endpoint)
    {
        using var service = new ScriptedService().Error(404, "NoSuchChange", "no");
        var config = new AmazonRoute53Config(region) { HttpClientFactory = service.AsFactory() };
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint;
        }

        using var client = new AmazonRoute53Client(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), config);
        await Refusal.OfAsync(() => client.GetChangeAsync(new() { Id = "C1" }));
        return service.Requests.Single();
    }
}
