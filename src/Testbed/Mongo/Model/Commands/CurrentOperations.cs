using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// What <c>$currentOp</c> shows: the operations that a test put there, the client connections of the port in front of the member, and the
/// connections of the other members (manual: $currentOp; driver name as recorded from a server's own greeting).
/// </summary>
internal static class CurrentOperations
{
    private const string InternalDriver = "NetworkInterfaceTL";

    /// <summary>The documents for one stage, unfiltered.</summary>
    /// <param name="context">The command.</param>
    /// <param name="stage">The value of <c>$currentOp</c>.</param>
    public static IReadOnlyList<BsonDocument> Of(CommandContext context, BsonDocument stage)
    {
        var member = context.Process.Member;
        var connections = member.ClientConnections().Concat(OtherMembers(context.Process)).ToList();
        var shown = Flag(stage, "idleConnections") ? connections : connections.Where(c => c["active"].AsBoolean);
        if (!Flag(stage, "allUsers"))
        {
            var own = UserOf(connections.Find(c => c["connectionId"].ToInt64() == context.Connection.ConnectionId));
            shown = shown.Where(c => UserOf(c) == own);
        }

        return [.. member.CurrentOperations, .. context.Process.IndexBuilds.Operations, .. shown];
    }

    /// <summary>One entry for a connection.</summary>
    /// <param name="host">host:port of the member.</param>
    /// <param name="id">The connection's number.</param>
    /// <param name="client">address:port of the client.</param>
    /// <param name="metadata">What the client told of itself in its first hello; null: it has not greeted.</param>
    /// <param name="user">Who is logged in: name and database; null: nobody.</param>
    /// <param name="command">The command that it waits for; null: it is idle.</param>
    public static BsonDocument Connection(string host, long id, string client, BsonDocument? metadata, (string Name, string Database)? user, BsonDocument? command)
    {
        var entry = new BsonDocument { { "type", "op" }, { "host", host }, { "desc", $"conn{id}" }, { "connectionId", id }, { "client", client } };
        if (metadata is not null)
        {
            if (metadata.GetValue("application", null) is BsonDocument application && application.TryGetValue("name", out var name))
            {
                entry.Add("appName", name);
            }

            entry.Add("clientMetadata", metadata);
        }

        entry.Add("active", command is not null);
        if (user is { } login)
        {
            entry.Add("effectiveUsers", new BsonArray { new BsonDocument { { "user", login.Name }, { "db", login.Database } } });
        }

        if (command is not null)
        {
            entry.AddRange(new BsonDocument { { "op", "command" }, { "ns", $"{command.GetValue("$db", "admin")}.$cmd" }, { "command", command } });
        }

        return entry;
    }

    private static IEnumerable<BsonDocument> OtherMembers(MemberProcess process) =>
        (process.Disk.Config?.Members ?? [])
        .Where(m => m.Host != process.Member.Host)
        .Select(m => Connection(
            process.Member.Host,
            int.MaxValue - (long)m.Id,
            m.Host,
            new BsonDocument("driver", new BsonDocument { { "name", InternalDriver }, { "version", process.Version.ToString() } }),
            process.Member.Options.KeyFile is null ? null : ("__system", "local"),
            null));

    private static BsonValue UserOf(BsonDocument? entry) => entry?.GetValue("effectiveUsers", BsonNull.Value) ?? BsonNull.Value;

    private static bool Flag(BsonDocument stage, string name) => stage.GetValue(name, false).ToBoolean();
}
