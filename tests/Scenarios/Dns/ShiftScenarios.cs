using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.Dns;

/// <summary>Weights move as they should when nothing goes wrong.</summary>
public sealed class ShiftScenarios
{
    private static readonly ShiftSpec Quarter = new() { MaxStepPercent = 25, Interval = Duration.FromSeconds(300) };

    [Test]
    public async Task A_new_record_is_made_with_its_marks_and_is_ready_once_in_sync()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();

        var took = await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
        Assert.That(world.Route53.Zones.Sets(world.Zone.Id).Values.Where(s => s.Name == "_modestano-a.shop.modestano.com.").Select(s => s.Values![0]),
            Has.All.EqualTo("\"heritage=modestano,modestano/owner=modestano,modestano/resource=weighteddnsrecord/shop/shop\""));
        Assert.That(took, Is.InRange(TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(100)), "20 s of propagation and 60 s of TTL");
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Weights_shift_in_steps_each_after_insync_ttl_and_interval()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(shift: Quarter);
        await world.RunUntilReadyAsync();
        var seen = new List<string>();

        world.Shop(ireland: 0, london: 255, shift: Quarter);
        await world.RunUntilReadyAsync(eachPass: () =>
        {
            if (seen.LastOrDefault() != world.Weights())
            {
                seen.Add(world.Weights());
            }
        });

        Assert.That(seen, Is.EqualTo(new[] { "eu-west-1:255 eu-west-2:0", "eu-west-1:191 eu-west-2:64", "eu-west-1:127 eu-west-2:128", "eu-west-1:63 eu-west-2:192", "eu-west-1:0 eu-west-2:255" }));
        var times = world.Route53.Zones.Log.Skip(1).Select(b => b.Time).ToList();
        Assert.That(times.Zip(times.Skip(1), (a, b) => b - a), Has.All.InRange(TimeSpan.FromSeconds(380), TimeSpan.FromSeconds(395)));
    }

    [Test]
    public async Task After_a_lowered_ttl_the_next_step_waits_for_the_answers_that_resolvers_got_before()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(shift: Quarter, with: spec => spec with { Ttl = 600 });
        await world.RunUntilReadyAsync();

        world.Shop(ireland: 0, london: 255, shift: Quarter, with: spec => spec with { Ttl = 30 });
        await world.RunUntilAsync(_ => world.Route53.Zones.Log.Count == 2);
        Assert.That(world.Record().Status!.Change!.AnswerTtl, Is.EqualTo(600));
        world.TakeOver();
        await world.RunUntilReadyAsync();

        var times = world.Route53.Zones.Log.Skip(1).Select(b => b.Time).ToList();
        Assert.That(times[1] - times[0], Is.InRange(TimeSpan.FromSeconds(920), TimeSpan.FromSeconds(935)), "20 s of propagation, 600 s of the old TTL, 300 s of interval");
        Assert.That(times[2] - times[1], Is.InRange(TimeSpan.FromSeconds(350), TimeSpan.FromSeconds(365)), "from then on everybody asks again after 30 s");
    }

    [Test]
    public async Task A_record_that_is_as_wanted_costs_no_status_write()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        var (writes, batches) = (world.Records.Writes, world.Route53.Zones.Log.Count);

        for (var i = 0; i < 5; i++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(5));
            await world.PassAsync();
        }

        Assert.That((world.Records.Writes, world.Route53.Zones.Log.Count), Is.EqualTo((writes, batches)));
    }
}
