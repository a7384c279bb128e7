using System.Net;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Mongo.Wire;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo.Wire;

/// <summary>The official driver, as the operator sets it up, against members that lie.</summary>
[Category("Hostile")]
public sealed class HostileMemberTests
{
    private static readonly MongoConnectionOptions Loopback = new()
    {
        LeastSecurity = LeastSecurity.Any,
        Grants = Grants.None with { Hosts = [new HostGrant { Namespaces = new NamespaceList(["shop"]), Cidrs = [IPNetwork.Parse("127.0.0.0/8")] }] },
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Two_hundred_thousand_documents_in_each_other_do_not_end_the_process()
    {
        var document = NestedBson.Of(200_000);
        Assert.That(await FailureAsync(id => [HostileMember.Message(id, document)]), Does.Contain("documents in each other").And.Contain("not to be trusted"));
    }

    [Test]
    public async Task An_answer_that_claims_a_gigabyte_is_not_waited_for() =>
        Assert.That(await FailureAsync(id => [HostileMember.Message(id, [5, 0, 0, 0, 0], claimedLength: 1 << 30)]), Does.Contain("longer than 16 MiB"));

    [Test]
    public async Task A_million_small_fields_are_not_made_into_objects() =>
        Assert.That(await FailureAsync(id => [HostileMember.Message(id, Wide(1_000_000))]), Does.Contain("more than 250000 fields"));

    [Test]
    public async Task A_compressed_answer_that_nobody_asked_for_is_refused() =>
        Assert.That(await FailureAsync(id => [HostileMember.Message(id, [5, 0, 0, 0, 0], opCode: 2012)]), Does.Contain("opCode 2012"));

    [Test]
    public async Task A_web_server_is_told_by_its_answer() =>
        Assert.That(await FailureAsync(_ => ["HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray()]), Does.Contain("longer than 16 MiB").Or.Contain("not MongoDB's protocol"));

    private static byte[] Wide(int fields)
    {
        // The type null and an empty name: two bytes a field.
        var document = new byte[(fields * 2) + 5];
        BitConverter.TryWriteBytes(document, document.Length);
        for (var i = 0; i < fields; i++)
        {
            document[4 + (i * 2)] = 0x0A;
        }

        return document;
    }

    private static async Task<string> FailureAsync(Func<int, IEnumerable<byte[]>> answer)
    {
        using var member = new HostileMember(answer);
        using var client = new MemberClient(new ObjectKey("shop", "marketplace"), member.Host, new ReplicaSetConnection { UseTls = false }, Loopback, new MemberBudgets(ReplyBudget.Default().Open("shop"), new HashingBudget(ScramRounds.Most, TimeProvider.System)), _ => { });
        var failed = (await Assert.ThrowsAsync<MongoCallException>(() => client.RunAsync("admin", new BsonDocument("hello", 1), Patience, CancellationToken.None)))!;
        Assert.That(failed.Failure.Kind, Is.EqualTo(MongoFailureKind.Unreachable));
        return failed.Failure.Message;
    }
}
