using Modestano.Operator.ReplicaSets.Observation;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>The typed view of a raw configuration document (manual: Replica Set Configuration).</summary>
internal static class ConfigReader
{
    /// <summary>Reads the <c>config</c> field of a <c>replSetGetConfig</c> reply.</summary>
    /// <param name="config">The document.</param>
    /// <param name="committed">Whether a majority has it.</param>
    /// <param name="newlyAdded">Hosts whose vote the server still holds back.</param>
    /// <returns>Null where the document has no name, version or members.</returns>
    public static ReplicaSetConfig? Read(BsonDocument? config, bool committed, IReadOnlySet<string> newlyAdded) =>
        config.Text("_id") is { } name && config.Whole("version") is { } version && config.Docs("members").Any()
            ? new ReplicaSetConfig
            {
                SetName = name,
                Version = version,
                Term = config.Whole("term") ?? -1,
                IsCommitted = committed,
                Members = [.. config.Docs("members").Select(m => Member(m, newlyAdded))],
                Settings = Settings(config.Doc("settings")),
            }
            : null;

    /// <summary><c>settings.replicaSetId</c>, 24 hex digits.</summary>
    public static string? ReplicaSetId(BsonDocument? config) =>
        config.Doc("settings") is { } settings && settings.TryGetValue("replicaSetId", out var id) && id.IsObjectId ? id.AsObjectId.ToString() : null;

    /// <summary>Hosts with <c>newlyAdded</c> in <c>local.system.replset</c>.</summary>
    public static IReadOnlySet<string> NewlyAdded(BsonDocument? systemReplset) =>
        systemReplset.Docs("members").Where(m => m.Flag("newlyAdded")).Select(m => m.Text("host") ?? "").ToHashSet(StringComparer.Ordinal);

    private static ConfigMember Member(BsonDocument member, IReadOnlySet<string> newlyAdded)
    {
        var host = member.Text("host") ?? "";
        return new ConfigMember
        {
            Id = member.Small("_id") ?? -1,
            Host = host,
            Votes = member.Small("votes") ?? 1,
            Priority = member.Number("priority") ?? 1,
            Hidden = member.Flag("hidden"),
            ArbiterOnly = member.Flag("arbiterOnly"),
            BuildIndexes = !member.Contains("buildIndexes") || member.Flag("buildIndexes"),
            SecondaryDelaySecs = member.Whole("secondaryDelaySecs") ?? member.Whole("slaveDelay") ?? 0,
            Tags = member.Texts("tags"),
            Horizons = member.Texts("horizons"),
            NewlyAdded = newlyAdded.Contains(host),
        };
    }

    private static ConfigSettings Settings(BsonDocument? settings) => new()
    {
        ElectionTimeoutMillis = settings.Small("electionTimeoutMillis"),
        HeartbeatIntervalMillis = settings.Small("heartbeatIntervalMillis"),
        HeartbeatTimeoutSecs = settings.Small("heartbeatTimeoutSecs"),
        CatchUpTimeoutMillis = settings.Small("catchUpTimeoutMillis"),
        CatchUpTakeoverDelayMillis = settings.Small("catchUpTakeoverDelayMillis"),
        ChainingAllowed = settings?.Contains("chainingAllowed") == true ? settings.Flag("chainingAllowed") : null,
        GetLastErrorModes = settings.Doc("getLastErrorModes")?.Elements.ToDictionary(
            mode => mode.Name,
            mode => (IReadOnlyDictionary<string, int>)Counts(mode.Value as BsonDocument ?? []),
            StringComparer.Ordinal),
    };

    private static Dictionary<string, int> Counts(BsonDocument mode) =>
        mode.Names.Where(n => mode.Small(n) is not null).ToDictionary(n => n, n => mode.Small(n)!.Value, StringComparer.Ordinal);
}
