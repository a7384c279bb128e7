using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;
using static Modestano.Operator.Tests.Dns.Planning.Group;

namespace Modestano.Operator.Tests.Dns.Planning;

/// <summary>D8: values compare by meaning, as Route 53 keeps the spelling that it was first given.</summary>
public sealed class MeaningTests
{
    [TestCase("CNAME", "x.example.com", "X.Example.com.")]
    [TestCase("CNAME", @"\052.example.com", "*.example.com.")]
    [TestCase("AAAA", "2001:db8::1", "2001:0DB8:0:0:0:0:0:1")]
    [TestCase("AAAA", "::ffff:192.0.2.1", "::ffff:c000:201")]
    [TestCase("TXT", "\"a b\"", "\"a\\040b\"")]
    [TestCase("TXT", "\"one\" \"two\"", "\"one\"  \"two\"")]
    [TestCase("TXT", "\"a\\\"b\"", "\"a\\042b\"")]
    public void Spellings_of_one_value_make_no_difference(string type, string one, string other)
    {
        var (read, wanted) = (Of(type, one), Of(type, other));

        Assert.That(read.IsSameAs(wanted), Is.True);
        Assert.That(Fingerprint.Of([read]), Is.EqualTo(Fingerprint.Of([wanted])));
        Assert.That(CompareAndSwap.Changes([read], [wanted], _ => true), Is.Empty);
        Assert.That(read.Exact, Is.Not.EqualTo(wanted.Exact), "a DELETE names what was read, letter by letter");
    }

    [TestCase("A", "192.0.2.1", "192.0.2.01")]
    [TestCase("A", "192.0.2.1", "192.0.2.10")]
    [TestCase("AAAA", "fe80::1", "fe80::1%1")]
    [TestCase("TXT", "\"ab\"", "\"a\" \"b\"")]
    [TestCase("TXT", "\"a\"", "\"A\"")]
    [TestCase("CNAME", "a.example.com", "b.example.com")]
    public void What_differs_in_meaning_differs(string type, string one, string other) => Assert.That(Of(type, one).IsSameAs(Of(type, other)), Is.False);

    [Test]
    public void A_change_deletes_the_spelling_that_was_read_and_creates_the_specs()
    {
        var observed = Served(("a", 255)) is var group ? group with { Sets = [Of("AAAA", "2001:0DB8::1", weight: 255)], Marks = [OwnershipMark.For(Name, "AAAA", "a", Owner)] } : group;
        var wanted = Wanted() with { Type = "AAAA", Sets = [Of("AAAA", "2001:db8::1", weight: 9)] };

        var step = (Step)DnsPlanner.Next(new(observed, wanted, new(), Now)).Decision;

        Assert.That(step.Changes.Select(c => $"{(c.IsCreate ? "+" : "-")}{c.Set.Values![0]}"), Is.EqualTo(["-2001:0DB8::1", "+2001:db8::1"]));
    }

    [TestCase("\"heritage=modestano,modestano/owner=m,modestano/resource=weighteddnsrecord/n/o\"")]
    [TestCase("\"heritage=modestano,\"   \"modestano/owner=m,modestano\\057resource=weighteddnsrecord/n/o\"")]
    public void A_mark_is_read_in_every_spelling(string value) =>
        Assert.That(OwnershipMark.Read(Of("TXT", value)), Is.EqualTo(new RecordOwner("m", "n", "o")));

    private static RecordSet Of(string type, string value, int weight = 1) => new() { Name = Name, Type = type, SetIdentifier = "a", Weight = weight, Ttl = 60, Values = [value] };
}
