namespace Modestano.Testbed.Mongo.Auth;

/// <summary>
/// The built-in roles that the operator and its workloads use, with their privileges (manual: "Built-In Roles"; outcomes for the cluster
/// roles as a 4.9 server showed them).
/// </summary>
public static class BuiltInRoles
{
    private static readonly string[] ReadActions =
        ["find", "collStats", "dbStats", "dbHash", "listIndexes", "listCollections", "killCursors", "changeStream"];

    private static readonly string[] WriteActions =
        ["insert", "update", "remove", "createCollection", "dropCollection", "createIndex", "dropIndex", "convertToCapped"];

    private static readonly string[] DatabaseAdminActions =
    [
        "collStats", "dbStats", "listIndexes", "listCollections", "createCollection", "createIndex", "dropCollection", "dropDatabase",
        "dropIndex", "collMod", "killCursors", "validate", "compact", "enableProfiler",
    ];

    private static readonly string[] UserAdminActions =
        ["createUser", "dropUser", "viewUser", "grantRole", "revokeRole", "changePassword", "changeCustomData", "viewRole"];

    private static readonly Resource Cluster = Resource.Cluster;

    private static readonly Resource ConfigOfSet = new("local", "system.replset");

    private static readonly Dictionary<string, Func<string, IEnumerable<Privilege>>> OnAnyDatabase = new()
    {
        ["read"] = database => Read(database),
        ["readWrite"] = database => ReadWrite(database),
        ["dbAdmin"] = database => DatabaseAdmin(database),
        ["userAdmin"] = database => [new Privilege(new Resource(database, string.Empty), UserAdminActions)],
        ["dbOwner"] = database =>
            [.. ReadWrite(database), .. DatabaseAdmin(database), new Privilege(new Resource(database, string.Empty), UserAdminActions)],
    };

    private static readonly Dictionary<string, Func<IEnumerable<Privilege>>> OnAdminOnly = new()
    {
        ["readAnyDatabase"] = () => [.. Read(Resource.AnyDatabase), new Privilege(Cluster, "listDatabases")],
        ["readWriteAnyDatabase"] = () => [.. ReadWrite(Resource.AnyDatabase), new Privilege(Cluster, "listDatabases")],
        ["dbAdminAnyDatabase"] = () => [.. DatabaseAdmin(Resource.AnyDatabase), new Privilege(Cluster, "listDatabases")],
        ["userAdminAnyDatabase"] = UserAdminAnyDatabase,
        ["clusterMonitor"] = ClusterMonitor,
        ["clusterManager"] = ClusterManager,
        ["hostManager"] = HostManager,
        ["clusterAdmin"] = ClusterAdmin,
        ["backup"] = Backup,
        ["root"] = Root,
    };

    /// <summary>Whether the role exists on that database; the cluster roles exist on <c>admin</c> only.</summary>
    public static bool Exists(RoleName role) =>
        OnAnyDatabase.ContainsKey(role.Role) || (role.Database == "admin" && OnAdminOnly.ContainsKey(role.Role));

    public static IEnumerable<Privilege> PrivilegesOf(RoleName role) =>
        OnAnyDatabase.TryGetValue(role.Role, out var onDatabase) ? onDatabase(role.Database)
        : role.Database == "admin" && OnAdminOnly.TryGetValue(role.Role, out var onAdmin) ? onAdmin()
        : [];

    private static IEnumerable<Privilege> Read(string database) => [new(new Resource(database, string.Empty), ReadActions)];

    private static IEnumerable<Privilege> ReadWrite(string database) =>
        [new(new Resource(database, string.Empty), [.. ReadActions, .. WriteActions])];

    private static IEnumerable<Privilege> DatabaseAdmin(string database) =>
        [new(new Resource(database, string.Empty), DatabaseAdminActions)];

    private static IEnumerable<Privilege> UserAdminAnyDatabase() =>
    [
        new(new Resource(Resource.AnyDatabase, string.Empty), UserAdminActions),
        new(new Resource("local", string.Empty), UserAdminActions),
        new(new Resource("config", string.Empty), UserAdminActions),
        new(new Resource("admin", "system.users"), "find"),
        new(Cluster, "listDatabases"),
    ];

    private static IEnumerable<Privilege> ClusterMonitor()
    {
        string[] statistics = ["collStats", "dbStats", "indexStats"];
        yield return new(
            Cluster, "replSetGetStatus", "replSetGetConfig", "serverStatus", "getParameter", "getCmdLineOpts", "getLog", "hostInfo",
            "connPoolStats", "listDatabases", "inprog", "top", "getDefaultRWConcern", "listSessions");
        yield return new(new Resource(Resource.AnyDatabase, string.Empty), statistics);
        yield return new(new Resource("config", string.Empty), [.. statistics, "find", "listCollections", "listIndexes", "dbHash"]);
        yield return new(new Resource("local", string.Empty), [.. statistics, "find", "listCollections", "listIndexes", "dbHash"]);
        yield return new(ConfigOfSet, [.. statistics, "find"]);
    }

    private static IEnumerable<Privilege> ClusterManager() =>
    [
        new(
            Cluster, "replSetConfigure", "replSetGetConfig", "replSetGetStatus", "replSetStateChange", "resync",
            "setFeatureCompatibilityVersion", "setDefaultRWConcern", "getDefaultRWConcern", "appendOplogNote", "listSessions"),
        new(ConfigOfSet, "find"),
    ];

    private static IEnumerable<Privilege> HostManager() =>
        [new(Cluster, "replSetResizeOplog", "shutdown", "setParameter", "killop", "fsync", "logRotate", "closeAllDatabases", "resync")];

    private static IEnumerable<Privilege> ClusterAdmin() =>
    [
        .. ClusterMonitor(), .. ClusterManager(), .. HostManager(),
        new(new Resource(Resource.AnyDatabase, string.Empty), "dropDatabase"),
    ];

    private static IEnumerable<Privilege> Backup()
    {
        string[] copying = ["find", "listIndexes", "listCollections", "collStats"];
        yield return new(Cluster, "appendOplogNote", "getParameter", "listDatabases", "serverStatus");
        yield return new(new Resource(Resource.AnyDatabase, string.Empty), copying);
        yield return new(new Resource("local", string.Empty), copying);
        yield return new(new Resource("config", string.Empty), copying);
        yield return new(new Resource("admin", "system.users"), "find");
    }

    private static IEnumerable<Privilege> Root() =>
    [
        .. ReadWrite(Resource.AnyDatabase), .. DatabaseAdmin(Resource.AnyDatabase), .. UserAdminAnyDatabase(), .. ClusterAdmin(), .. Backup(),
    ];
}
