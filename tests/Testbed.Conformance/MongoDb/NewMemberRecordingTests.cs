using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>A member joins, gains and loses its vote, hangs in its initial sync: replies as a real server gave them.</summary>
public sealed class NewMemberRecordingTests
{
    private static readonly Lazy<RecordedWorld> World = new(Play);

    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("new-member");

    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording) => RecordingCases.Check((Recording)recording, World.Value);

    private static RecordedWorld Play()
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018, 28019, 28020, 28021, 28022, 28023);
        world.Initiate([28017, 28018]);
        foreach (var recording in Recording.InFolder("new-member"))
        {
            switch (recording.Number)
            {
                case 5:
                    world.Until(() => world.Describe(28017) is { ConfigVersion: 3, ConfigCommitted: true });
                    break;
                case 18:
                    RemoveLast(world, version: 9);
                    RemoveLast(world, version: 10);
                    break;
                case 19:
                    world.Until(() => world.Describe(28021).State == "SECONDARY" && world.Describe(28022).State == "SECONDARY");
                    break;
                case 21:
                    world.Reconfig(28017, config => config["members"] = new BsonArray(config["members"].AsBsonArray.Take(2)), version: 13);
                    world[28023].SetSpeed(new DiskOptions { InitialSyncHeld = true });
                    break;
                case 22:
                    world.Run(2);
                    break;
            }

            world.Play(recording);
        }

        return world;
    }

    private static void RemoveLast(RecordedWorld world, int version) => world.Reconfig(28017, config =>
    {
        var members = config["members"].AsBsonArray;
        members.RemoveAt(members.Count - 1);
    }, version);
}
