using System.Buffers.Binary;
using Modestano.Testbed.Mongo.Storage;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>The bytes of the protocol, where a driver does not go by itself.</summary>
public class FramingTests
{
    private static readonly BsonDocument Ping = new() { { "ping", 1 }, { "$db", "admin" } };

    [Test]
    public async Task A_reply_names_its_request_and_carries_a_checksum_if_the_request_did()
    {
        await using var member = new RunningMember(new StandaloneMember());
        using var client = await RawClient.ConnectAsync(member);
        var id = await client.SendAsync(Ping);
        var plain = await client.ReceiveAsync();
        Assert.That((plain.ResponseTo, plain.Flags, plain.Reply["ok"].AsDouble), Is.EqualTo((id, 0u, 1.0)));
        await client.SendAsync(Ping, WireProtocol.ChecksumPresent);
        Assert.That((await client.ReceiveAsync()).Flags, Is.EqualTo(WireProtocol.ChecksumPresent));
    }

    [Test]
    public void The_checksum_is_CRC_32C()
    {
        Assert.That(Crc32C.Of("123456789"u8), Is.EqualTo(0xE3069283u), "the check value of the polynomial's definition");
    }

    private static IEnumerable<TestCaseData> MalformedMessages()
    {
        var ping = WireWriter.OpMsg(1, 0, 0, Ping);
        yield return Case("of_a_length_below_its_header", bytes => Write(bytes, 0, 15));
        yield return Case("longer_than_the_server_takes", bytes => Write(bytes, 0, 48_000_001));
        yield return Case("of_an_unknown_opcode", bytes => Write(bytes, 12, 2012));
        yield return Case("with_a_required_flag_that_nobody_knows", bytes => Write(bytes, 16, 1 << 5));
        yield return Case("with_an_unknown_section", bytes => bytes[20] = 9);
        yield return Case("whose_document_is_longer_than_it", bytes => Write(bytes, 21, 4000));
        yield return Case("with_a_wrong_checksum", bytes =>
        {
            var whole = WireWriter.OpMsg(1, 0, WireProtocol.ChecksumPresent, Ping);
            whole[^1] ^= 1;
            return whole;
        });

        TestCaseData Case(string name, Func<byte[], object> change)
        {
            var bytes = ping.ToArray();
            return new TestCaseData(change(bytes) as byte[] ?? bytes).SetName($"A_message_{name}_ends_the_connection");
        }

        static byte[] Write(byte[] bytes, int at, int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
            return bytes;
        }
    }

    [TestCaseSource(nameof(MalformedMessages))]
    public async Task A_malformed_message_ends_the_connection(byte[] message)
    {
        await using var member = new RunningMember(new StandaloneMember());
        using var client = await RawClient.ConnectAsync(member);
        await client.SendBytesAsync(message);
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task An_unacknowledged_write_is_done_without_a_reply()
    {
        await using var member = new RunningMember(new StandaloneMember());
        using var client = await RawClient.ConnectAsync(member);
        await client.SendAsync(BsonDocument.Parse("{insert: 'items', documents: [{_id: 1}], writeConcern: {w: 0}, $db: 'shop'}"), WireProtocol.MoreToCome);
        var id = await client.SendAsync(BsonDocument.Parse("{count: 'items', $db: 'shop'}"));
        var reply = await client.ReceiveAsync();
        Assert.That((reply.ResponseTo, reply.Reply["n"].AsInt32), Is.EqualTo((id, 1)));
    }

    [Test]
    public async Task An_unacknowledged_write_to_a_member_that_is_no_primary_ends_the_connection()
    {
        var refusing = new StandaloneMember
        {
            Override = (_, _, _) => Task.FromResult(new ServerError(10107, "NotWritablePrimary", "not primary").ToReply()),
        };
        await using var member = new RunningMember(refusing);
        using var client = await RawClient.ConnectAsync(member);
        await client.SendAsync(BsonDocument.Parse("{insert: 'items', documents: [{}], $db: 'shop'}"), WireProtocol.MoreToCome);
        Assert.That(await client.IsClosedAsync(), Is.True);
    }

    [Test]
    public async Task An_exhaust_hello_is_answered_on_and_on_each_answer_to_the_one_before()
    {
        var counter = 0L;
        var changing = new StandaloneMember
        {
            Override = (command, session, _) =>
            {
                var asked = command["topologyVersion"]["counter"].AsInt64;
                Assert.That(asked, Is.EqualTo(counter), "the server goes on from the version that it told last");
                var reply = counter == 2 ? new ServerError(91, "ShutdownInProgress", "bye").ToReply() : StandaloneMember.Hello(command, session);
                if (reply.Contains("topologyVersion"))
                {
                    reply["topologyVersion"]["counter"] = ++counter;
                }

                return Task.FromResult(reply);
            },
        };
        await using var member = new RunningMember(changing);
        using var client = await RawClient.ConnectAsync(member);
        var id = await client.SendAsync(Hello("maxAwaitTimeMS: 10"), WireProtocol.ExhaustAllowed);
        var first = await client.ReceiveAsync();
        var second = await client.ReceiveAsync();
        var last = await client.ReceiveAsync();
        Assert.That((first.ResponseTo, first.Flags), Is.EqualTo((id, WireProtocol.MoreToCome)));
        Assert.That((second.ResponseTo, second.Flags), Is.EqualTo((first.RequestId, WireProtocol.MoreToCome)));
        Assert.That((last.ResponseTo, last.Flags, last.Reply["code"].AsInt32), Is.EqualTo((second.RequestId, 0u, 91)));
    }

    [Test]
    public async Task An_exhaust_hello_without_a_time_to_wait_is_refused()
    {
        await using var member = new RunningMember(new StandaloneMember());
        using var client = await RawClient.ConnectAsync(member);
        await client.SendAsync(BsonDocument.Parse("{hello: 1, $db: 'admin'}"), WireProtocol.ExhaustAllowed);
        var reply = (await client.ReceiveAsync()).Reply;
        Assert.That((reply["code"].AsInt32, reply["errmsg"].AsString), Is.EqualTo(
            (51756, "An isMaster or hello request with exhaust must specify 'maxAwaitTimeMS'")));
    }

    [Test]
    public async Task Client_metadata_comes_once()
    {
        await using var member = new RunningMember(new StandaloneMember());
        using var client = await RawClient.ConnectAsync(member);
        var hello = BsonDocument.Parse("{hello: 1, client: {driver: {name: 'x', version: '1'}}, $db: 'admin'}");
        await client.SendAsync(hello);
        Assert.That((await client.ReceiveAsync()).Reply["ok"].AsDouble, Is.EqualTo(1));
        await client.SendAsync(hello);
        var reply = (await client.ReceiveAsync()).Reply;
        Assert.That((reply["code"].AsInt32, reply["errmsg"].AsString), Is.EqualTo(
            (186, "The client metadata document may only be sent in the first hello")));
    }

    [Test]
    public async Task A_crash_resets_the_connections_and_a_restart_takes_new_ones_at_the_same_port()
    {
        await using var member = new RunningMember(new StandaloneMember());
        using var client = await RawClient.ConnectAsync(member);
        await client.SendAsync(Ping);
        await client.ReceiveAsync();
        var port = member.Listener.EndPoint.Port;
        member.Listener.Close(reset: true);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => client.IsClosedAsync());
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => RawClient.ConnectAsync(member));
        member.Listener.Open();
        Assert.That(member.Listener.EndPoint.Port, Is.EqualTo(port));
        using var again = await RawClient.ConnectAsync(member);
        await again.SendAsync(Ping);
        Assert.That((await again.ReceiveAsync()).Reply["ok"].AsDouble, Is.EqualTo(1));
    }

    private static BsonDocument Hello(string fields) => BsonDocument.Parse(
        $"{{hello: 1, topologyVersion: {{processId: ObjectId('6b043d8bc38e63ac9c964b69'), counter: NumberLong(0)}}, {fields}, $db: 'admin'}}");
}
