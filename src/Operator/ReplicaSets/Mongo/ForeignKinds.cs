using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Tells what speaks MongoDB's protocol and is no replica-set member that this operator could manage. A sharded cluster's members look like any
/// other's, but their configuration belongs to the cluster's own routines; services that imitate MongoDB have no configuration to change.
/// </summary>
internal static class ForeignKinds
{
    private const int CommandNotSupported = 115;

    /// <summary>Amazon DocumentDB's answer to what it does not have (its guide: Functional differences).</summary>
    private const int FeatureNotSupported = 303;

    private static readonly (string Suffix, string Name)[] Services =
    [
        (".docdb.amazonaws.com", "Amazon DocumentDB"),
        (".cosmos.azure.com", "Azure Cosmos DB"),
        (".documents.azure.com", "Azure Cosmos DB"),
    ];

    /// <summary>What it is and by what that was seen; null: nothing speaks against it.</summary>
    public static string? Of(string host, MemberReplies? own)
    {
        var name = HostNames.NameOf(host).TrimEnd('.');
        if (Services.FirstOrDefault(s => name.EndsWith(s.Suffix, StringComparison.OrdinalIgnoreCase)) is { Name: { } service })
        {
            return $"{service} (its host name)";
        }

        if (own?.Hello.Document is not { } hello)
        {
            return null;
        }

        return hello switch
        {
            _ when hello.Text("msg") == "isdbgrid" => "a mongos (hello: isdbgrid)",
            _ when hello.Contains("configsvr") => "a config server (hello: configsvr)",
            _ when own.Config.Document.Doc("config").Flag("configsvr") => "a config server (replSetGetConfig: configsvr)",
            _ when own.ShardingState.Document.Flag("enabled") => "a shard (shardingState: enabled)",
            _ when own.BuildInfo.Document?.Contains("_t") == true => "Azure Cosmos DB (buildInfo: _t)",
            _ when own.Status.Failure is { Code: MongoErrorCodes.CommandNotFound or CommandNotSupported or FeatureNotSupported } unknown => $"no mongod (replSetGetStatus: {unknown.Code})",
            _ => null,
        };
    }
}
