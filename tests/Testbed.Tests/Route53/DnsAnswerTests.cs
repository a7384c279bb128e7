using DnsClient;
using Microsoft.Extensions.Time.Testing;
using Modestano.Testbed.Route53;
using Modestano.Testbed.Route53.Resolver;
using Modestano.Testbed.Route53.Zones;
using static Modestano.Testbed.Tests.Route53.RawClient;

namespace Modestano.Testbed.Tests.Route53;

public sealed class DnsAnswerTests
{
    private static IEnumerable<TestCaseData> Choices()
    {
        yield return Case("shares are weight over sum", [(255, true), (85, true)], [0.75, 0.25]);
        yield return Case("a set with weight 0 is never answered while another has weight", [(1, true), (0, true)], [1, 0]);
        yield return Case("all zero is all equal", [(0, true), (0, true)], [0.5, 0.5]);
        yield return Case("an unhealthy set is passed over", [(200, false), (55, true)], [0, 1]);
        yield return Case("weight 0 serves when nothing else is healthy, so it is no fence", [(255, false), (0, true)], [0, 1]);
        yield return Case("when nothing is healthy everything is", [(255, false), (0, false)], [1, 0]);

        static TestCaseData Case(string what, (int, bool)[] sets, double[] shares) => new TestCaseData(sets, shares).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Choices))]
    public void A_weighted_answer_is_chosen_as_the_service_does((int Weight, bool Healthy)[] given, double[] shares)
    {
        const int Draws = 1000;
        var sets = given.Select((g, i) => new RecordSet { Name = "a.", Type = "A", SetIdentifier = $"{i}", Weight = g.Weight }).ToList();

        var drawn = Enumerable.Range(0, Draws).Select(i => WeightedChoice.Choose(sets, set => given[sets.IndexOf(set)].Healthy, (i + 0.5) / Draws)).ToList();

        Assert.That(sets.Select(set => drawn.Count(d => d == set) / (double)Draws), Is.EqualTo(shares).Within(0.002));
    }

    [Test]
    public async Task A_server_that_is_stopped_before_it_has_begun_to_listen_ends_quietly()
    {
        await using var server = await StartAsync(TimeProvider.System);
        var resolver = new ZoneResolver(server.Zones, server.HealthChecks, seed: 1);
        using var over = new ManualResetEventSlim();

        // Nobody is free to begin what was started.
        var busy = Enumerable.Range(0, Environment.ProcessorCount + 2).Select(_ => Task.Run(over.Wait)).ToList();
        try
        {
            var front = new DnsFront(resolver, port: 0);
            front.Start();
            Assert.That(front.Dispose, Throws.Nothing);
        }
        finally
        {
            over.Set();
            await Task.WhenAll(busy);
        }
    }

    [Test]
    public async Task Clients_see_the_shares_of_the_weights_over_udp_and_tcp()
    {
        await using var server = await StartAsync(TimeProvider.System);
        await AddAsync(server, Change("CREATE", "shop.example.com", id: "eu-west-1", weight: 191, value: "192.0.2.1"), Change("CREATE", "shop.example.com", id: "eu-west-2", weight: 64, value: "192.0.2.2"));

        foreach (var tcp in new[] { false, true })
        {
            var dns = Client(server, tcp);
            var seen = new List<string>();
            for (var i = 0; i < 400; i++)
            {
                var answer = await dns.QueryAsync("shop.example.com", QueryType.A);
                seen.Add(answer.Answers.ARecords().Single().Address.ToString());
            }

            Assert.That(seen.Count(a => a == "192.0.2.2") / 400.0, Is.EqualTo(0.25).Within(0.07));
        }
    }

    [Test]
    public async Task An_answer_changes_when_the_change_is_in_sync_and_not_before()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(time, TimeSpan.FromSeconds(30));
        await AddAsync(server, Change("CREATE", "shop.example.com", ttl: 15));
        var dns = Client(server);

        var before = await dns.QueryAsync("shop.example.com", QueryType.A);
        time.Advance(TimeSpan.FromSeconds(30));
        var after = await dns.QueryAsync("Shop.Example.Com", QueryType.A);

        Assert.That(before.Header.ResponseCode, Is.EqualTo(DnsHeaderResponseCode.NotExistentDomain));
        Assert.That(before.Authorities.SoaRecords(), Is.Not.Empty);
        Assert.That((after.Answers.ARecords().Single().Address.ToString(), after.Answers.Single().InitialTimeToLive, after.Header.HasAuthorityAnswer), Is.EqualTo(("192.0.2.1", 15, true)));
    }

    [Test]
    public async Task Names_types_wildcards_and_texts_are_answered()
    {
        await using var server = await StartAsync(TimeProvider.System);
        await AddAsync(server,
            Change("CREATE", "a.example.com"),
            Change("CREATE", "www.example.com", "CNAME", value: "a.example.com"),
            Change("CREATE", "*.apps.example.com", value: "192.0.2.9"),
            Change("CREATE", "six.example.com", "AAAA", value: "2001:db8::1"),
            Change("CREATE", "t.example.com", "TXT", value: "\"heritage=modestano,owner=\\\"a\\\"\""));
        var dns = Client(server);

        Assert.That((await dns.QueryAsync("www.example.com", QueryType.A)).Answers.ARecords().Single().Address.ToString(), Is.EqualTo("192.0.2.1"));
        Assert.That((await dns.QueryAsync("x.apps.example.com", QueryType.A)).Answers.ARecords().Single().Address.ToString(), Is.EqualTo("192.0.2.9"));
        Assert.That((await dns.QueryAsync("six.example.com", QueryType.AAAA)).Answers.AaaaRecords().Single().Address.ToString(), Is.EqualTo("2001:db8::1"));
        Assert.That((await dns.QueryAsync("t.example.com", QueryType.TXT)).Answers.TxtRecords().Single().Text, Is.EqualTo(new[] { "heritage=modestano,owner=\"a\"" }));
        Assert.That((await dns.QueryAsync("a.example.com", QueryType.TXT)).Header.ResponseCode, Is.EqualTo(DnsHeaderResponseCode.NoError));
        Assert.That((await dns.QueryAsync("example.com", QueryType.NS)).Answers.NsRecords().Count(), Is.EqualTo(4));
        Assert.That((await dns.QueryAsync("example.org", QueryType.A)).Header.ResponseCode, Is.EqualTo(DnsHeaderResponseCode.Refused));
    }

    private static Task<EmbeddedRoute53> StartAsync(TimeProvider time, TimeSpan delay = default) =>
        EmbeddedRoute53.StartAsync(new Route53Options { Time = time, PropagationDelay = delay, ProcessingTime = TimeSpan.Zero, RequestsPerSecond = null, Seed = 7 });

    private static async Task AddAsync(EmbeddedRoute53 server, params string[] changes)
    {
        using var client = new RawClient(server);
        var answer = await client.ChangeAsync(server.Zones.CreateZone("example.com").Id, changes);
        Assert.That(answer["Message"], Is.Null);
    }

    private static LookupClient Client(EmbeddedRoute53 server, bool tcp = false) =>
        new(new LookupClientOptions(server.Dns) { UseCache = false, UseTcpOnly = tcp, ThrowDnsErrors = false, Retries = 2 });
}
