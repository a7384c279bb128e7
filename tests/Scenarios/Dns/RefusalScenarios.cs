using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Dns;

/// <summary>What is told when a batch is refused, or made into something else.</summary>
public sealed class RefusalScenarios
{
    [Test]
    public async Task One_refusal_is_one_event_and_nothing_is_said_to_be_created()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0] with { Values = ["192.0.2.01"] }, spec.Endpoints[1]] });

        for (var i = 0; i < 20; i++)
        {
            world.Time.Advance(await world.PassAsync() is { RequeueAfter: { } after } ? after : TimeSpan.FromMinutes(1));
        }

        Assert.That(world.Events.All.Where(e => e.Kind == "Warning").Select(e => e.Reason), Is.EqualTo(["RefusedByRoute53"]));
        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("ARRDATAIllegalIPv4Address").And.Contain("'192.0.2.01'"));
        Assert.That(world.Record().Status!.LastAction, Has.Property("Outcome").EqualTo("Refused").And.Property("Summary").StartsWith("Route 53 refused to create shop.modestano.com A with weights"));
        Assert.That(world.Events.Reasons, Has.None.EqualTo("Create"));
    }

    [Test]
    public async Task What_route_53_makes_of_a_batch_is_told_with_what_was_sent()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        world.Shop(ireland: 200, london: 55);
        await world.RunUntilAsync(_ => world.Route53.Zones.Log.Count == 2);
        // As an emulator does it: deleting one set takes every set with its identifier, marks too.
        world.Route53.Zones.Apply(world.Zone.Id, null, [.. world.Route53.Zones.Sets(world.Zone.Id).Values
            .Where(s => s.Type == "TXT" && s.SetIdentifier == "eu-west-1").Select(s => new AppliedChange("DELETE", s))]);

        await world.PassAsync();

        var stalled = world.Condition(ConditionTypes.Stalled);
        Assert.That(stalled.Reason, Is.EqualTo("NotAsSent"));
        Assert.That(stalled.Message, Does.Contain("what Route 53 serves after our change is not what was sent")
            .And.Contain("eu-west-1: sent weight 200, 192.0.2.1 for 60 s, marked as ours; read weight 200, 192.0.2.1 for 60 s, without our mark"));
    }

    [Test]
    public async Task Where_a_confirmation_is_refused_what_is_read_is_enough_after_a_while()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        world.Shop(ireland: 200, london: 55);
        world.Route53.Faults.LoseAnswers("ChangeResourceRecordSets");
        await world.RunUntilAsync(record => record.Status!.LastAction!.Outcome == "Unknown");
        Assert.That(world.Record().Status!.LastAction!.Summary, Does.StartWith("No answer came to the batch that was to shift shop.modestano.com A"));
        world.Route53.Faults.Refuse("ChangeResourceRecordSets", 400, "InvalidChangeBatch", "[Tried to create what exists already]");

        await world.PassAsync();
        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("RefusedByRoute53"));
        var took = await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:200 eu-west-2:55"));
        Assert.That(took, Is.InRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)));
        Assert.That(world.Route53.Zones.Log, Has.Count.EqualTo(2));
    }
}
