using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>Reconfigs that follow from each other on one set: newlyAdded members, unreachable and foreign ones, concurrent commands.</summary>
public sealed class ReconfigSequenceRecordingTests
{
    private const int LastWithThreeMembers = 133;
    private const int FirstWithTwoMembers = 145;
    private const int FirstWithFrozenMembers = 148;


    /// <summary>The recorded set had had one more election.</summary>
    private static readonly HashSet<string> TermOfTheRun = ["term"];

    private static readonly Lazy<RecordedWorld> Main = new(PlayMain);
    private static readonly Lazy<RecordedWorld> TwoMembers = new(PlayTwoMembers);
    private static readonly Lazy<RecordedWorld> FrozenMembers = new(PlayFrozenMembers);
    private static readonly Lazy<RecordedWorld> LostMajority = new(PlayLostMajority);

    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("reconfig", recording =>
        recording.Number is >= ReconfigRecordingTests.FirstOfTheSequence and not (152 or 153 or 158));

    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording)
    {
        var played = (Recording)recording;
        var world = played.Number switch
        {
            <= LastWithThreeMembers => Main,
            < FirstWithFrozenMembers => TwoMembers,
            <= 151 => FrozenMembers,
            _ => LostMajority,
        };
        RecordingCases.Check(played, world.Value, played.Number == 147 ? TermOfTheRun : null);
    }

    private static RecordedWorld PlayMain()
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018, 28019, 28020, 28023, 28025);
        world.Ok(28025, "{replSetInitiate: {_id: 'rs0', members: [{_id: 0, host: '127.0.0.1:28025'}]}}");
        world.Initiate([28017, 28018, 28019]);
        var recordings = Recording.InFolder("reconfig").ToDictionary(recording => recording.Number);
        for (var number = ReconfigRecordingTests.FirstOfTheSequence; number <= LastWithThreeMembers; number++)
        {
            if (!recordings.TryGetValue(number, out var recording) || number is 121 or 122)
            {
                continue;
            }

            switch (number)
            {
                case 98:
                    world.Until(() => world.Describe(28017) is { ConfigVersion: 4, ConfigCommitted: true });
                    break;
                case 103 or 116:
                    world.Run(5);
                    break;
                case 123:
                    world.PlayTogether(recording, recordings[121], recordings[122]);
                    continue;
                case 124:
                    StartOneBefore(world, recording);
                    break;
                case 127:
                    world[28019].Crash();
                    world.Run(2.5);
                    break;
                case 131:
                    world.Until(() => world.Describe(28017) is { ConfigVersion: 24, ConfigCommitted: true });
                    break;
            }

            world.Play(recording);
        }

        return world;
    }

    /// <summary>Another reconfig 0.3 s before this one, still waiting for its majority.</summary>
    private static void StartOneBefore(RecordedWorld world, Recording recording)
    {
        var config = world.Ok(28017, "{replSetGetConfig: 1}")["config"].AsBsonDocument;
        config["version"] = recording.Command[0]["version"].AsInt32 - 1;
        _ = world.Start(28017, new BsonDocument("replSetReconfig", config));
        world.Run(0.3);
    }

    private static RecordedWorld PlayTwoMembers()
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018);
        world.Initiate([28017, 28018]);
        world.Reconfig(28017, config =>
        {
            config["members"][0]["tags"] = new BsonDocument("a", "7");
            config["members"][1]["tags"] = new BsonDocument("n", "1");
        }, version: 74560);
        var recordings = Recording.InFolder("reconfig").Where(recording => recording.Number is >= FirstWithTwoMembers and < FirstWithFrozenMembers);
        world[28018].Crash();
        foreach (var recording in recordings)
        {
            world.Play(recording);
        }

        return world;
    }

    private static RecordedWorld PlayFrozenMembers()
    {
        var world = new RecordedWorld();
        world.Add(28030, 28031, 28032);
        world.Initiate([28030, 28031, 28032], firstPriority: 1);
        if (world.PrimaryPort() != 28031)
        {
            world.Until(() => world.Send(28031, "{replSetStepUp: 1}")["ok"] == 1);
            world.Until(() => world.PrimaryPort() == 28031);
            world.Run(5);
        }

        var recordings = Recording.InFolder("reconfig").ToDictionary(recording => recording.Number);
        world[28032].Pause();
        world.Play(recordings[148]);
        world[28032].Resume();
        world.Run(5);
        world.Play(recordings[149]);
        world[28030].Pause();
        world[28032].Pause();
        world.Play(recordings[150]);
        world.Play(recordings[151]);
        return world;
    }

    private static RecordedWorld PlayLostMajority()
    {
        var world = new RecordedWorld();
        world.Add(28030, 28031, 28032);
        world.Initiate([28030, 28031, 28032]);
        world.Reconfig(28030, _ => { }, version: 27830);
        var recordings = Recording.InFolder("reconfig").ToDictionary(recording => recording.Number);
        world[28031].Crash();
        world[28032].Crash();
        world.Play(recordings[154]);
        world.Until(() => world.Describe(28030).State == "SECONDARY", 11);
        world.Play(recordings[156]);
        world.Play(recordings[157]);
        return world;
    }
}
