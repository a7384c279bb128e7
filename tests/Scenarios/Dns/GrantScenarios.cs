using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Dns;

/// <summary>A namespace that claims what is another's. What AWS itself refuses (another role) is in <see cref="CredentialScenarios"/>.</summary>
public sealed class GrantScenarios
{
    private static IEnumerable<TestCaseData> Claims()
    {
        yield return Case("a namespace without a grant", "stranger", spec => spec, "DNS provider 'production' is not granted to namespace 'stranger'");
        yield return Case("a provider that nobody has", DnsWorld.Namespace, spec => spec with { ProviderRef = new LocalObjectReference { Name = "admin" } }, "DNS provider 'admin' is not granted to namespace 'shop'");
        yield return Case("a zone that is not granted", DnsWorld.Namespace, spec => spec with { HostedZone = new HostedZoneReference { Id = "Z0123456789SECRET" } }, "does not grant hosted zone Z0123456789SECRET");
        yield return Case("a name under another suffix", DnsWorld.Namespace, spec => spec with { Name = "evilmodestano.com" }, "does not grant the name 'evilmodestano.com'");

        static TestCaseData Case(string what, string ns, Func<WeightedDnsRecordSpec, WeightedDnsRecordSpec> claim, string told) => new TestCaseData(ns, claim, told).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Claims))]
    public async Task A_claim_is_refused_before_anything_is_asked_of_aws(string ns, Func<WeightedDnsRecordSpec, WeightedDnsRecordSpec> claim, string told)
    {
        await using var world = await DnsWorld.StartAsync();
        var claimed = world.Put("claim", claim(world.Shop().Spec), ns);

        await world.Controller.ReconcileAsync(claimed, CancellationToken.None);

        var stalled = world.Records.Find(new ObjectKey(ns, "claim"))!.Status!.Conditions!.Single(c => c.Type == ConditionTypes.Stalled);
        Assert.That((stalled.Status, stalled.Reason), Is.EqualTo(("True", "NotGranted")));
        Assert.That(stalled.Message, Does.Contain(told));
        Assert.That(world.Route53.Requests.All, Is.Empty);
    }

    [Test]
    public async Task A_zone_that_is_named_and_not_granted_is_found_and_then_refused_by_its_id()
    {
        await using var world = await DnsWorld.StartAsync();
        var secret = world.Route53.Zones.CreateZone("secret.modestano.com");
        world.Shop(with: spec => spec with { Name = "shop.secret.modestano.com", HostedZone = new HostedZoneReference { Name = "secret.modestano.com" } });

        await world.PassAsync();

        Assert.That(world.Condition(ConditionTypes.Stalled).Message, Does.Contain($"does not grant hosted zone {secret.Id}"));
        Assert.That(world.Route53.Requests.All.Select(r => r.Operation), Is.EqualTo(new[] { "ListHostedZonesByName" }));
    }

    [Test]
    public async Task D7_a_neighbour_with_the_same_grant_does_not_get_a_name_that_is_taken()
    {
        await using var world = await DnsWorld.StartAsync();
        world.Shop();
        await world.RunUntilReadyAsync();
        var rival = world.Put("rival", world.Record().Spec with { Endpoints = [.. world.Record().Spec.Endpoints.Select(e => e with { Weight = 255 - e.Weight })], Adoption = new DnsAdoptionSpec { Mode = "Adopt" } }, DnsWorld.Neighbour);

        await world.Controller.ReconcileAsync(rival, CancellationToken.None);

        var stalled = world.Records.Find(new ObjectKey(DnsWorld.Neighbour, "rival"))!.Status!.Conditions!.Single(c => c.Type == ConditionTypes.Stalled);
        Assert.That((stalled.Status, stalled.Reason), Is.EqualTo(("True", "OwnedByAnotherObject")));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"));
    }
}
