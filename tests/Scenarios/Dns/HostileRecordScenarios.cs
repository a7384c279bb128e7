using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Dns;

/// <summary>A namespace with a grant of its own reaches for what another one's object marked, on the embedded Route 53.</summary>
[Category("Hostile")]
public sealed class HostileRecordScenarios
{
    [Test]
    public async Task An_ownership_mark_cannot_be_a_record()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with
        {
            Name = "_MODESTANO-a.shop.modestano.com",
            Type = "TXT",
            Endpoints = [new EndpointSpec { SetIdentifier = "eu-west-1", Weight = 1, Values = ["\"heritage=modestano,modestano/owner=modestano,modestano/resource=weighteddnsrecord/shop/thief\""] }],
        });

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain("is one of the operator's ownership marks"));
        Assert.That(world.Route53.Requests.All, Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_neighbours_records_are_taken_over_only_where_the_installation_lets_it(bool granted)
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        var spec = world.Record().Spec;
        var fingerprint = world.Record().Status!.Fingerprint;

        // The former object is gone with its cluster; its marks and sets are not.
        world.Records.Remove(new ObjectKey(DnsWorld.Namespace, "shop"));
        if (granted)
        {
            world.ChangeGrants = grants => grants with { Adoptions = [new AdoptionGrant { Namespaces = new NamespaceList([DnsWorld.Namespace]), PreviousOwners = ["modestano/shop/shop"] }] };
            world.TakeOver();
        }

        world.Put("heir", spec with { Adoption = new DnsAdoptionSpec { Mode = "Adopt", ExpectedFingerprint = fingerprint, PreviousOwner = "modestano/shop/shop" } });
        if (granted)
        {
            await world.RunUntilReadyAsync("heir");
        }
        else
        {
            await world.PassAsync("heir");
            Assert.That(world.Condition(ConditionTypes.Stalled, "heir").Reason, Is.EqualTo("NotOurs"), "that the object is gone proves nothing");
        }

        var marks = world.Route53.Zones.Sets(world.Zone.Id).Values.Where(s => s.Type == "TXT").SelectMany(s => s.Values!);
        Assert.That(marks, Has.All.Contains(granted ? "weighteddnsrecord/shop/heir" : "weighteddnsrecord/shop/shop"));
    }

    [TestCase("stranger", TestName = "An_older_object_of_a_namespace_without_a_grant_keeps_nobody_from_a_name")]
    [TestCase(DnsWorld.Neighbour, TestName = "An_older_object_of_a_granted_namespace_without_a_grant_of_that_provider_keeps_nobody_from_a_name")]
    public async Task Only_granted_rivals_count(string space)
    {
        await using var world = await DnsWorld.StartAsync();
        var spec = world.Shop().Spec;
        Older(world, "squat", space == DnsWorld.Neighbour ? spec with { ProviderRef = new LocalObjectReference { Name = "another" } } : spec, space);

        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
    }

    [Test]
    public async Task An_older_object_of_a_granted_neighbour_keeps_nobody_from_sets_that_bear_his_marks()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();

        // As one that a restore brings back with its old date, or that had other identifiers before.
        Older(world, "squat", world.Record().Spec, DnsWorld.Neighbour);
        world.Put("shop", world.Record().Spec with { Endpoints = [.. world.Record().Spec.Endpoints.Select(e => e with { Weight = 255 - e.Weight })] });

        await world.RunUntilReadyAsync();

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:0 eu-west-2:255"));
        await world.Controller.ReconcileAsync(world.Records.Find(new ObjectKey(DnsWorld.Neighbour, "squat"))!, CancellationToken.None);
        var stalled = world.Records.Find(new ObjectKey(DnsWorld.Neighbour, "squat"))!.Status!.Conditions!.Single(c => c.Type == ConditionTypes.Stalled);
        Assert.That((stalled.Status, stalled.Reason), Is.EqualTo(("True", "NotOurs")), "the older one is who is kept out");
    }

    [Test]
    public async Task A_name_that_nobody_holds_yet_is_the_older_granted_objects()
    {
        await using var world = await DnsWorld.StartAsync();
        Older(world, "first", world.Shop().Spec, DnsWorld.Neighbour);

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Reason, Is.EqualTo("OwnedByAnotherObject"));
        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Not.Contain(DnsWorld.Neighbour));
    }

    private static void Older(DnsWorld world, string name, WeightedDnsRecordSpec spec, string space) =>
        world.Put(name, spec, space, world.Time.GetUtcNow().AddDays(-1));
}
