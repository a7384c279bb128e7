using System.Net;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Wire;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>What a member with a key file and without users lets a client on its own machine do, as a real server answered it: all of it, and nothing else.</summary>
public sealed class LocalhostExceptionRecordingTests
{
    private static readonly Lazy<RecordedWorld> World = new(Play);

    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("auth-tls");

    // Without the times, which had the first files of a fresh disk in them.
    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording)
    {
        var recorded = (Recording)recording;
        Assert.That(RecordingComparison.Differences(recorded.Reply, World.Value.Outcomes[recorded.Name].Reply, new HashSet<string>()), Is.Empty);
    }

    private static RecordedWorld Play()
    {
        var world = new RecordedWorld();
        var recordings = Recording.InFolder("auth-tls");
        var log = new AdminCommandLog(TimeProvider.System);
        foreach (var port in new[] { 28043, 28044 })
        {
            world.Add(port);
        }

        var members = world.Network.Members.ToDictionary(
            member => member.Host,
            member => (
                Handler: (ICommandHandler)new AuthenticationLayer(
                    new SimulatedMemberHandler(member, log, new CommandCounts()), new UserStore(() => member.UserData), authorization: true),
                Session: new ClientSession(1, new IPEndPoint(IPAddress.Loopback, 50000), null)));
        foreach (var recording in recordings)
        {
            if (recording.Number == 9)
            {
                world.Until(() => world.PrimaryPort() == recordings.Single(r => r.Number == 9).Port);
                world.Run(3);
            }

            world.Keep(recording, AskAsync(recording));
        }

        return world;

        async Task<RecordedWorld.Outcome> AskAsync(Recording recording)
        {
            var (handler, session) = members[recording.Member];
            var start = world.Network.Loop.Elapsed;
            var command = recording.Command.DeepClone().AsBsonDocument;
            try
            {
                return new(await handler.ExecuteAsync(command, session, CancellationToken.None), world.Network.Loop.Elapsed - start);
            }
            catch (Mongo.Storage.CommandFailedException failure)
            {
                return new(failure.ToReply(), world.Network.Loop.Elapsed - start);
            }
        }
    }
}
