using CsCheck;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Tests.Dns.Planning;

/// <summary>D7 on random sets of objects.</summary>
public sealed class OneOwnerTests
{
    private static readonly string[] Names = ["shop.modestano.com", "Shop.modestano.com.", "api.modestano.com", "*.modestano.com", @"\052.modestano.com"];

    private static readonly Gen<WeightedDnsRecord> Records =
        from uid in Gen.Int[0, 1_000_000]
        from name in Gen.Int[0, Names.Length - 1]
        from zone in Gen.Int[1, 2]
        from type in Gen.Int[0, 1]
        from ids in Gen.Bool.Array[3]
        from day in Gen.Int[0, 3]
        where ids.Any(i => i)
        select new WeightedDnsRecord
        {
            Metadata = new() { Uid = $"{uid}", CreationTimestamp = new DateTime(2026, 1, 1 + day, 0, 0, 0, DateTimeKind.Utc) },
            Spec = new()
            {
                Name = Names[name],
                Type = type == 0 ? "A" : "AAAA",
                HostedZone = new() { Id = $"Z{zone}" },
                Endpoints = [.. ids.Index().Where(i => i.Item).Select(i => new EndpointSpec { SetIdentifier = $"e{i.Index}" })],
            },
        };

    [Test]
    public void A_set_is_written_by_one_object_at_most_and_the_oldest_always_may() => Records.Array[1, 12].Holds(drawn =>
    {
        var all = drawn.DistinctBy(r => r.Metadata.Uid).ToList();
        var free = all.Where(r => OneOwnerRule.Rival(r, r.Spec.HostedZone.Id!, all, _ => true) is null).ToList();
        var written = free.SelectMany(r => r.Spec.Endpoints.Select(e => (r.Spec.HostedZone.Id, RecordNames.Normalize(r.Spec.Name), r.Spec.Type, e.SetIdentifier))).ToList();

        Assert.That(written, Is.Unique);
        Assert.That(free, Does.Contain(all.MinBy(r => (r.Metadata.CreationTimestamp, r.Metadata.Uid))));
    });

    [Test]
    public void Two_names_are_one_where_they_are_alike_in_the_form_that_the_service_keeps() =>
        Gen.Select(Gen.OneOfConst(Names), Gen.OneOfConst(Names)).Holds((one, other) =>
            Assert.That(RecordNames.AreSame(one, other), Is.EqualTo(RecordNames.Normalize(one) == RecordNames.Normalize(other))));
}
