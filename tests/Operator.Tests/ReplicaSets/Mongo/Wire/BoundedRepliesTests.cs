using CsCheck;
using Modestano.Operator.ReplicaSets.Mongo.Wire;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo.Wire;

/// <summary>What passes is what was sent; what does not is named, whatever it is.</summary>
[Category("Hostile")]
public sealed class BoundedRepliesTests
{
    private static readonly BsonDocument EveryType = BsonDocument.Parse(
        """
        { d: 1.5, s: "x", o: { a: [1, { b: [] }], e: {} }, bin: BinData(0, "AQID"), id: ObjectId("6b043562011e4f57301d0632"), t: true,
          at: ISODate("2026-11-30T00:00:00Z"), n: null, re: /a/i, i: 7, ts: Timestamp(5, 6), l: NumberLong(8), dec: NumberDecimal("1.5"), min: MinKey, max: MaxKey }
        """).Add("js", new BsonJavaScript("1")).Add("jss", new BsonJavaScriptWithScope("1", new BsonDocument("x", 1))).Add("u", BsonUndefined.Value).Add("sym", (BsonSymbol)"q");

    [Test]
    public async Task Messages_pass_unchanged_in_whatever_pieces_they_come()
    {
        var messages = new[] { EveryType, new BsonDocument("ok", 1), new BsonDocument("big", new string('x', 100_000)) }.Select((d, i) => HostileMember.Message(i, d.ToBson())).ToList();
        var sent = messages.SelectMany(m => m).ToArray();
        foreach (var piece in (int[])[1, 3, 16, 1000, sent.Length])
        {
            var received = new MemoryStream();
            await new BoundedReplies(new Pieces(sent, piece), ReplyBounds.Default, ReplyBudget.Default().Open("shop")).CopyToAsync(received).ContinueWith(t => t.Exception?.Handle(e => e is EndOfStreamException), TaskScheduler.Default);
            Assert.That(received.ToArray(), Is.EqualTo(sent), $"pieces of {piece}");

            received.SetLength(0);
            Assert.Throws<EndOfStreamException>(() => new BoundedReplies(new Pieces(sent, piece), ReplyBounds.Default, ReplyBudget.Default().Open("shop")).CopyTo(received));
            Assert.That(received.ToArray(), Is.EqualTo(sent), $"pieces of {piece}, without waiting");
        }
    }

    [Test]
    public void As_deep_as_a_server_sends_passes_and_one_more_does_not()
    {
        Assert.DoesNotThrow(() => WireMessage.Check(HostileMember.Message(1, NestedBson.Of(180)), ReplyBounds.Default));
        Assert.Throws<ReplyRefusedException>(() => WireMessage.Check(HostileMember.Message(1, NestedBson.Of(181)), ReplyBounds.Default));
    }

    [Test]
    public async Task An_answer_that_drips_is_given_up()
    {
        var slow = new BoundedReplies(new Pieces(HostileMember.Message(1, EveryType.ToBson()), 1), ReplyBounds.Default with { MaxTime = TimeSpan.FromTicks(1) }, ReplyBudget.Default().Open("shop"));
        var refused = await Assert.ThrowsAsync<ReplyRefusedException>(async () => await slow.ReadExactlyAsync(new byte[16]));
        Assert.That(refused!.Message, Does.Contain("took longer"));
    }

    [Test]
    public void Whatever_bytes_come_they_pass_or_are_refused_and_what_passes_the_driver_reads()
    {
        var document = EveryType.ToBson();
        Gen.Select(Gen.Int[0, document.Length - 1].Array[1, 4], Gen.Byte.Array[4], Gen.Bool).Holds(
            (positions, values, isCut) =>
            {
                var bytes = (byte[])document.Clone();
                for (var i = 0; i < positions.Length; i++)
                {
                    bytes[positions[i]] = values[i];
                }

                bytes = isCut ? bytes[..positions[0]] : bytes;
                try
                {
                    WireMessage.Check(HostileMember.Message(1, bytes), ReplyBounds.Default);
                }
                catch (ReplyRefusedException)
                {
                    return;
                }

                if (bytes.Length > 0)
                {
                    ReadAll(bytes);
                }
            },
            draws: 10_000);
    }

    // The driver may find a text that is no UTF-8 or a name that stands twice; it must not run away or die. MemberClient knows all of these.
    private static void ReadAll(byte[] bytes)
    {
        try
        {
            BsonSerializer.Deserialize<BsonDocument>(bytes);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or IOException or BsonException)
        {
        }
    }

    /// <summary>A stream that gives at most so many bytes at a time.</summary>
    private sealed class Pieces(byte[] content, int most) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(most, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
