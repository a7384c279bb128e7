using DnsClient;
using DnsClient.Protocol;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.Dns;

/// <summary>What clients that keep answers for their TTL see of a shift, over UDP and TCP.</summary>
public sealed class ClientShareScenarios
{
    private const int Many = 400;

    [Test]
    public async Task The_share_of_answers_follows_the_weights_of_each_step_once_the_former_answers_have_run_out()
    {
        await using var world = await DnsWorld.StartAsync();
        var shift = new ShiftSpec { MaxStepPercent = 25, Interval = Duration.FromSeconds(120) };
        world.Shop(shift: shift);
        await world.RunUntilReadyAsync();
        var clients = Enumerable.Range(0, Many).Select(i => new CachingClient(world, useTcp: i % 2 == 1)).ToList();
        await LondonAsync(clients);

        world.Shop(ireland: 0, london: 255, shift: shift);
        for (var step = 1; step <= 4; step++)
        {
            var before = await LondonAsync(clients);
            await world.RunUntilAsync(_ => world.Route53.Zones.Log.Count == step + 1);
            Assert.That(await LondonAsync(clients), Is.EqualTo(before).Within(0.12), $"step {step}: while it is pending the servers answer as before");

            await world.RunUntilAsync(record => record.Status!.Change!.InSyncAt is not null);
            var inSync = world.Time.GetUtcNow();
            Assert.That(clients.Count(c => c.AskedAt < inSync && c.IsFresh), Is.GreaterThan(Many / 4), $"step {step}: in sync, and many still hold a former answer");

            await world.RunUntilAsync(record => record.Status!.Conditions!.Any(c => c is { Type: ConditionTypes.Ready } and ({ Reason: "WaitingForInterval" } or { Status: "True" })));
            var share = await LondonAsync(clients);
            Assert.That(clients.Select(c => c.AskedAt.UtcDateTime), Has.All.GreaterThanOrEqualTo(world.Record().Status!.Change!.InSyncAt!.Value), $"step {step}: no former answer is left");
            Assert.That(share, Is.EqualTo(step / 4.0).Within(0.07), $"step {step}: {world.Weights()}");
        }

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:0 eu-west-2:255"));
        Assert.That(await LondonAsync(clients), Is.EqualTo(1));
    }

    /// <summary>The part of the clients that goes to London now.</summary>
    private static async Task<double> LondonAsync(List<CachingClient> clients)
    {
        var london = 0;
        foreach (var client in clients)
        {
            london += await client.AddressAsync() == "192.0.2.2" ? 1 : 0;
        }

        return london / (double)clients.Count;
    }

    /// <summary>A client that keeps an answer for its TTL, in the world's time.</summary>
    private sealed class CachingClient(DnsWorld world, bool useTcp)
    {
        private readonly LookupClient _dns = new(new LookupClientOptions(world.Route53.Dns) { UseCache = false, UseTcpOnly = useTcp });
        private ARecord? _answer;

        public DateTimeOffset AskedAt { get; private set; }

        public bool IsFresh => _answer is not null && world.Time.GetUtcNow() < AskedAt.AddSeconds(_answer.InitialTimeToLive);

        public async Task<string> AddressAsync()
        {
            if (!IsFresh)
            {
                AskedAt = world.Time.GetUtcNow();
                _answer = (await _dns.QueryAsync("shop.modestano.com", QueryType.A)).Answers.ARecords().Single();
            }

            return _answer!.Address.ToString();
        }
    }
}
