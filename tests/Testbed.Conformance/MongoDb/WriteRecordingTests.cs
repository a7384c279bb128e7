using Modestano.Testbed.Mongo.Model;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>Writes, their retries, write concerns and interruptions as a real server answered them.</summary>
public sealed class WriteRecordingTests
{
    private static readonly HashSet<string> None = [];

    /// <summary>The recorder had not kept the whole command line of this one.</summary>
    private static readonly HashSet<string> ParserText = ["errmsg", "code", "codeName"];

    private static readonly Lazy<RecordedWorld> World = new(Play);

    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("wire");

    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording)
    {
        var played = (Recording)recording;
        RecordingCases.Check(played, World.Value, played.Number == 11 ? ParserText : None);
    }

    private static RecordedWorld Play()
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018, 28019);
        world.Initiate([28017, 28018, 28019]);
        var recordings = Recording.InFolder("wire").ToDictionary(recording => recording.Number);
        for (var number = 1; number <= 12; number++)
        {
            world.Play(recordings[number]);
        }

        world[28018].SetSpeed(new DiskOptions { ApplyStopped = true });
        world[28019].SetSpeed(new DiskOptions { ApplyStopped = true });
        world.Play(recordings[13]);
        world.Play(recordings[14]);
        var waiting = new[] { 15, 16, 17 }.Select(number => (number, world.Start(28017, recordings[number].Command))).ToArray();
        world.Run(0.7);
        world.Ok(28017, "{replSetStepDown: 10, secondaryCatchUpPeriodSecs: 0, force: true}");
        foreach (var (number, started) in waiting)
        {
            world.Keep(recordings[number], started);
        }

        return world;
    }
}
