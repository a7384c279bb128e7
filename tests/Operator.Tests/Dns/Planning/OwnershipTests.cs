using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Tests.Dns.Planning;

public sealed class OwnershipTests
{
    [TestCase("shop.modestano.com.", "A", "_modestano-a.shop.modestano.com.")]
    [TestCase(@"\052.modestano.com.", "CNAME", "_modestano-cname-wildcard.modestano.com.")]
    public void A_mark_lies_below_the_name_that_it_is_for(string name, string type, string mark) => Assert.That(OwnershipMark.NameFor(name, type), Is.EqualTo(mark));

    [Test]
    public void A_mark_names_its_owner_however_long_the_names_are()
    {
        var owner = new RecordOwner("modestano", new string('n', 63), new string('o', 253));

        var mark = OwnershipMark.For("shop.modestano.com.", "A", "eu-west-1", owner);

        Assert.That(OwnershipMark.Read(mark), Is.EqualTo(owner));
        Assert.That(mark.Values![0].Split("\" \"").Select(part => part.Trim('"').Length), Has.All.LessThanOrEqualTo(255));
    }

    [TestCase("\"heritage=external-dns,external-dns/owner=default,external-dns/resource=service/shop/shop\"")]
    [TestCase("\"v=spf1 -all\"")]
    [TestCase("")]
    public void Other_texts_are_no_marks(string value) =>
        Assert.That(OwnershipMark.Read(new RecordSet { Name = "a.", Type = "TXT", Values = [value] }), Is.Null);

    [TestCase("*.Modestano.com", @"\052.modestano.com.", "*.modestano.com")]
    [TestCase(@"\052.modestano.com.", @"\052.modestano.com.", "*.modestano.com")]
    [TestCase("Shop.modestano.COM", "shop.modestano.com.", "shop.modestano.com")]
    [TestCase("a b.modestano.com", @"a\040b.modestano.com.", @"a\040b.modestano.com")]
    public void Names_are_brought_into_the_form_that_the_service_keeps(string name, string normalized, string people)
    {
        Assert.That(RecordNames.Normalize(name), Is.EqualTo(normalized));
        Assert.That(RecordNames.ForPeople(normalized), Is.EqualTo(people));
    }

    [Test]
    public void D7_the_earlier_object_has_the_name_type_and_identifier()
    {
        var (older, younger) = (Record("older", 1, "a", "b"), Record("younger", 2, "b", "c"));
        var (other, unrelated) = (Record("other", 0, "x"), Record("unrelated", 0, "b", zone: "Z2"));
        WeightedDnsRecord[] all = [younger, older, other, unrelated];

        Assert.That(OneOwnerRule.Rival(younger, "Z1", all, _ => true), Is.SameAs(older));
        Assert.That(OneOwnerRule.Rival(older, "Z1", all, _ => true), Is.Null);

        static WeightedDnsRecord Record(string name, int day, string id, string? second = null, string zone = "Z1") => new()
        {
            Metadata = new() { Name = name, NamespaceProperty = "shop", Uid = name, CreationTimestamp = new DateTime(2026, 1, 1 + day, 0, 0, 0, DateTimeKind.Utc) },
            Spec = new()
            {
                Name = "Shop.modestano.com",
                HostedZone = new() { Id = zone },
                Endpoints = [.. new[] { id, second }.OfType<string>().Select(i => new EndpointSpec { SetIdentifier = i })],
            },
        };
    }
}
