using Modestano.Operator.ReplicaSets.Mongo;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>What is read of <c>$currentOp</c>; which connections the server leaves out is tested against one, in Testbed.Tests and Scenarios.</summary>
public class ClientConnectionsTests
{
    [Test]
    public void Connections_are_counted_by_application_and_address()
    {
        var applications = ClientConnections.Read(Reply(
            "{ client: '10.0.0.5:40001', appName: 'shop', clientMetadata: { driver: { name: 'nodejs' } } }",
            "{ client: '10.0.0.4:40002', appName: 'shop', clientMetadata: { driver: { name: 'nodejs' } } }",
            "{ client: '10.0.0.4:40003', appName: 'shop', clientMetadata: { driver: { name: 'nodejs' } } }",
            "{ client: '[2001:db8::1]:40004', clientMetadata: { driver: { name: 'PyMongo' } } }"))!;
        Assert.That(applications.Select(a => $"{a.Name} {string.Join(',', a.Clients)} {a.Connections}"), Is.EqualTo(new[] { "PyMongo [2001:db8::1] 1", "shop 10.0.0.4,10.0.0.5 3" }));
    }

    [Test]
    public void The_servers_own_older_client_does_not_count_and_the_legacy_shell_which_uses_it_does()
    {
        var applications = ClientConnections.Read(Reply(
            "{ client: '10.0.0.5:40001', appName: 'OplogFetcher', clientMetadata: { driver: { name: 'MongoDB Internal Client' } } }",
            "{ client: '10.0.0.9:40001', appName: 'MongoDB Shell', clientMetadata: { driver: { name: 'MongoDB Internal Client' } } }"))!;
        Assert.That(applications.Select(a => a.Name), Is.EqualTo(new[] { "MongoDB Shell" }));
    }

    [Test]
    public void A_member_that_does_not_tell_has_no_known_applications() => Assert.That(ClientConnections.Read(null), Is.Null);

    private static BsonDocument Reply(params string[] connections) =>
        new("cursor", new BsonDocument { { "id", 0L }, { "ns", "admin.$cmd.aggregate" }, { "firstBatch", new BsonArray(connections.Select(BsonDocument.Parse)) } });
}
