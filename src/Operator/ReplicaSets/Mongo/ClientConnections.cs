using Modestano.Operator.ReplicaSets.Observation;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Who is connected to a member, by <c>$currentOp</c> with idle connections (clusterMonitor's <c>inprog</c>). Members of the set, who log
/// in as <c>__system</c> or call themselves by the server's own client, and this operator do not count. Everybody else who has greeted does,
/// a driver's mere monitor too: it is asked of hidden members only, and a driver lets go of a member that no <c>hello</c> names.
/// </summary>
internal static class ClientConnections
{
    /// <summary>More are not read: what is known then is that there are many.</summary>
    private const int Most = 1000;

    private const string Unnamed = "(no name)";

    /// <summary>The command, for the database admin.</summary>
    public static BsonDocument Command { get; } = new()
    {
        { "aggregate", 1 },
        {
            "pipeline",
            new BsonArray
            {
                new BsonDocument("$currentOp", new BsonDocument { { "allUsers", true }, { "idleConnections", true } }),
                new BsonDocument("$match", new BsonDocument
                {
                    { "connectionId", new BsonDocument("$exists", true) },
                    { "clientMetadata", new BsonDocument("$exists", true) },
                    { "appName", new BsonDocument("$ne", MemberClient.ApplicationName) },
                    { "clientMetadata.driver.name", new BsonDocument("$not", new BsonRegularExpression("^NetworkInterfaceTL")) },
                    { "effectiveUsers.user", new BsonDocument("$ne", "__system") },
                }),
                new BsonDocument("$project", new BsonDocument { { "client", 1 }, { "appName", 1 }, { "clientMetadata.driver.name", 1 } }),
                new BsonDocument("$limit", Most),
            }
        },
        { "cursor", new BsonDocument("batchSize", Most) },
    };

    /// <summary>The applications in a reply, by name; null: the member did not tell.</summary>
    public static IReadOnlyList<ConnectedApplication>? Read(BsonDocument? reply) => reply is null ? null :
    [
        .. reply.Doc("cursor").Docs("firstBatch")
            .Where(c => !IsServersOwn(c))
            .GroupBy(c => c.Text("appName") ?? Driver(c) ?? Unnamed)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new ConnectedApplication(
                g.Key,
                [.. g.Select(c => Address(c.Text("client"))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                g.Count())),
    ];

    /// <summary>The server's older client, which copies data between members; the legacy shell uses it too and names itself.</summary>
    private static bool IsServersOwn(BsonDocument connection) => Driver(connection) == "MongoDB Internal Client" && connection.Text("appName") != "MongoDB Shell";

    private static string? Driver(BsonDocument connection) => connection.Doc("clientMetadata").Doc("driver").Text("name");

    private static string Address(string? client) => client?.LastIndexOf(':') is > 0 and { } colon ? client[..colon] : client ?? "?";
}
