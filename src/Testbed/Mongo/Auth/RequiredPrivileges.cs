using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>What each command needs.</summary>
public static class RequiredPrivileges
{
    /// <summary>Commands that need no login.</summary>
    private static readonly HashSet<string> ForEverybody =
    [
        "hello", "isMaster", "ismaster", "ping", "buildInfo", "buildinfo", "saslStart", "saslContinue", "authenticate", "getnonce",
        "connectionStatus", "whatsmyuri",
    ];

    /// <summary>Commands that need a login and nothing else.</summary>
    private static readonly HashSet<string> ForUsers =
    [
        "logout", "endSessions", "startSession", "refreshSessions", "killSessions", "killCursors", "listCommands", "listDatabases",
        "abortTransaction", "commitTransaction",
    ];

    private static readonly Dictionary<string, string> ClusterActions = new()
    {
        ["replSetGetStatus"] = "replSetGetStatus",
        ["replSetGetConfig"] = "replSetGetConfig",
        ["replSetInitiate"] = "replSetConfigure",
        ["replSetReconfig"] = "replSetConfigure",
        ["replSetStepDown"] = "replSetStateChange",
        ["replSetStepUp"] = "replSetStateChange",
        ["replSetFreeze"] = "replSetStateChange",
        ["replSetMaintenance"] = "replSetStateChange",
        ["replSetSyncFrom"] = "replSetStateChange",
        ["replSetAbortPrimaryCatchUp"] = "replSetStateChange",
        ["replSetResizeOplog"] = "replSetResizeOplog",
        ["resync"] = "resync",
        ["serverStatus"] = "serverStatus",
        ["getParameter"] = "getParameter",
        ["setParameter"] = "setParameter",
        ["getCmdLineOpts"] = "getCmdLineOpts",
        ["setFeatureCompatibilityVersion"] = "setFeatureCompatibilityVersion",
        ["currentOp"] = "inprog",
        ["top"] = "top",
        ["hostInfo"] = "hostInfo",
        ["getLog"] = "getLog",
        ["connPoolStats"] = "connPoolStats",
        ["killOp"] = "killop",
        ["shutdown"] = "shutdown",
        ["fsync"] = "fsync",
        ["appendOplogNote"] = "appendOplogNote",
        ["getDefaultRWConcern"] = "getDefaultRWConcern",
        ["setDefaultRWConcern"] = "setDefaultRWConcern",
    };

    private static readonly Dictionary<string, string> CollectionActions = new()
    {
        ["find"] = "find",
        ["count"] = "find",
        ["distinct"] = "find",
        ["aggregate"] = "find",
        ["insert"] = "insert",
        ["delete"] = "remove",
        ["create"] = "createCollection",
        ["drop"] = "dropCollection",
        ["createIndexes"] = "createIndex",
        ["setIndexCommitQuorum"] = "createIndex",
        ["dropIndexes"] = "dropIndex",
        ["deleteIndexes"] = "dropIndex",
        ["listIndexes"] = "listIndexes",
        ["collStats"] = "collStats",
        ["collMod"] = "collMod",
        ["validate"] = "validate",
        ["compact"] = "compact",
    };

    private static readonly Dictionary<string, string> DatabaseActions = new()
    {
        ["dbStats"] = "dbStats",
        ["dbstats"] = "dbStats",
        ["listCollections"] = "listCollections",
        ["dropDatabase"] = "dropDatabase",
        ["dbHash"] = "dbHash",
        ["createUser"] = "createUser",
        ["updateUser"] = "changePassword",
        ["dropUser"] = "dropUser",
        ["usersInfo"] = "viewUser",
        ["grantRolesToUser"] = "grantRole",
        ["revokeRolesFromUser"] = "revokeRole",
    };

    public static bool IsForEverybody(string command) => ForEverybody.Contains(command);

    /// <summary>Whether the command is one that this table knows; of others the member says that they do not exist.</summary>
    public static bool Knows(string command) =>
        ForEverybody.Contains(command) || ForUsers.Contains(command) || ClusterActions.ContainsKey(command)
        || CollectionActions.ContainsKey(command) || DatabaseActions.ContainsKey(command)
        || command is "getMore" or "update" or "findAndModify" or "findandmodify";

    /// <summary>The actions that a command needs; empty when a login is enough.</summary>
    public static IEnumerable<(string Action, Resource Resource)> Of(BsonDocument command)
    {
        var (name, value) = (command.GetElement(0).Name, command.GetElement(0).Value);
        var database = command.GetValue("$db", "test").AsString;
        var collection = new Resource(database, value.IsString ? value.AsString : string.Empty);
        if (ClusterActions.TryGetValue(name, out var action))
        {
            return [(action, Resource.Cluster)];
        }

        if (name == "aggregate" && IsCurrentOp(command))
        {
            return [("inprog", Resource.Cluster)];
        }

        if (CollectionActions.TryGetValue(name, out action))
        {
            return [(action, collection)];
        }

        if (DatabaseActions.TryGetValue(name, out action))
        {
            return [(action, new Resource(database, string.Empty))];
        }

        return name switch
        {
            "getMore" => [("find", new Resource(database, command.GetValue("collection", string.Empty).AsString))],
            "update" => ForUpdate(command, collection),
            "findAndModify" or "findandmodify" => ForFindAndModify(command, collection),
            _ => [],
        };
    }

    private static bool IsCurrentOp(BsonDocument command) =>
        command.GetValue("pipeline", null) is BsonArray { Count: > 0 } pipeline && pipeline[0] is BsonDocument stage && stage.Contains("$currentOp");

    private static IEnumerable<(string Action, Resource Resource)> ForUpdate(BsonDocument command, Resource collection)
    {
        yield return ("update", collection);
        if (command.GetValue("updates", null) is BsonArray updates
            && updates.OfType<BsonDocument>().Any(update => update.GetValue("upsert", false).ToBoolean()))
        {
            yield return ("insert", collection);
        }
    }

    private static IEnumerable<(string Action, Resource Resource)> ForFindAndModify(BsonDocument command, Resource collection)
    {
        yield return ("find", collection);
        yield return (command.GetValue("remove", false).ToBoolean() ? "remove" : "update", collection);
        if (command.GetValue("upsert", false).ToBoolean())
        {
            yield return ("insert", collection);
        }
    }
}
