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
    private readonly List<int> acknowledged = [];
    private readonly Task writing;
    private readonly BsonBinaryData session = new(Guid.Parse("11111111-1111-1111-1111-111111111111"), GuidRepresentation.Standard);
    private TimeSpan lastAcknowledged;
    private TimeSpan longestGap;
    private bool isStopped;
    private int number;

    public VirtualWriter(TestSet set, string writeConcern = "majority")
    {
        this.set = set;
        this.writeConcern = writeConcern;
        lastAcknowledged = set.Now;
        writing = WriteAsync();
    }

    public IReadOnlyList<int> Acknowledged => Checked(acknowledged);

    public TimeSpan LongestGap => Checked(longestGap);

    public void StartMeasuring()
    {
        longestGap = TimeSpan.Zero;
        lastAcknowledged = set.Now;
    }

    public void Stop() => isStopped = true;

    // A writer that has failed has no figures: its error is the test's.
    private T Checked<T>(T figure)
    {
        if (writing.IsFaulted)
        {
            writing.GetAwaiter().GetResult();
        }

        return figure;
    }

    private async Task WriteAsync()
    {
        while (!isStopped)
        {
            number++;
            while (!isStopped && !await TryAsync())
            {
                await Task.Delay(Pause, set.Network.Loop.TimeProvider);
            }

            acknowledged.Add(number);
            var gap = set.Now - lastAcknowledged;
            longestGap = gap > longestGap ? gap : longestGap;
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
