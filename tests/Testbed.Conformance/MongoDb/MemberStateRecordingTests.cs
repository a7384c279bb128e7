using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>What a member of every state answers, as a real server answered it.</summary>
public sealed class MemberStateRecordingTests
{
    private const int FirstOfRemoved = 72;
    private const int FirstOfInitialSync = 94;

    /// <summary>Both depend on what the storage engine stored in how many files.</summary>
    private static readonly HashSet<string> StorageFields =
    [
        "wiredTiger", "size", "count", "avgObjSize", "storageSize", "freeStorageSize", "totalSize", "nindexes", "totalIndexSize", "indexDetails",
        "indexSizes", "indexBuilds", "capped", "max", "maxSize", "sleepCount", "sleepMS", "scaleFactor",
    ];

    private static readonly HashSet<string> None = [];

    private static readonly Lazy<RecordedWorld> Main = new(PlayMain);
    private static readonly Lazy<RecordedWorld> InitialSync = new(PlayInitialSync);

    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("member-states");

    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording)
    {
        var played = (Recording)recording;
        var world = played.Number < FirstOfInitialSync ? Main : InitialSync;
        RecordingCases.Check(played, world.Value, played.Name.Contains("collstats", StringComparison.Ordinal) ? StorageFields : None);
    }

    private static RecordedWorld PlayMain()
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018, 28019, 28020);
        world.Add(28021, "other");
        foreach (var recording in Recording.InFolder("member-states").Where(recording => recording.Number < FirstOfInitialSync))
        {
            switch (recording.Number)
            {
                case 16:
                    world.Ok(28017, "{replSetInitiate: {_id: 'rs0', members: [{_id: 0, host: '127.0.0.1:28017'}]}}");
                    world.Run(2);
                    break;
                case 24:
                    MakeSetOfFour(world);
                    break;
                case FirstOfRemoved:
                    world.Reconfig(28017, config => config["members"].AsBsonArray.RemoveAt(2));
                    world.Run(4);
                    break;
                case 84 or 92:
                    world.Run(2.5);
                    break;
            }

            world.Play(recording);
        }

        return world;
    }

    private static void MakeSetOfFour(RecordedWorld world)
    {
        world.Ok(28021, "{replSetInitiate: {_id: 'other', members: [{_id: 0, host: '127.0.0.1:28021'}]}}");
        Join(world, "{_id: 1, host: '127.0.0.1:28018', tags: {region: 'b'}}");
        world.Until(() => world.Describe(28017) is { ConfigVersion: 3, ConfigCommitted: true });
        Join(world, "{_id: 2, host: '127.0.0.1:28019', hidden: true, priority: 0, votes: 0}");
        Join(world, "{_id: 3, host: '127.0.0.1:28020', arbiterOnly: true}");
        world.Run(9);
    }

    private static void Join(RecordedWorld world, string member) =>
        world.Reconfig(28017, config => config["members"].AsBsonArray.Add(BsonDocument.Parse(member)));

    private static RecordedWorld PlayInitialSync()
    {
        var world = new RecordedWorld();
        world.Add(28017, 28018, 28023);
        world.Initiate([28017, 28018]);
        world.Reconfig(28017, _ => { }, version: 13);
        world[28023].SetSpeed(new DiskOptions { InitialSyncHeld = true });
        Join(world, "{_id: 7, host: '127.0.0.1:28023'}");
        world.Run(6);
        foreach (var recording in Recording.InFolder("member-states").Where(recording => recording.Number >= FirstOfInitialSync))
        {
            world.Play(recording);
        }

        return world;
    }
}
