using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>initialSyncStatus</c> of <c>replSetGetStatus</c>.</summary>
internal static class InitialSyncStatus
{
    private const int MostAttempts = 10;

    public static BsonDocument Of(MemberProcess process, InitialSyncAttempt attempt)
    {
        var elapsed = process.Now - attempt.StartedAt;
        var status = new BsonDocument
        {
            { "failedInitialSyncAttempts", process.InitialSync.Failed.Count },
            { "maxFailedInitialSyncAttempts", MostAttempts },
            { "initialSyncStart", attempt.StartedAt },
        };
        status
            .Add("totalInitialSyncElapsedMillis", (int)elapsed.TotalMilliseconds)
            .Add("initialSyncAttempts", new BsonArray(process.InitialSync.Failed.Select(Failed)));
        if (attempt.Begin.IsNone)
        {
            // It still looks for a source.
            return status;
        }

        status
            .Add("approxTotalDataSize", Number(attempt.TotalBytes))
            .Add("approxTotalBytesCopied", Number(attempt.CopiedBytes));
        if (attempt.CopiedBytes > 0 && attempt.CopiedBytes < attempt.TotalBytes)
        {
            var perByte = elapsed.TotalMilliseconds / attempt.CopiedBytes;
            status.Add("remainingInitialSyncEstimatedMillis", (long)(perByte * (attempt.TotalBytes - attempt.CopiedBytes)));
        }

        return status
            .Add("appliedOps", Number(attempt.AppliedOperations))
            .Add("initialSyncOplogStart", attempt.Begin.Timestamp)
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

    /// <summary>The smaller of the two integer types that holds it, as the server writes sizes.</summary>
    private static BsonValue Number(long value) => value <= int.MaxValue ? new BsonInt32((int)value) : new BsonInt64(value);
}
