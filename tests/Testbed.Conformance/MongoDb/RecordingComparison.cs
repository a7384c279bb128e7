using System.Text.RegularExpressions;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>
/// Compares a reply with a recorded one. Fields, their types and their values must agree, except the values of what depends on the run:
/// times, positions in the oplog, ids, counters, and which of two equal members was picked.
/// </summary>
internal static partial class RecordingComparison
{
    /// <summary>Fields whose value depends on the run; they must be there, with the recorded type.</summary>
    private static readonly HashSet<string> OfTheRun =
    [
        // Ids and counters.
        "processId", "counter", "connectionId", "replicaSetId", "electionId",
        // Times and positions.
        "localTime", "date", "ts", "lastWriteDate", "majorityWriteDate", "lastCommittedWallTime", "lastAppliedWallTime", "lastDurableWallTime",
        "lastStableRecoveryTimestamp", "lastElectionDate", "newTermStartDate", "wMajorityWriteAvailabilityDate", "electionTime", "electionDate",
        "lastVoteDate", "newTermAppliedDate", "optimeDate", "optimeDurableDate", "uptime", "lastHeartbeat", "lastHeartbeatRecv", "pingMs",
        "initialSyncStart", "totalInitialSyncElapsedMillis", "initialSyncOplogStart", "wall", "updateOpTime", "updateWallClockTime", "localUpdateWallClockTime",
        // Which source a member follows, and whether it looks for one just now.
        "syncSourceHost", "syncSourceId", "infoMessage",
    ];

    /// <summary>Fields that are there in one run and not in another: whether somebody voted, and who led before.</summary>
    private static readonly HashSet<string> OfTheHistory =
    [
        "electionParticipantMetrics", "priorPrimaryMemberId", "wMajorityWriteAvailabilityDate", "numCatchUpOps",
    ];

    public static IReadOnlyList<string> Differences(BsonDocument recorded, BsonDocument actual, IReadOnlySet<string> alsoIgnored)
    {
        var found = new List<string>();
        Compare("", recorded, actual, alsoIgnored, found);
        return found;
    }

    private static void Compare(string path, BsonDocument recorded, BsonDocument actual, IReadOnlySet<string> ignored, List<string> found)
    {
        foreach (var name in recorded.Names.Union(actual.Names).Where(name => !IsOutside(name, ignored)))
        {
            var at = path + "." + name;
            if (!recorded.Contains(name) || !actual.Contains(name))
            {
                found.Add($"{at}: recorded {recorded.GetValue(name, "nothing")}, got {actual.GetValue(name, "nothing")}");
            }
            else
            {
                Compare(at, name, recorded[name], actual[name], ignored, found);
            }
        }
    }

    private static void Compare(string path, string name, BsonValue recorded, BsonValue actual, IReadOnlySet<string> ignored, List<string> found)
    {
        if (recorded.BsonType != actual.BsonType)
        {
            found.Add($"{path}: recorded {recorded} as {recorded.BsonType}, got {actual} as {actual.BsonType}");
        }
        else if (OfTheRun.Contains(name))
        {
            return;
        }
        else if (recorded is BsonDocument document)
        {
            Compare(path, document, actual.AsBsonDocument, ignored, found);
        }
        else if (recorded is BsonArray array)
        {
            if (array.Count != actual.AsBsonArray.Count)
            {
                found.Add($"{path}: recorded {array.Count} items, got {actual}");
                return;
            }

            for (var i = 0; i < array.Count; i++)
            {
                Compare($"{path}[{i}]", "", array[i], actual.AsBsonArray[i], ignored, found);
            }
        }
        else if (recorded is BsonString text ? Normalise(text.Value) != Normalise(actual.AsString) : recorded != actual)
        {
            found.Add($"{path}: recorded {recorded}, got {actual}");
        }
    }

    private static bool IsOutside(string name, IReadOnlySet<string> ignored) =>
        name is "$clusterTime" or "operationTime" || OfTheHistory.Contains(name) || ignored.Contains(name);

    /// <summary>Takes ids, times and the random version of a forced config out of a text.</summary>
    private static string Normalise(string text) =>
        Sorted(Versions().Replace(Times().Replace(ObjectIds().Replace(text, "<id>"), "<time>"), "version: <random>"));

    /// <summary>Members that did not answer are listed in the order in which they did not.</summary>
    private static string Sorted(string text)
    {
        const string heading = "did not respond affirmatively: ";
        var from = text.IndexOf(heading, StringComparison.Ordinal) + heading.Length;
        return from < heading.Length ? text : text[..from] + string.Join(", ", text[from..].Split(", ").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("[0-9a-f]{24}")]
    private static partial Regex ObjectIds();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+\\+00:00")]
    private static partial Regex Times();

    [GeneratedRegex("version: [0-9]{5,6}")]
    private static partial Regex Versions();
}
