using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>Step-down, step-up and freeze as a real server answered them. Members follow the recorded ports.</summary>
public sealed class StepDownRecordingTests
{
    private static readonly DiskOptions Held = new() { ApplyStopped = true };
    private static readonly DiskOptions Free = new();

    /// <summary>How many elections went before, and who is where when a status is asked, differs from the recorded run.</summary>
    private static readonly HashSet<string> OfTheRun =
    [
        "term", "electionTerm", "t", "configTerm", "configVersion", "state", "stateStr", "health", "optime", "optimeDurable",
    ];

    private static readonly Lazy<RecordedWorld> World = new(Play);

    /// <summary>Statuses are compared in <see cref="MemberStateRecordingTests"/>; here they tell how elections went.</summary>
    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("stepdown", recording => recording.Number != 37);

    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording) => RecordingCases.Check((Recording)recording, World.Value, OfTheRun);

    private static RecordedWorld Play()
    {
        var world = new RecordedWorld();
        world.Add(28030, 28031, 28032, 28033);
        world.Initiate([28030, 28031, 28032], firstPriority: 1);
        MakePrimary(world, 28030);
        var recordings = Recording.InFolder("stepdown").ToDictionary(recording => recording.Number);
        foreach (var number in new[] { 1, 2, 3, 47, 41, 42, 43, 4 })
        {
            world.Play(recordings[number]);
        }

        PlayLagging(world, recordings);
        PlayFrozen(world, recordings);
        PlayWithoutElectable(world, recordings);
        PlayOneMember(world, recordings);
        return world;
    }

    private static void PlayLagging(RecordedWorld world, Dictionary<int, Recording> recordings)
    {
        MakePrimary(world, 28030);
        world[28031].SetSpeed(Held);
        world[28032].SetSpeed(Held);
        Write(world, 28030);
        world.Play(recordings[8]);
        world.Play(recordings[10]);
        var first = world.Start(28030, recordings[13].Command);
        world.Run(0.5);
        world.Play(recordings[11]);
        world.Play(recordings[12]);
        world.Keep(recordings[13], first);
        var waiting = world.Start(28030, recordings[48].Command);
        world.Run(1.5);
        world[28031].SetSpeed(Free);
        world.Keep(recordings[48], waiting);
        world[28032].SetSpeed(Free);
        world.Until(() => world.PrimaryPort() == 28031);
        world.Run(4);
        world.Play(recordings[50]);
        world.Play(recordings[51]);
        // Both others lag equally; the step-up succeeds all the same, and the new primary has to catch up.
        MakePrimary(world, 28030);
        world[28031].SetSpeed(Held);
        world[28032].SetSpeed(Held);
        Write(world, 28030);
        world.Play(recordings[14]);
        world[28031].SetSpeed(Free);
        world.Until(() => world.PrimaryPort() == 28031);
        world.Run(3);
        world[28030].SetSpeed(Held);
        Write(world, 28031);
        world.Play(recordings[16]);
        world.Play(recordings[17]);
        world.Play(recordings[18]);
        world.Play(recordings[19]);
        world[28030].SetSpeed(Free);
        world[28031].SetSpeed(Free);
        world[28032].SetSpeed(Free);
        world.Run(30);
    }

    private static void PlayFrozen(RecordedWorld world, Dictionary<int, Recording> recordings)
    {
        MakePrimary(world, 28032);
        foreach (var number in new[] { 20, 21, 22, 46, 44, 45 })
        {
            world.Play(recordings[number], number == 46 ? 28031 : null);
        }

        world.Ok(28030, "{replSetFreeze: 0}");
        world.Run(2);
        world.Play(recordings[23]);
        world.Play(recordings[24]);
        world.Play(recordings[25]);
        world.Run(20);
        world.Until(() => world.PrimaryPort() is not null);
        world.Run(3);
        MakePrimary(world, 28032);
        world.Play(recordings[27]);
        world.Play(recordings[28]);
        world.Until(() => world.PrimaryPort() == 28030);
        world.Play(recordings[29]);
        world.Play(recordings[30]);
        world.Run(3);
    }

    private static void PlayWithoutElectable(RecordedWorld world, Dictionary<int, Recording> recordings)
    {
        world.Reconfig(28030, config => SetPriorities(config, 1, 0, 0));
        world.Play(recordings[31]);
        world.Play(recordings[32]);
        world.Reconfig(28030, config => SetPriorities(config, 1, 1, 1));
        world[28031].Crash();
        world.Run(3);
        world.Play(recordings[33]);
        world[28031].Restart();
        world.Until(() => world.PrimaryPort() is not null);
        world.Run(5);
        MakePrimary(world, 28032);
        world[28030].Crash();
        world[28031].Crash();
        world.Play(recordings[34]);
        world.Play(recordings[36]);
        world.Run(5);
        world.Play(recordings[38]);
    }

    private static void PlayOneMember(RecordedWorld world, Dictionary<int, Recording> recordings)
    {
        world.Ok(28033, "{replSetInitiate: {_id: 'rs0', members: [{_id: 0, host: '127.0.0.1:28033'}]}}");
        world.Run(1);
        world.Play(recordings[39]);
        world.Play(recordings[40]);
    }

    private static void SetPriorities(BsonDocument config, params double[] priorities)
    {
        for (var i = 0; i < priorities.Length; i++)
        {
            config["members"][i]["priority"] = priorities[i];
        }
    }

    private static void Write(RecordedWorld world, int port) =>
        world.Ok(port, "{insert: 'x', documents: [{a: 1}], $db: 'test', writeConcern: {w: 1}}");

    private static void MakePrimary(RecordedWorld world, int port)
    {
        for (var attempt = 0; world.PrimaryPort() != port; attempt++)
        {
            Assert.That(attempt, Is.LessThan(20), () => string.Join('\n', world.Trace.TakeLast(60)));
            world.Send(port, "{replSetFreeze: 0}");
            world.Send(port, "{replSetStepUp: 1}");
            world.Run(3);
        }

        world.Run(12);
    }
}
