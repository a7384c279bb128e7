using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Reads one member of a config; complaints echo the member as it was sent.</summary>
internal static class MemberConfigReader
{
    private const string Owner = "MemberConfig";

    /// <summary>Longest delay: 366 days.</summary>
    private const long LargestDelay = 31622400;

    public static MemberConfig Read(BsonDocument sent, Release release)
    {
        try
        {
            return Check(ReadFields(sent, release), release);
        }
        catch (CommandException error) when (error.Code == ErrorCode.InvalidReplicaSetConfig)
        {
            throw ConfigFields.Invalid($"member: {ShellText.Of(sent)} :: caused by :: {error.Message}");
        }
    }

    private static MemberConfig ReadFields(BsonDocument sent, Release release)
    {
        int? id = null;
        string? host = null;
        double? priority = null;
        var member = new MemberConfig { Id = 0, Host = "" };
        foreach (var field in sent)
        {
            switch (field.Name)
            {
                case "_id":
                    id = ReadId(field);
                    break;
                case "host":
                    host = ReadHost(ConfigFields.String(Owner, field));
                    break;
                case "arbiterOnly":
                    member = member with { ArbiterOnly = ConfigFields.Boolean(Owner, field) };
                    break;
                case "buildIndexes":
                    member = member with { BuildIndexes = ConfigFields.Boolean(Owner, field) };
                    break;
                case "hidden":
                    member = member with { Hidden = ConfigFields.Boolean(Owner, field) };
                    break;
                case "priority":
                    priority = ConfigFields.InRange(field, ConfigFields.Number(Owner, field), 0, 1000);
                    break;
                case "tags":
                    member = member with { Tags = ConfigFields.Document(Owner, field).DeepClone().AsBsonDocument };
                    break;
                case "horizons":
                    member = member with { Horizons = ConfigFields.Document(Owner, field).DeepClone().AsBsonDocument };
                    break;
                case "votes":
                    member = member with { Votes = (int)ConfigFields.InRange(field, ConfigFields.Integer(Owner, field), 0, 1) };
                    break;
                case "newlyAdded":
                    member = ConfigFields.Boolean(Owner, field)
                        ? member with { NewlyAdded = true }
                        : throw ConfigFields.Invalid("Value must be true if specified");
                    break;
                case var delay when delay == ConfigWriter.DelayField(release):
                    member = member with { DelaySeconds = (long)ConfigFields.InRange(field, ConfigFields.Integer(Owner, field), 0, LargestDelay) };
                    break;
                default:
                    throw ConfigFields.Unknown(Owner, field.Name);
            }
        }

        member = member with
        {
            Id = id ?? throw ConfigFields.Missing(Owner, "_id"),
            Host = host ?? throw ConfigFields.Missing(Owner, "host"),
        };
        // An arbiter's default priority of 1 means 0.
        return member with { Priority = member.ArbiterOnly && priority is null or 1 ? 0 : priority ?? 1 };
    }

    private static MemberConfig Check(MemberConfig member, Release release)
    {
        if (member is { ArbiterOnly: true, Votes: 0 })
        {
            throw ConfigFields.Invalid("Arbiter must vote (cannot have 0 votes)");
        }

        if (member.DelaySeconds > 0 && member.Priority > 0)
        {
            throw ConfigFields.Invalid($"priority must be 0 when {ConfigWriter.DelayField(release)} is used");
        }

        if (member is { Votes: 0, Priority: > 0 })
        {
            throw ConfigFields.Invalid("priority must be 0 when non-voting (votes:0)");
        }

        if (member is { Hidden: true, Priority: > 0 })
        {
            throw ConfigFields.Invalid("priority must be 0 when hidden=true");
        }

        return member is { BuildIndexes: false, Priority: > 0 }
            ? throw ConfigFields.Invalid("priority must be 0 when buildIndexes=false")
            : member;
    }

    private static int ReadId(BsonElement field)
    {
        if (!field.Value.IsNumeric)
        {
            throw ConfigFields.Invalid($"Element for MemberId was not a number: _id: {ShellText.Of(field.Value)}");
        }

        var id = field.Value.ToInt64();
        return id >= 0 ? checked((int)id) : throw ConfigFields.Invalid($"_id field value of {id} can't be a negative number");
    }

    private static string ReadHost(string sent) => HostAndPort.TryParse(sent, out var host)
        ? host
        : throw ConfigFields.Invalid("Did not consume whole string.");
}
