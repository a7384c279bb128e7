using System.Net;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Mongo.Wire;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>
/// A real 5.0 of May 2021, before its release: an arbiter under authorization, default concerns, a set of primary, secondary and arbiter, certificates
/// and users that do not exist.
/// </summary>
public sealed class Real50RecordingTests
{
    private const string Subject = "CN=modestano-operator,OU=ops,O=Clients";

    /// <summary>A forced config's version is random, and it had not reached the others yet when 025 was taken.</summary>
    private static readonly HashSet<string> ForcedConfig = ["version", "setVersion", "configVersion", "configTerm"];

    private static readonly HashSet<string> Nothing = [];

    /// <summary>With a client certificate.</summary>
    private static readonly HashSet<int> OfTheCertificate = [21, 22];

    /// <summary>Without a login.</summary>
    private static readonly HashSet<int> Anonymous = [2, 3, 4, 23, 24];

    private static readonly Lazy<RecordedWorld> World = new(Play);

    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("real-5.0");

    // Without the times: that machine was slow, and its disks fresh.
    [TestCaseSource(nameof(Cases))]
    public void The_reply_is_the_recorded_one(object recording)
    {
        var recorded = (Recording)recording;
        var (was, now) = (recorded.Reply, World.Value.Outcomes[recorded.Name].Reply);
        if (recorded.Number == 11)
        {
            (was, now) = (was["oplogTruncation"].AsBsonDocument, now["oplogTruncation"].AsBsonDocument);
        }

        var differences = RecordingComparison.Differences(was, now, recorded.Number >= 16 ? ForcedConfig : Nothing);
        Assert.That(differences, Is.Empty, () => string.Join('\n', differences));
    }

    private static RecordedWorld Play()
    {
        var world = new RecordedWorld(version: ServerVersion.Mongo50Preview);
        world.Add(29217, 29218, 29219, 29220);
        var log = new AdminCommandLog(TimeProvider.System);
        var members = world.Network.Members.ToDictionary(member => member.Host, member => (ICommandHandler)new AuthenticationLayer(
            new SimulatedMemberHandler(member, log, new CommandCounts()), new UserStore(() => member.UserData), authorization: true));
        world.Ok(29217, "{replSetInitiate: {_id: 'rs0', members: [{_id: 0, host: '127.0.0.1:29217', priority: 2}, {_id: 1, host: '127.0.0.1:29219', arbiterOnly: true}]}}");
        world.Until(() => world.Describe(29217) is { IsWritablePrimary: true, ConfigCommitted: true });
        world.Run(5);
        foreach (var recording in Recording.InFolder("real-5.0"))
        {
            if (OfTheCertificate.Contains(recording.Number) || Anonymous.Contains(recording.Number))
            {
                world.Keep(recording, AskAsync(recording));
            }
            else
            {
                world.Play(recording);
            }

            world.Run(recording.Number is 7 or 15 ? 12 : 0.5);
        }

        return world;

        async Task<RecordedWorld.Outcome> AskAsync(Recording recording)
        {
            var session = new ClientSession(1, new IPEndPoint(IPAddress.Loopback, 50000), OfTheCertificate.Contains(recording.Number) ? Subject : null);
            var command = recording.Command.DeepClone().AsBsonDocument;
            try
            {
                return new(await members[recording.Member].ExecuteAsync(command, session, CancellationToken.None), TimeSpan.Zero);
            }
            catch (Mongo.Storage.CommandFailedException failure)
            {
                return new(failure.ToReply(), TimeSpan.Zero);
            }
        }
    }
}
