using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>
/// A writer as the official driver with retryable writes makes one: one insert after the other, at the primary that it knows, each repeated
/// until it is acknowledged.
/// </summary>
internal sealed class VirtualWriter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly TestSet set;
    private readonly string writeConcern;
    private readonly BsonBinaryData session = new(Guid.Parse("11111111-1111-1111-1111-111111111111"), GuidRepresentation.Standard);
    private TimeSpan lastAcknowledged;
    private bool isStopped;
    private int number;

    public VirtualWriter(TestSet set, string writeConcern = "majority")
    {
        this.set = set;
        this.writeConcern = writeConcern;
        lastAcknowledged = set.Now;
        _ = WriteAsync();
    }

    public List<int> Acknowledged { get; } = [];

    public TimeSpan LongestGap { get; private set; }

    public void StartMeasuring()
    {
        LongestGap = TimeSpan.Zero;
        lastAcknowledged = set.Now;
    }

    public void Stop() => isStopped = true;

    private async Task WriteAsync()
    {
        while (!isStopped)
        {
            number++;
            while (!isStopped && !await TryAsync())
            {
                await Task.Delay(Pause, set.Network.Loop.TimeProvider);
            }

            Acknowledged.Add(number);
            var gap = set.Now - lastAcknowledged;
            LongestGap = gap > LongestGap ? gap : LongestGap;
            lastAcknowledged = set.Now;
            await Task.Delay(Pause, set.Network.Loop.TimeProvider);
        }
    }

    private async Task<bool> TryAsync()
    {
        if (set.PrimaryNumber() is not { } primary)
        {
            return false;
        }

        var command = new BsonDocument
        {
            { "insert", "orders" },
            { "documents", new BsonArray { new BsonDocument("_id", number) } },
            { "lsid", new BsonDocument("id", session) },
            { "txnNumber", (long)number },
            { "writeConcern", new BsonDocument("w", writeConcern == "majority" ? "majority" : 1) },
            { "$db", "shop" },
        };
        try
        {
            var reply = await set.Start(primary, command);
            Assert.That(reply.Contains("writeErrors"), Is.False, () => $"a repeated write was done twice: {reply}");
            return reply["ok"] == 1 && !reply.Contains("writeConcernError");
        }
        catch (MemberUnreachableException)
        {
            return false;
        }
    }
}
