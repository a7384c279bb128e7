namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary><c>replSetInitiate</c> as a real server answered it.</summary>
public sealed class InitiateRecordingTests
{
    private static readonly Lazy<RecordedWorld> World = new(Play);

    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("initiate");

    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording) => RecordingCases.Check((Recording)recording, World.Value);

    private static RecordedWorld Play()
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018);
        world.Add(28021, "other");
        foreach (var recording in Recording.InFolder("initiate"))
        {
            switch (recording.Number)
            {
                case 16:
                    // Sent before the election of the one member that follows at once.
                    break;
                case 17:
                    world.Run(1);
                    break;
                case 19:
                    world.Add(28022);
                    break;
                case 20:
                    world.Run(1);
                    break;
                case 21:
                    world.Add(28029, null);
                    break;
                case 26:
                    break;
                case 27:
                    world.Run(1);
                    break;
            }

            world.Play(recording, recording.Number is >= 21 and <= 25 ? 28029 : null);
        }

        return world;
    }
}
