using Modestano.Operator.ReplicaSets.Mongo;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>A configuration that no mongod would accept is not believed, and nobody whom it names is asked.</summary>
[Category("Hostile")]
public sealed class ReportedConfigTests
{
    private static IEnumerable<TestCaseData<string[], string?>> Cases =>
    [
        Case("fifty members are a set", Hosts(50), null),
        Case("fifty one members are none", Hosts(51), "more than 50 members"),
        Case("a zone id in an address is refused", ["[fe80::1%eth0]:27017"], "no host:port"),
        Case("an escaped host is refused", ["a%2eb:27017"], "no host:port"),
        Case("a user in front of a host is refused", ["me@mongo-1:27017"], "no host:port"),
        Case("a line break is refused", ["mongo-1\n:27017"], "no host:port"),
        Case("a host without a port is refused", ["mongo-1"], "no host:port"),
        Case("a member without a host is refused", [""], "no host:port"),
        Case("a host that is named twice is refused", ["mongo-1:27017", "MONGO-1:27017"], "names a host twice"),
        Case("names with an underscore and addresses of both kinds are hosts", ["mongo_1.example:27017", "[2001:db8::1]:27017", "10.0.0.1:27017"], null),
    ];

    [TestCaseSource(nameof(Cases))]
    public void A_reported_configuration_is_checked(string[] hosts, string? refusal)
    {
        var members = new BsonArray(hosts.Select((h, i) => new BsonDocument { { "_id", i }, { "host", h } }));
        var replies = new MemberReplies
        {
            Host = "mongo-1:27017",
            Status = new CommandReply([], null),
            Config = new CommandReply(new BsonDocument("config", new BsonDocument { { "_id", "rs0" }, { "members", members } }), null),
        };

        var read = ReportedConfig.Checked(replies);

        Assert.That(read.Connection?.Message, refusal is null ? Is.Null : Does.Contain(refusal));
        Assert.That(read.Config.Document is null, Is.EqualTo(refusal is not null));
    }

    [Test]
    public void An_id_that_stands_twice_is_refused()
    {
        var members = new BsonArray(Hosts(2).Select(h => new BsonDocument { { "_id", 7 }, { "host", h } }));
        var replies = new MemberReplies { Host = "mongo-1:27017", Config = new CommandReply(new BsonDocument("config", new BsonDocument("members", members)), null) };
        Assert.That(ReportedConfig.Checked(replies).Connection?.Message, Does.Contain("_id twice"));
    }

    [TestCase("{ votes: 2 }", "number of votes")]
    [TestCase("{ votes: null }", "number of votes")]
    [TestCase("{ priority: 1000.5 }", "priority")]
    [TestCase("{ priority: NaN }", "priority")]
    [TestCase("{ secondaryDelaySecs: NumberLong('9223372036854775807') }", "delay")]
    [TestCase("{ slaveDelay: -1 }", "delay")]
    [TestCase("{ _id: NumberLong('4294967296') }", "_id")]
    [TestCase("{ votes: 1, priority: 0.5, secondaryDelaySecs: NumberLong(3600) }", null)]
    public void A_figure_that_no_server_takes_is_refused(string fields, string? refusal)
    {
        var member = new BsonDocument { { "_id", 0 }, { "host", "mongo-1:27017" } }.Merge(BsonDocument.Parse(fields), overwriteExistingElements: true);
        var config = new BsonDocument { { "_id", "rs0" }, { "version", 7 }, { "members", new BsonArray { member } } };
        Assert.That(ReportedConfig.Refusal(config), refusal is null ? Is.Null : Does.Contain(refusal));
    }

    [TestCase("{ members: 5 }", "no list of members")]
    [TestCase("{ members: [5] }", "no list of members")]
    [TestCase("{ }", "no list of members")]
    [TestCase("{ version: NumberLong('9223372036854775807'), members: [{ _id: 0, host: 'a:1' }] }", "version")]
    public void A_document_that_is_no_configuration_is_refused(string config, string refusal) =>
        Assert.That(ReportedConfig.Refusal(BsonDocument.Parse(config)), Does.Contain(refusal));

    private static string[] Hosts(int count) => [.. Enumerable.Range(1, count).Select(i => $"mongo-{i}:27017")];

    private static TestCaseData<string[], string?> Case(string sentence, string[] hosts, string? refusal) => new(hosts, refusal) { TestName = sentence.Replace(' ', '_') };
}
