using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A config as <c>replSetGetConfig</c> and <c>local.system.replset</c> show it.</summary>
internal static class ConfigWriter
{
    /// <param name="config">The config.</param>
    /// <param name="release">Release that shows it.</param>
    /// <param name="withNewlyAdded">Commands hide <c>newlyAdded</c>, the stored document has it (seen).</param>
    public static BsonDocument ToBson(ReplicaSetConfig config, Release release, bool withNewlyAdded)
    {
        var document = new BsonDocument { { "_id", config.Name }, { "version", config.Version } };
        if (config.Term != -1)
        {
            document.Add("term", (int)config.Term);
        }

        document.Add("members", new BsonArray(config.Members.Select(member => ToBson(member, release, withNewlyAdded))));
        if (config.ConfigServer)
        {
            document.Add("configsvr", true);
        }

        document.Add("protocolVersion", 1L);
        document.Add("writeConcernMajorityJournalDefault", config.WriteConcernMajorityJournalDefault);
        document.Add("settings", ToBson(config.Settings));
        return document;
    }

    /// <summary>Name of the field that delays a member: it was renamed in 5.0.</summary>
    public static string DelayField(Release release) => release.Has(Trait.SecondaryDelaySecs) ? "secondaryDelaySecs" : "slaveDelay";

    private static BsonDocument ToBson(MemberConfig member, Release release, bool withNewlyAdded)
    {
        var document = new BsonDocument
        {
            { "_id", member.Id },
            { "host", member.Host },
            { "arbiterOnly", member.ArbiterOnly },
            { "buildIndexes", member.BuildIndexes },
            { "hidden", member.Hidden },
            { "priority", member.Priority },
            { "tags", member.Tags.DeepClone() },
            { DelayField(release), member.DelaySeconds },
            { "votes", member.Votes },
        };
        if (member.Horizons is not null)
        {
            document.Add("horizons", member.Horizons.DeepClone());
        }

        if (withNewlyAdded && member.NewlyAdded)
        {
            document.Add("newlyAdded", true);
        }

        return document;
    }

    private static BsonDocument ToBson(ReplicaSetSettings settings)
    {
        var document = new BsonDocument
        {
            { "chainingAllowed", settings.ChainingAllowed },
            { "heartbeatIntervalMillis", settings.HeartbeatIntervalMillis },
            { "heartbeatTimeoutSecs", settings.HeartbeatTimeoutSecs },
            { "electionTimeoutMillis", settings.ElectionTimeoutMillis },
            { "catchUpTimeoutMillis", settings.CatchUpTimeoutMillis },
            { "catchUpTakeoverDelayMillis", settings.CatchUpTakeoverDelayMillis },
            { "getLastErrorModes", settings.GetLastErrorModes.DeepClone() },
            { "getLastErrorDefaults", settings.GetLastErrorDefaults.DeepClone() },
        };
        if (settings.ReplicaSetId is { } id)
        {
            document.Add("replicaSetId", id);
        }

        return document;
    }
}
