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
}
