using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Dns;

/// <summary>A record is edited, or deleted, while a migration has it: no traffic moves but by the migration's steps.</summary>
public sealed class SteeredEditScenarios
{
    private static IEnumerable<TestCaseData> Edits()
    {
        yield return Case("the old region's endpoint leaves the spec (a git revert)", e => [e[1] with { Weight = 255 }], "eu-west-1:51 eu-west-2:204", "eu-west-1 goes when it lets go of the record");
        yield return Case("the new region's endpoint leaves the spec", e => [e[0]], "eu-west-1:51 eu-west-2:204", "eu-west-2 goes when it lets go of the record");
        yield return Case("an endpoint is added in the old region", e => [.. e, e[0] with { SetIdentifier = "b", Values = ["192.0.2.9"] }], "b:0 eu-west-1:51 eu-west-2:204", "b serves nothing until it has computed a weight for it");
        yield return Case("an endpoint is added in a third region", e => [.. e, e[0] with { SetIdentifier = "us", Region = "us-east-1", Values = ["192.0.2.9"] }], "eu-west-1:51 eu-west-2:204 us:0", "us serves nothing");
        yield return Case("a set identifier is renamed", e => [e[0], e[1] with { SetIdentifier = "london", Weight = 9 }], "eu-west-1:51 eu-west-2:204 london:0", "london serves nothing");
        yield return Case("the values are swapped", e => [e[0] with { Values = e[1].Values }, e[1] with { Values = e[0].Values }], "eu-west-1:51 eu-west-2:204", "what eu-west-1 answers with changes with its next step");
        yield return Case("an endpoint becomes an alias", e => [e[0] with { Values = null, Alias = new AliasTargetSpec { DnsName = "lb.example.com", HostedZoneId = "Z1" } }, e[1]], "eu-west-1:51 eu-west-2:204", "what eu-west-1 answers with");
        yield return Case("a health check is attached", e => [e[0], e[1] with { HealthCheckId = "none" }], "eu-west-1:51 eu-west-2:204", "what eu-west-2 answers with");
        yield return Case("the weights are edited", e => [e[0] with { Weight = 1 }, e[1] with { Weight = 1 }], "eu-west-1:51 eu-west-2:204", "edits of spec.endpoints weights wait");

        static TestCaseData Case(string what, Func<IReadOnlyList<EndpointSpec>, IReadOnlyList<EndpointSpec>> edit, string left, string told) => new TestCaseData(edit, left, told).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Edits))]
    public async Task At_eighty_per_cent_an_edit_moves_nothing(Func<IReadOnlyList<EndpointSpec>, IReadOnlyList<EndpointSpec>> edit, string left, string told)
    {
        await using var world = await AtEightyPerCentAsync();

        world.Shop(with: spec => spec with { Endpoints = edit(spec.Endpoints) });
        await world.RunUntilAsync(record => record.Status!.ObservedGeneration == record.Metadata.Generation && record.Status.Override!.Settled);

        Assert.That(world.Weights(), Is.EqualTo(left));
        Assert.That(Answers(world), Is.EqualTo("eu-west-1=192.0.2.1 eu-west-2=192.0.2.2"));
        Assert.That(world.Condition(ConditionTypes.OverrideActive).Message, Does.Contain(told));
        Assert.That(world.Record().Status!.Endpoints!.Where(e => e.ServedWeight > 0).Select(e => e.Region), Is.EqualTo(["eu-west-1", "eu-west-2"]), "an endpoint that left the spec keeps its region");
    }

    [Test]
    public async Task With_the_next_step_a_new_value_serves_and_with_the_end_a_removal_goes()
    {
        await using var world = await AtEightyPerCentAsync();
        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[1] with { Weight = 255, Values = ["192.0.2.22"] }] });
        await world.RunUntilAsync(record => record.Status!.ObservedGeneration == record.Metadata.Generation && record.Status.Override!.Settled);

        Ask(world, 2, 0, 255);
        await world.RunUntilAsync(record => record.Status!.Override is { ObservedRevision: 2, Settled: true });
        Assert.That((world.Weights(), Answers(world)), Is.EqualTo(("eu-west-1:0 eu-west-2:255", "eu-west-2=192.0.2.22")));

        world.Migrations.Remove(new ObjectKey(DnsWorld.Namespace, "to-london"));
        Release(world);
        await world.RunUntilAsync(record => record.Status!.Override is null && world.Weights() == "eu-west-2:255", TimeSpan.FromMinutes(10));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-2:255"));
    }

    [Test]
    public async Task A_person_can_take_the_edits_of_one_generation_at_once()
    {
        await using var world = await AtEightyPerCentAsync();
        var record = world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0] with { Weight = 9 }, spec.Endpoints[1] with { Values = ["192.0.2.22"] }, spec.Endpoints[1] with { SetIdentifier = "new", Weight = 9 }] });
        record.Metadata.Annotations = new Dictionary<string, string> { [Annotations.TakeEdits] = $"{record.Metadata.Generation}" };
        world.Records.Put(record, newGeneration: false);
        await world.RunUntilAsync(r => r.Status!.ObservedGeneration == r.Metadata.Generation && r.Status.Override!.Settled && Answers(world).EndsWith(".22", StringComparison.Ordinal));
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:51 eu-west-2:204 new:0"));

        world.Shop(with: spec => spec with { Endpoints = [spec.Endpoints[0] with { Values = ["192.0.2.11"] }, spec.Endpoints[1]] });
        await world.RunUntilAsync(r => r.Status!.ObservedGeneration == r.Metadata.Generation && r.Status.Override!.Settled);

        Assert.That(Answers(world), Is.EqualTo("eu-west-1=192.0.2.1 eu-west-2=192.0.2.22"), "a later edit waits, what was taken stays");
    }

    [TestCase("Delete")]
    [TestCase("Retain")]
    public async Task A_deleted_record_changes_nothing_before_the_migration_has_let_go_and_goes_on_following_it(string policy)
    {
        await using var world = await AtEightyPerCentAsync(policy);
        var sets = world.Route53.Zones.Sets(world.Zone.Id);

        for (var i = 0; i < 30; i++)
        {
            var result = await world.FinalizeAsync();
            Assert.That(result, Is.Not.EqualTo(ReconciliationResult.Success));
            world.Time.Advance(result.RequeueAfter ?? TimeSpan.FromSeconds(15));
        }

        Assert.That(world.Route53.Zones.Sets(world.Zone.Id), Is.EquivalentTo(sets));
        Assert.That(world.Events.All.Single(e => e.Reason == "DeletionBlocked").Message, Does.Contain("the migration to-london still steers them"));

        Ask(world, 2, 255, 0, immediate: true);
        for (var i = 0; i < 20 && world.Record().Status!.Override is not { ObservedRevision: 2, Settled: true }; i++)
        {
            world.Time.Advance((await world.FinalizeAsync()).RequeueAfter ?? TimeSpan.FromSeconds(15));
        }

        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:255 eu-west-2:0"), "the way back is still open");
        Release(world);
        Assert.That(await world.FinalizeAsync(), Is.EqualTo(ReconciliationResult.Success));
        Assert.That(world.Weights(), Is.EqualTo(policy == "Delete" ? "" : "eu-west-1:255 eu-west-2:0"));
    }

    private static string Answers(DnsWorld world) => string.Join(' ', world.Route53.Zones.Sets(world.Zone.Id).Values
        .Where(s => s is { Name: "shop.modestano.com.", Type: "A", Weight: > 0 }).Select(s => $"{s.SetIdentifier}={s.Values?[0]}{s.HealthCheckId}"));

    private static async Task<DnsWorld> AtEightyPerCentAsync(string policy = "Retain")
    {
        var world = await DnsWorld.StartAsync();
        world.Shop(with: spec => spec with { DeletionPolicy = policy });
        await world.RunUntilReadyAsync();
        Ask(world, 1, 51, 204);
        await world.RunUntilAsync(record => record.Status!.Override is { Settled: true });
        Assert.That(world.Weights(), Is.EqualTo("eu-west-1:51 eu-west-2:204"));
        return world;
    }

    private static void Release(DnsWorld world) => Put(world, 3, null, new(), released: true);

    private static void Ask(DnsWorld world, long revision, int ireland, int london, bool immediate = false) =>
        Put(world, revision, world.Time.GetUtcNow() + TimeSpan.FromHours(1), new() { ["eu-west-1"] = ireland, ["eu-west-2"] = london }, immediate);

    private static void Put(DnsWorld world, long revision, DateTimeOffset? permitted, Dictionary<string, int> weights, bool immediate = false, bool released = false) => world.Migrations.Put(
        new RegionMigration
        {
            Metadata = new V1ObjectMeta { Name = "to-london", NamespaceProperty = DnsWorld.Namespace, Uid = "b7e4", CreationTimestamp = DateTime.UnixEpoch },
            Spec = new RegionMigrationSpec { From = "eu-west-1", To = "eu-west-2", DnsRecordRefs = [new MigratedDnsRecord { Name = "shop" }] },
            Status = new RegionMigrationStatus
            {
                Released = released ? ["WeightedDnsRecord/shop"] : null,
                Override = new MigrationOverride
                {
                    Revision = revision,
                    Immediate = immediate,
                    Records = [new RecordOverride { Name = "shop", Weights = weights, PermittedUntil = permitted?.UtcDateTime }],
                },
            },
        },
        newGeneration: false);
}
