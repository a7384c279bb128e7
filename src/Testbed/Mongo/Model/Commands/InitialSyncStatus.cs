using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>initialSyncStatus</c> of <c>replSetGetStatus</c>.</summary>
internal static class InitialSyncStatus
{
    private const int MostAttempts = 10;

    public static BsonDocument Of(MemberProcess process, InitialSyncAttempt attempt)
    {
        var elapsed = (attempt.EndedAt ?? process.Now) - attempt.StartedAt;
        var status = new BsonDocument
        {
            { "failedInitialSyncAttempts", process.InitialSync.Failed.Count },
            { "maxFailedInitialSyncAttempts", MostAttempts },
            { "initialSyncStart", attempt.StartedAt },
        };
        if (attempt.EndedAt is { } ended)
        {
            status.Add("initialSyncEnd", ended);
        }

        status
            .Add("totalInitialSyncElapsedMillis", (int)elapsed.TotalMilliseconds)
            .Add("initialSyncAttempts", new BsonArray(process.InitialSync.Failed.Select(Failed)))
            .Add("approxTotalDataSize", Number(attempt.TotalBytes))
            .Add("approxTotalBytesCopied", Number(attempt.CopiedBytes));
        if (attempt is { EndedAt: null, CopiedBytes: > 0 } && attempt.CopiedBytes < attempt.TotalBytes)
        {
            var perByte = elapsed.TotalMilliseconds / attempt.CopiedBytes;
            status.Add("remainingInitialSyncEstimatedMillis", (long)(perByte * (attempt.TotalBytes - attempt.CopiedBytes)));
        }

        status.Add("appliedOps", Number(attempt.AppliedOperations));
        if (!attempt.Begin.IsNone)
        {
            status.Add("initialSyncOplogStart", attempt.Begin.Timestamp);
        }

        return status
            .Add("totalTimeUnreachableMillis", 0L)
            .Add("databases", new BsonDocument
            {
                { "databasesToClone", attempt.CopiedBytes < attempt.TotalBytes ? attempt.Databases : 0 },
                { "databasesCloned", attempt.CopiedBytes < attempt.TotalBytes ? 0 : attempt.Databases },
            });
    }

    private static BsonDocument Failed(InitialSyncAttempt attempt) => new()
    {
        { "durationMillis", (int)((attempt.EndedAt ?? attempt.StartedAt) - attempt.StartedAt).TotalMilliseconds },
        { "status", attempt.Status },
        { "syncSource", attempt.Source ?? ":27017" },
    };

    private static BsonValue Number(long value) => value <= int.MaxValue ? (int)value : value;
}
