using System.Collections.Immutable;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Reads a config document as <c>replSetInitiate</c> and <c>replSetReconfig</c> take it; complaints are the server's.</summary>
internal static class ConfigReader
{
    private const string Owner = "ReplSetConfig";

    /// <param name="sent">The document as the client sent it.</param>
    /// <param name="release">Release that reads it.</param>
    /// <param name="defaultVersion">Version where the document has none; null: it must have one.</param>
    public static ReplicaSetConfig Read(BsonDocument sent, Release release, int? defaultVersion)
    {
        string? name = null;
        int? configVersion = defaultVersion;
        BsonArray? members = null;
        var config = new ReplicaSetConfig { Name = "", Version = 0, Members = [] };
        foreach (var field in sent)
        {
            switch (field.Name)
            {
                case "_id":
                    name = ConfigFields.String(Owner, field);
                    break;
                case "version":
                    configVersion = ConfigFields.Positive(field, ConfigFields.Integer(Owner, field));
                    break;
                case "term":
                    config = config with { Term = ConfigFields.Integer(Owner, field) };
                    break;
                case "members":
                    members = ConfigFields.Array(Owner, field);
                    break;
                case "configsvr":
                    config = config with { ConfigServer = ConfigFields.Boolean(Owner, field) };
                    break;
                case "protocolVersion":
                    ConfigFields.InRange(field, ConfigFields.Integer(Owner, field), 1, 1);
                    break;
                case "writeConcernMajorityJournalDefault":
                    config = config with { WriteConcernMajorityJournalDefault = ConfigFields.Boolean(Owner, field) };
                    break;
                case "settings":
                    config = config with { Settings = ReadSettings(ConfigFields.Document(Owner, field)) };
                    break;
                default:
                    throw ConfigFields.Unknown(Owner, field.Name);
            }
        }

        config = config with
        {
            Name = name ?? throw ConfigFields.Missing(Owner, "_id"),
            Version = configVersion ?? throw ConfigFields.Missing(Owner, "version"),
            Members = ReadMembers(members ?? throw ConfigFields.Missing(Owner, "members"), release),
        };
        CheckTags(config);
        CheckModes(config);
        return config;
    }

    private static ImmutableArray<MemberConfig> ReadMembers(BsonArray members, Release release) =>
    [
        .. members.Select((member, index) => member is BsonDocument document
            ? MemberConfigReader.Read(document, release)
            : throw ConfigFields.Invalid(
                $"BSON field '{Owner}.members.{index}' is the wrong type '{ConfigFields.TypeName(member)}', expected type 'object'")),
    ];

    private static ReplicaSetSettings ReadSettings(BsonDocument sent)
    {
        const string owner = "ReplSetConfigSettings";
        var settings = new ReplicaSetSettings();
        foreach (var field in sent)
        {
            // Unknown settings are accepted and forgotten (seen).
            settings = field.Name switch
            {
                "chainingAllowed" => settings with { ChainingAllowed = ConfigFields.Boolean(owner, field) },
                "heartbeatIntervalMillis" => settings with { HeartbeatIntervalMillis = Positive(owner, field) },
                "heartbeatTimeoutSecs" => settings with { HeartbeatTimeoutSecs = Positive(owner, field) },
                "electionTimeoutMillis" => settings with { ElectionTimeoutMillis = Positive(owner, field) },
                "catchUpTimeoutMillis" => settings with
                {
                    CatchUpTimeoutMillis = (int)ConfigFields.InRange(field, ConfigFields.Integer(owner, field), -1, int.MaxValue),
                },
                "catchUpTakeoverDelayMillis" => settings with
                {
                    CatchUpTakeoverDelayMillis = (int)ConfigFields.InRange(field, ConfigFields.Integer(owner, field), -1, int.MaxValue),
                },
                "getLastErrorModes" => settings with { GetLastErrorModes = Copy(ConfigFields.Document(owner, field)) },
                "getLastErrorDefaults" => settings with { GetLastErrorDefaults = ReadDefaults(ConfigFields.Document(owner, field)) },
                "replicaSetId" => settings with
                {
                    ReplicaSetId = field.Value is BsonObjectId id
                        ? id.Value
                        : throw ConfigFields.Invalid(
                            $"BSON field '{owner}.replicaSetId' is the wrong type '{ConfigFields.TypeName(field.Value)}', " +
                            "expected type 'objectId'"),
                },
                _ => settings,
            };
        }

        return settings;
    }

    private static int Positive(string owner, BsonElement field) => ConfigFields.Positive(field, ConfigFields.Integer(owner, field));

    private static BsonDocument Copy(BsonDocument document) => document.DeepClone().AsBsonDocument;

    private static BsonDocument ReadDefaults(BsonDocument sent)
    {
        var w = sent.GetValue("w", 1);
        if (w is { IsNumeric: true } number && number.ToInt64() == 0)
        {
            throw ConfigFields.Invalid("Default write concern mode must wait for at least 1 member");
        }

        return new BsonDocument { { "w", w }, { "wtimeout", sent.GetValue("wtimeout", 0) } };
    }

    private static void CheckTags(ReplicaSetConfig config)
    {
        foreach (var member in config.Members)
        {
            if (member.ArbiterOnly && member.Tags.ElementCount > 0)
            {
                throw ConfigFields.Invalid("Cannot set tags on arbiters.");
            }

            foreach (var tag in member.Tags.Where(tag => !tag.Value.IsString))
            {
                throw ConfigFields.Invalid($"tags.{tag.Name} field has non-string value of type {ConfigFields.TypeName(tag.Value)}");
            }
        }
    }

    private static void CheckModes(ReplicaSetConfig config)
    {
        foreach (var mode in config.Settings.GetLastErrorModes)
        {
            foreach (var tag in ConfigFields.Document("ReplSetConfigSettings.getLastErrorModes", mode))
            {
                if (!config.Members.Any(member => member.Tags.Contains(tag.Name)))
                {
                    throw ConfigFields.Invalid($"No replica set tag key {tag.Name} in config");
                }
            }
        }
    }
}
