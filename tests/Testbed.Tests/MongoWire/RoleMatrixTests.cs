using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>What each role may do, as a 4.9 server answered command by command.</summary>
public class RoleMatrixTests
{
    private static readonly string[] RoleSets =
    [
        "", "clusterMonitor", "clusterManager", "clusterManager clusterMonitor", "clusterManager clusterMonitor read@local", "clusterAdmin",
        "hostManager", "read@local", "readAnyDatabase", "backup", "root",
    ];

    // One column a role set, in the order above; + the server ran it (or refused it for another reason), - 13 Unauthorized.
    private static readonly (string Command, string Outcomes)[] Recorded =
    [
        ("{hello: 1}", "+++++++++++"),
        ("{ping: 1}", "+++++++++++"),
        ("{buildInfo: 1}", "+++++++++++"),
        ("{replSetGetStatus: 1}", "-+++++----+"),
        ("{replSetGetConfig: 1}", "-+++++----+"),
        ("{replSetReconfig: {}}", "--++++----+"),
        ("{replSetInitiate: {}}", "--++++----+"),
        ("{replSetStepDown: -1}", "--++++----+"),
        ("{replSetStepUp: 1}", "--++++----+"),
        ("{replSetFreeze: 0}", "--++++----+"),
        ("{replSetMaintenance: 0}", "--++++----+"),
        ("{serverStatus: 1}", "-+-+++---++"),
        ("{getParameter: 1, featureCompatibilityVersion: 1}", "-+-+++---++"),
        ("{setFeatureCompatibilityVersion: '4.9'}", "--++++----+"),
        ("{getCmdLineOpts: 1}", "-+-+++----+"),
        ("{find: 'oplog.rs', $db: 'local'}", "-+-+++-+-++"),
        ("{collStats: 'oplog.rs', $db: 'local'}", "-+-+++-+-++"),
        ("{find: 'system.replset', $db: 'local'}", "-+++++----+"),
        ("{listDatabases: 1}", "+++++++++++"),
        ("{dbStats: 1, $db: 'test'}", "-+-+++--+-+"),
        ("{currentOp: 1}", "-+-+++----+"),
        ("{aggregate: 1, pipeline: [{$currentOp: {allUsers: true}}], cursor: {}}", "-+-+++----+"),
        ("{getDefaultRWConcern: 1}", "-+++++----+"),
        ("{setDefaultRWConcern: 1}", "--++++----+"),
        ("{appendOplogNote: 1}", "--++++---++"),
        ("{insert: 'x', documents: [{}], $db: 'test'}", "----------+"),
        ("{replSetResizeOplog: 1}", "-----++---+"),
    ];


    [TestCaseSource(nameof(Recorded))]
    public void A_command_is_allowed_to_the_roles_that_the_server_allows_it_to((string Command, string Outcomes) given)
    {
        var command = BsonDocument.Parse(given.Command);
        command = command.Contains("$db") ? command : command.Add("$db", "admin");
        var outcomes = RoleSets.Select(roles => Authorization.Check(command, UserWith(roles), localhostException: false) is null ? '+' : '-');
        Assert.That(string.Concat(outcomes), Is.EqualTo(given.Outcomes), string.Join(" | ", RoleSets));
    }

    [Test]
    public void A_refusal_shows_the_command_as_the_server_prints_it()
    {
        var command = BsonDocument.Parse(
            """
            {find: 'oplog.rs', limit: 1, lsid: {id: UUID('87713624-ff57-4e9a-8520-2fbb30ccd35d')},
             $clusterTime: {clusterTime: Timestamp(1795439362, 6),
              signature: {hash: BinData(0, 'C69LDOnFoPX9ZmYGaqegF1vKv1M='), keyId: NumberLong('7711353328856203267')}},
             $db: 'local', $readPreference: {mode: 'primaryPreferred'}}
            """);
        Assert.That(Authorization.Check(command, UserWith(""), localhostException: false)!.Message, Is.EqualTo(
            "not authorized on local to execute command { find: \"oplog.rs\", limit: 1, "
            + "lsid: { id: UUID(\"87713624-ff57-4e9a-8520-2fbb30ccd35d\") }, "
            + "$clusterTime: { clusterTime: Timestamp(1795439362, 6), "
            + "signature: { hash: BinData(0, 0BAF4B0CE9C5A0F5FD6666066AA7A0175BCABF53), keyId: 7711353328856203267 } }, "
            + "$db: \"local\", $readPreference: { mode: \"primaryPreferred\" } }"));
    }

    [Test]
    public void Every_command_that_a_member_answers_has_its_privileges()
    {
        var unknown = CommandDispatcher.Names.Concat(UserCommands.Names).Concat(WritePlanner.Commands).Concat(ReadCommands.Names).Where(name => !RequiredPrivileges.Knows(name));
        Assert.That(unknown, Is.Empty);
    }

    private static UserRecord UserWith(string roles) => new(
        "admin", "u",
        [.. roles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(role => role.Split('@')).Select(parts => new RoleName(parts[0], parts.Length > 1 ? parts[1] : "admin"))],
        new Dictionary<string, ScramCredential>());
}
