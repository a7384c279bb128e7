using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.Dns;

/// <summary>Many records of one zone share the account's request rate (D4).</summary>
public sealed class BatchScenarios
{
    [Test]
    public async Task Records_of_a_zone_that_are_due_together_share_batches_readings_and_questions()
    {
        const int Many = 40;
        await using var world = await StillAsync();
        var names = Enumerable.Range(0, Many).Select(i => $"r{i}").ToList();
        foreach (var name in names)
        {
            Put(world, name, 255, 0);
        }

        await UntilReadyAsync(world, names);
        var (batches, requests) = (world.Route53.Zones.Log.Count, world.Route53.Requests.All.Count);
        foreach (var name in names)
        {
            Put(world, name, 0, 255);
        }

        await UntilReadyAsync(world, names);

        Assert.That(names.Select(name => world.Weights($"{name}.modestano.com.")), Has.All.EqualTo("eu-west-1:0 eu-west-2:255"));
        TestContext.Out.WriteLine($"{world.Route53.Zones.Log.Count - batches} batches, {world.Route53.Requests.All.Count - requests} requests: {string.Join(", ", world.Route53.Requests.All.Skip(requests).CountBy(r => r.Operation))}");
        Assert.That(world.Route53.Zones.Log.Count - batches, Is.EqualTo(1), "batches to shift them all");
        Assert.That(world.Route53.Requests.All.Count - requests, Is.LessThan(3 * Many), "requests to shift them all; one by one each record takes ten");
        Assert.That(world.Route53.Zones.Log.Select(b => b.Changes.Sum(c => c.Set.Values!.Count)), Has.All.LessThanOrEqualTo(1000));
    }

    [Test]
    public async Task A_record_that_the_service_refuses_does_not_keep_back_the_rest_of_its_batch()
    {
        await using var world = await StillAsync();
        var names = Enumerable.Range(0, 20).Select(i => $"r{i}").ToList();
        foreach (var name in names)
        {
            Put(world, name, 255, 0, ireland: name == "r7" ? "no address" : "192.0.2.1");
        }

        await PassAllAsync(world, names);
        await PassAllAsync(world, names);

        Assert.That(names.Where(name => world.Weights($"{name}.modestano.com.") == "eu-west-1:255 eu-west-2:0"), Is.EqualTo(names.Where(name => name != "r7")));
        var refused = world.Condition(ConditionTypes.Stalled, "r7");
        Assert.That((refused.Status, refused.Reason), Is.EqualTo(("True", "RefusedByRoute53")));
        Assert.That(refused.Message, Does.Contain("ARRDATAIllegalIPv4Address").And.Contain("no address"));
        Assert.That(names.Where(name => name != "r7").Select(name => world.Condition(ConditionTypes.Stalled, name).Status), Has.All.EqualTo("False"));
    }

    [Test]
    public async Task A_pass_asks_for_its_batch_and_ends_so_that_one_worker_fills_it()
    {
        await using var world = await StillAsync();
        var names = Enumerable.Range(0, 300).Select(i => $"r{i}").ToList();
        foreach (var name in names)
        {
            Put(world, name, 255, 0);
            await world.Controller.ReconcileAsync(world.Record(name), CancellationToken.None);
        }

        Assert.That(world.Route53.Zones.Log, Is.Empty, "no time has passed");
        await PassAllAsync(world, names);

        // Each needs two sets and two marks with some 200 characters, and a batch takes 32,000.
        Assert.That(world.Route53.Zones.Log.Select(b => b.Changes.Count), Is.EqualTo(new[] { 628, 572 }));
        Assert.That(names.Select(name => world.Record(name).Status!.Change!.State), Has.All.EqualTo("PENDING"));
    }

    [Test]
    public async Task Records_at_rest_share_one_reading_of_the_zone_in_two_minutes()
    {
        await using var world = await StillAsync();
        var names = Enumerable.Range(0, 40).Select(i => $"r{i}").ToList();
        names.ForEach(name => Put(world, name, 255, 0));
        await UntilReadyAsync(world, names);
        await PassAllAsync(world, names);
        var before = world.Route53.Requests.All.Count;

        for (var minute = 0; minute < 10; minute++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            await PassAllAsync(world, names);
        }

        var asked = world.Route53.Requests.All.Skip(before).CountBy(r => r.Operation).ToDictionary();
        Assert.That(asked["ListResourceRecordSets"], Is.LessThanOrEqualTo(5), "four hundred looks");
        Assert.That(asked.Values.Sum() - asked["ListResourceRecordSets"], Is.LessThanOrEqualTo(3), "and the zone itself every five minutes");
    }

    /// <summary>Time passes only where a test lets it.</summary>
    private static async Task<DnsWorld> StillAsync()
    {
        var world = await DnsWorld.StartAsync();
        world.Time.AutoAdvanceAmount = TimeSpan.Zero;
        return world;
    }

    private static void Put(DnsWorld world, string name, int first, int second, string ireland = "192.0.2.1") => world.Shop(first, second, name: name, with: spec => spec with
    {
        Name = $"{name}.modestano.com",
        Endpoints = [spec.Endpoints[0] with { Values = [ireland] }, spec.Endpoints[1]],
    });

    private static async Task UntilReadyAsync(DnsWorld world, IReadOnlyList<string> names)
    {
        for (var round = 0; !names.All(name => DnsWorld.IsReady(world.Record(name))); round++)
        {
            Assert.That(round, Is.LessThan(100), "it takes too long");
            var next = await PassAllAsync(world, names);
            world.Time.Advance(next);
        }
    }

    /// <summary>A pass for each, all at the same time.</summary>
    /// <returns>When the next one is due.</returns>
    private static async Task<TimeSpan> PassAllAsync(DnsWorld world, IReadOnlyList<string> names)
    {
        var results = await world.PassAllAsync(names);
        Assert.That(results.Select(r => r.Error), Has.All.Null);
        return results.Min(r => r.RequeueAfter ?? TimeSpan.FromSeconds(1)) is var least && least > TimeSpan.FromSeconds(1) ? least : TimeSpan.FromSeconds(1);
    }
}
