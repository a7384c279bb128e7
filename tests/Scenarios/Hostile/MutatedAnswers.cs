using System.Net;
using System.Text;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Hostile;

/// <summary>Changes some of what MongoDB, Route 53 and Prometheus answer, and counts it.</summary>
internal sealed class MutatedAnswers(Random random)
{
    private static readonly BsonValue[] Odd =
    [
        BsonNull.Value, new BsonInt32(-1), new BsonInt32(0), new BsonInt64(long.MaxValue), new BsonInt64(long.MinValue), double.NaN, 1e300, "", "a", "%00", "[::1%eth0]:27017", new string('x', 5000),
        new BsonDocument(), new BsonDocument("", ""), new BsonArray(), new BsonArray { 1, "x", BsonNull.Value }, new BsonDateTime(long.MaxValue), new BsonDateTime(long.MinValue), new BsonTimestamp(-1),
        BsonBoolean.True, BsonBoolean.False, ObjectId.Empty, new BsonBinaryData([1]), BsonMinKey.Value, "mongo-a.eu-west-2.modestano.test:27017", "169.254.169.254:80",
    ];

    private static readonly string[] OddText =
    [
        "", "-1", "256", "99999999999999999999", "NaN", "null", "/", "/hostedzone/", "2026-13-40T99:99:99Z", "<Weight>7</Weight>", "<SetIdentifier>eu-west-1</SetIdentifier>", "<IsTruncated>true</IsTruncated>",
        "]]>", "\"", "{", "[[[[", "[]", "0.001", "PENDING", "INSYNC", new string('9', 5000),
    ];

    /// <summary>Answers that were changed.</summary>
    public int Count { get; private set; }

    /// <summary>A member's answer.</summary>
    public BsonDocument Of(BsonDocument reply)
    {
        if (random.Next(3) > 0)
        {
            return reply;
        }

        Count++;
        var document = reply.DeepClone().AsBsonDocument;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var places = Places(document).ToList();
            if (places.Count == 0)
            {
                break;
            }

            var (parent, at) = places[random.Next(places.Count)];
            var odd = Odd[random.Next(Odd.Length)].DeepClone();
            switch (parent, random.Next(4))
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

    /// <summary>A text that a server sends.</summary>
    public string Of(string body)
    {
        if (random.Next(3) > 0)
        {
            return body;
        }

        Count++;
        var text = new StringBuilder(body);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var start = random.Next(text.Length + 1);
            var open = text.ToString().IndexOfAny(['>', '"'], start);
            var close = open < 0 ? -1 : text.ToString().IndexOfAny(['<', '"'], open + 1);
            if (close > 0 && random.Next(2) == 0)
            {
                text.Remove(open + 1, close - open - 1).Insert(open + 1, OddText[random.Next(OddText.Length)]);
            }
            else if (random.Next(2) == 0)
            {
                text.Insert(start, OddText[random.Next(OddText.Length)]);
            }
            else
            {
                text.Remove(start, Math.Min(random.Next(40), text.Length - start));
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(BsonValue Parent, int At)> Places(BsonValue value) => value switch
    {
        BsonDocument map => Enumerable.Range(0, map.ElementCount).SelectMany(i => Places(map[i]).Prepend((map, i))),
        BsonArray list => Enumerable.Range(0, list.Count).SelectMany(i => Places(list[i]).Prepend((list, i))),
        _ => [],
    };
}

/// <summary>Members whose answers are changed.</summary>
internal sealed class MutatedCalls(SimulatedMemberCalls calls, MutatedAnswers answers) : IMemberCalls
{
    public async Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var (reply, elapsed) = await calls.RunAsync(target, host, database, command, deadline, cancellationToken);
        return (answers.Of(reply), elapsed);
    }

    public void Begin(ObjectKey set) => calls.Begin(set);

    public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => calls.RoundTrip(target, host);

    public void Rest(ObjectKey set, string? host) => calls.Rest(set, host);

    public void Forget(ObjectKey set) => calls.Forget(set);
}

/// <summary>A Prometheus whose answers may be changed.</summary>
internal sealed class FuzzPrometheus(EventLoop loop, MutatedAnswers? answers) : HttpMessageHandler
{
    private const string Figure = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000,"0.001"]}]}}""";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var source = new TaskCompletionSource<HttpResponseMessage>();
        loop.Schedule(TimeSpan.FromMilliseconds(20), () => LoopContext.Outside(() =>
            source.TrySetResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent(answers?.Of(Figure) ?? Figure) })));
        return source.Task;
    }
}
