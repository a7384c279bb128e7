using CsCheck;
using Modestano.Operator.ReplicaSets.Mongo;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>Whatever a member answers, a pass reads it to its end: recordings of a real server with fields of other kinds, sizes and numbers.</summary>
[Category("Hostile")]
public sealed class MutatedRepliesTests
{
    private static readonly string[] Statuses = ["028-primary4-replsetgetstatus", "035-secondary-replsetgetstatus", "044-initial-sync-of-160-mb-initialsync-status-at-2074-ms", "049-arbiter-replsetgetstatus"];
    private static readonly string[] Configs = ["071-primary-replsetgetconfig-commitmentstatus", "037-secondary-replsetgetconfig", "051-arbiter-replsetgetconfig"];
    private static readonly string[] Hellos = ["024-primary4-hello", "031-secondary-hello", "045-arbiter-hello"];
    private static readonly string[] Entries = ["047-oplog-first-entry-after-wrap-around", "048-oplog-last-entry-after-wrap-around"];
    private static readonly string[] Hosts = ["127.0.0.1:28017", "127.0.0.1:28018"];

    private static readonly BsonDocument[] Others =
    [
        BsonDocument.Parse("{ featureCompatibilityVersion: { version: '5.0' }, version: '5.0.0', totalSize: 5, size: 7, maxSize: 9, defaultWriteConcern: { w: 1, wtimeout: 0 } }"),
        BsonDocument.Parse("{ cursor: { id: 0, firstBatch: [ { transaction: { timeOpenMicros: 5 } }, { command: { createIndexes: 'x' } } ] } }"),
    ];

    private static readonly BsonValue[] Odd =
    [
        BsonNull.Value, BsonUndefined.Value, new BsonInt32(-1), new BsonInt64(long.MaxValue), new BsonInt64(long.MinValue), double.NaN, double.PositiveInfinity, 1e300, -1e300,
        new BsonDecimal128(Decimal128.MaxValue), "", "a", "%00", new string('x', 5000), new BsonDocument(), new BsonDocument("", ""), new BsonArray(), new BsonArray { 1, "x", BsonNull.Value },
        new BsonDateTime(long.MaxValue), new BsonDateTime(long.MinValue), new BsonTimestamp(0), new BsonTimestamp(-1), BsonBoolean.True, ObjectId.Empty, new BsonBinaryData([1]), BsonMinKey.Value,
    ];

    [Test]
    public void Ten_thousand_mutated_answers_are_read_without_an_exception()
    {
        var reply = Gen.Select(Gen.Int[0, 1_000_000].Array[0, 4], Gen.Int[0, Odd.Length - 1].Array[4], Gen.Int[0, 3].Array[4]);
        Gen.Select(
            Gen.Select(Gen.OneOfConst(Hellos), Gen.OneOfConst(Statuses), Gen.OneOfConst(Configs), Gen.OneOfConst(Entries)),
            reply.Array[12],
            Gen.Bool).Holds(
            (names, mutations, isKnown) =>
            {
                var (hello, status, config, entry) = names;
                var next = 0;
                var replies = Hosts.Select(host => new MemberReplies
                {
                    Host = host,
                    HelloAt = DateTimeOffset.UnixEpoch,
                    Hello = Mutated(Recording.Reply(hello).Document),
                    Status = Mutated(Recording.Reply(status).Document),
                    Config = Mutated(Recording.Reply(config).Document),
                    OplogFirst = Mutated(Recording.Reply(entry).Document),
                    OplogLast = Mutated(Recording.Reply(entry).Document),
                    OplogStats = Mutated(Others[0]),
                    BuildInfo = Mutated(Others[0]),
                    FeatureCompatibility = Mutated(Others[0]),
                    CurrentOperations = Mutated(Others[1]),
                    DefaultConcerns = Mutated(Others[0]),
                    Databases = Mutated(Others[0]),
                    SystemReplset = Mutated(Others[1]),
                }).ToList();

                var observed = ObservationBuilder.Build(replies, Hosts, isKnown ? "6b043562011e4f57301d0632" : null, DateTimeOffset.UnixEpoch);
                ObservationRefresh.Merge(observed, observed);
                ObservationRefresh.Merge(observed, replies[0]);
                ClientConnections.Read(Mutated(Others[1]).Document);

                CommandReply Mutated(BsonDocument? recorded) => new(Mutate(recorded!, mutations[next++ % mutations.Length]), null);
            },
            draws: 10_000);
    }

    private static BsonDocument Mutate(BsonDocument recorded, (int[] Places, int[] Values, int[] Kinds) mutation)
    {
        var document = recorded.DeepClone().AsBsonDocument;
        for (var i = 0; i < mutation.Places.Length; i++)
        {
            var places = Places(document).ToList();
            if (places.Count == 0)
            {
                return document;
            }

            var (parent, at) = places[mutation.Places[i] % places.Count];
            var odd = Odd[mutation.Values[i]].DeepClone();
            switch (parent, mutation.Kinds[i])
            {
                case (BsonDocument map, 0):
                    map.RemoveAt(at);
                    break;
                case (BsonDocument map, _):
                    map[at] = odd;
                    break;
                case (BsonArray list, 0):
                    list.RemoveAt(at);
                    break;
                case (BsonArray list, 1):
                    list.Add(list[at].DeepClone());
                    break;
                case (BsonArray list, _):
                    list[at] = odd;
                    break;
            }
        }

        return document;
    }

    private static IEnumerable<(BsonValue Parent, int At)> Places(BsonValue value) => value switch
    {
        BsonDocument map => Enumerable.Range(0, map.ElementCount).SelectMany(i => Places(map[i]).Prepend((map, i))),
        BsonArray list => Enumerable.Range(0, list.Count).SelectMany(i => Places(list[i]).Prepend((list, i))),
        _ => [],
    };
}
