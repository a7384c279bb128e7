using Modestano.Operator.ReplicaSets.Status;

namespace Modestano.Operator.Tests.ReplicaSets.Status;

/// <summary>Sentences for a column: what all hosts share at their end goes, nothing else.</summary>
public sealed class ShortHostsTests
{
    [TestCase("give a vote to a.eu-west-2", "a.eu-west-1.x.test:27017", "a.eu-west-2.x.test:27017", "give a vote to a.eu-west-2.x.test:27017", TestName = "Domain_and_port_that_all_share_are_left_out")]
    [TestCase("add a.x:27018", "a.x:27017", "a.x:27018", "add a.x:27018", TestName = "A_port_that_differs_stays")]
    [TestCase("add a1.x", "a1.x.test:27017", "b1.x.test:27017", "add a1.x", TestName = "A_sentence_with_other_words_stays")]
    [TestCase("add a1", "a1.x:27017", "b1.x:27017", "add a1.x:27017", TestName = "Labels_are_never_cut_in_two")]
    [TestCase("add 10.0.0.7:27017", "10.0.0.7:27017", "10.1.0.7:27017", "add 10.0.0.7:27017", TestName = "Addresses_stay_whole")]
    [TestCase("add [2001:db8::7]:27017", "[2001:db8::7]:27017", "[2001:db8::8]:27017", "add [2001:db8::7]:27017", TestName = "IPv6_addresses_stay_whole")]
    public void A_sentence_is_shortened(string wanted, string one, string other, string sentence) =>
        Assert.That(ShortHosts.In(sentence, [one, other]), Is.EqualTo(wanted));

    [Test]
    public void A_long_sentence_fits_the_column()
    {
        var hosts = Enumerable.Range(0, 9).Select(i => $"mongo-{i}.eu-west-1.example.internal:27017").ToList();
        var text = ShortHosts.In("set tags of " + string.Join(", ", hosts), hosts);
        Assert.That(text, Has.Length.LessThanOrEqualTo(ShortHosts.Longest));
        Assert.That(text, Does.StartWith("set tags of mongo-0, mongo-1").And.EndsWith("…"));
    }

    [Test]
    public void Of_one_host_alone_the_first_label_stays() =>
        Assert.That(ShortHosts.In("add mongo-0.example.internal:27017", ["mongo-0.example.internal:27017"]), Is.EqualTo("add mongo-0"));
}
