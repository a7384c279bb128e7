using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>
/// <c>replSetReconfig</c> as a real server answered it, each command on a fresh set of 28017 (priority 2), 28018 and 28019 whose config has
/// the version just before the command's.
/// </summary>
public sealed partial class ReconfigRecordingTests
{
    /// <summary>From here on the recordings follow from each other; see <see cref="ReconfigSequenceRecordingTests"/>.</summary>
    internal const int FirstOfTheSequence = 95;

    private static readonly ConcurrentDictionary<string, Lazy<RecordedWorld>> Worlds = new();

    private static IEnumerable<TestCaseData> Cases() => RecordingCases
        .Of("reconfig", recording => recording.Number < FirstOfTheSequence && recording.Number is not (91 or 92))
        .Concat(RecordingCases.Of("reconfig-default-heartbeat"));

    [GeneratedRegex("is not greater than {version: ([0-9]+)")]
    private static partial Regex NotGreaterThan();

    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording)
    {
        var played = (Recording)recording;
        RecordingCases.Check(played, Worlds.GetOrAdd(played.Folder + played.Name, _ => new Lazy<RecordedWorld>(() => Play(played))).Value);
    }

    private static RecordedWorld Play(Recording recording)
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018, 28019, 28020);
        world.Add(28024, "other");
        var interval = recording.Folder == "reconfig" ? 200 : 2000;
        world.Initiate([28017, 28018, 28019], new BsonDocument("heartbeatIntervalMillis", interval));
        if (VersionBefore(recording) is > 1 and var version)
        {
            world.Reconfig(28017, _ => { }, version);
        }

        world.Play(recording);
        return world;
    }

    private static int VersionBefore(Recording recording)
    {
        if (recording.Command[0] is not BsonDocument config)
        {
            return recording.Reply.GetValue("config", null) is BsonDocument shown ? shown["version"].AsInt32 : 1;
        }

        // Two commands are refused for not being newer than the config; the text tells its version.
        var refused = NotGreaterThan().Match(recording.Reply.GetValue("errmsg", "").AsString);
        return refused.Success
            ? int.Parse(refused.Groups[1].Value, CultureInfo.InvariantCulture)
            : config.GetValue("version", 14).ToInt32() - 1;
    }
}
