using System.Text;
using Amazon.Runtime;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Route53.Transport;

namespace Modestano.Scenarios.Dns;

/// <summary>A server between the operator and Route 53 garbles answers: no pass breaks off, nothing is moved that was not asked for, and it ends.</summary>
public sealed class ForeignAnswerScenarios
{
    [Test]
    public async Task Garbled_answers_break_no_pass_and_move_nothing_that_was_not_asked_for()
    {
        using var garbler = new Garbler(new Random(20261130));
        await using var world = await DnsWorld.StartAsync(accounts: route53 => new OneAccount(garbler, route53.Endpoint));
        world.Shop();
        await world.RunUntilReadyAsync();
        var reasons = new HashSet<string>();

        garbler.IsAtWork = true;
        for (var i = 0; i < 200; i++)
        {
            world.Shop(ireland: 255 - (i % 2), london: i % 2);
            var result = await world.PassAsync();
            reasons.Add(world.Condition(ConditionTypes.Ready).Reason);
            world.Time.Advance(result.RequeueAfter ?? TimeSpan.FromSeconds(5));
            Assert.That(world.Weights(), Is.AnyOf("eu-west-1:255 eu-west-2:0", "eu-west-1:254 eu-west-2:1"));
        }

        Assert.That(reasons, Does.Contain("UnreadableAnswer"));
        garbler.IsAtWork = false;
        world.Shop(ireland: 100, london: 155);
        await world.RunUntilReadyAsync();
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:100 eu-west-2:155"));
    }

    /// <summary>Changes every other answer's body somewhere.</summary>
    private sealed class Garbler(Random random) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        private static readonly string[] Odd = ["", "-1", "999999999999999999999", "<a>", "</ResourceRecordSet>", "true", "\"", "&", "..", "<SetIdentifier>eu-west-1</SetIdentifier>"];

        public bool IsAtWork { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            // What changes zones is answered truly here: a lost answer is another scenario.
            if (!IsAtWork || request.Method != HttpMethod.Get || random.Next(2) == 0)
            {
                return answer;
            }

            var body = new StringBuilder(await answer.Content.ReadAsStringAsync(cancellationToken));
            var at = random.Next(body.Length);
            var length = Math.Min(random.Next(12), body.Length - at);
            body.Remove(at, length).Insert(at, Odd[random.Next(Odd.Length)]);
            answer.Content = new StringContent(body.ToString(), Encoding.UTF8, "text/xml");
            return answer;
        }
    }

    private sealed class OneAccount(HttpMessageHandler handler, Uri endpoint) : IRoute53Accounts
    {
        private readonly Route53Account _account = new(
            new AmazonRoute53Client(new BasicAWSCredentials(DnsWorld.AccessKey, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), new AmazonRoute53Config
            {
                ServiceURL = endpoint.ToString(),
                HttpClientFactory = new Factory(handler),
                MaxErrorRetry = 0,
            }),
            "account");

        public Route53Account Get(ProviderGrant grant, string forNamespace) => _account;

        private sealed class Factory(HttpMessageHandler handler) : HttpClientFactory
        {
            public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

            public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
        }
    }
}
