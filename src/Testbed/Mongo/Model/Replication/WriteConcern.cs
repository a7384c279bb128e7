using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A write concern: how many members, or which mode, and how long to wait.</summary>
/// <param name="W">Number of members, when a number.</param>
/// <param name="Mode">"majority" or the name of a custom mode, when a text.</param>
/// <param name="Journal"><c>j</c>, when given.</param>
/// <param name="Timeout"><c>wtimeout</c>; null waits without end.</param>
/// <param name="Provenance">Where it comes from: clientSupplied, implicitDefault, customDefault, getLastErrorDefaults.</param>
internal sealed record WriteConcern(int? W, string? Mode, bool? Journal, TimeSpan? Timeout, string Provenance)
{
    public const string Majority = "majority";

    /// <summary>What the server itself waits for: a majority, without end.</summary>
    public static WriteConcern Internal { get; } = new(null, Majority, null, null, "internalWriteDefault");

    public bool IsMajority => Mode == Majority;

    /// <summary>The write concern of a command, or the default one.</summary>
    public static WriteConcern Of(BsonDocument command, MemberProcess process)
    {
        if (command.GetValue("writeConcern", null) is BsonDocument { ElementCount: > 0 } sent && sent.Contains("w"))
        {
            return Parse(sent, "clientSupplied");
        }

        var timeout = command.GetValue("writeConcern", null) as BsonDocument;
        var fallback = Default(process);
        return timeout?.GetValue("wtimeout", null) is { IsNumeric: true } limit && limit.ToInt64() > 0
            ? fallback with { Timeout = TimeSpan.FromMilliseconds(limit.ToInt64()) }
            : fallback;
    }

    /// <summary>What applies when the client says nothing: the cluster-wide default, else the implicit one of the release.</summary>
    public static WriteConcern Default(MemberProcess process)
    {
        if (process.Disk.Defaults?.WriteConcern is { } set)
        {
            return Parse(set, "customDefault");
        }

        var config = process.Topology.Config!;
        if (process.Release.Has(Trait.ImplicitMajority))
        {
            return config.IsImplicitDefaultMajority
                ? new WriteConcern(null, Majority, null, null, "implicitDefault")
                : new WriteConcern(1, null, null, null, "implicitDefault");
        }

        var old = config.Settings.GetLastErrorDefaults;
        return old["w"] == 1 && old["wtimeout"] == 0
            ? new WriteConcern(1, null, null, null, "implicitDefault")
            : Parse(old, "getLastErrorDefaults");
    }

    /// <summary>The document with its provenance, as error replies show it.</summary>
    public BsonDocument ToBson()
    {
        var document = new BsonDocument("w", W is { } number ? (BsonValue)number : Mode);
        if (Journal is { } journal)
        {
            document.Add("j", journal);
        }

        return document.Add("wtimeout", (int)(Timeout?.TotalMilliseconds ?? 0)).Add("provenance", Provenance);
    }

    public static WriteConcern Parse(BsonDocument sent, string provenance)
    {
        var w = sent.GetValue("w", 1);
        if (w is not BsonString && !w.IsNumeric)
        {
            throw new CommandException(ErrorCode.FailedToParse, "w has to be a number or string");
        }

        if (w.IsNumeric && w.ToInt64() is < 0 or > 50)
        {
            throw new CommandException(ErrorCode.FailedToParse, "w has to be a non-negative number and not greater than 50");
        }

        var limit = sent.GetValue("wtimeout", 0) is { IsNumeric: true } number ? number.ToInt64() : 0;
        return new WriteConcern(
            w.IsNumeric ? w.ToInt32() : null,
            w.IsString ? w.AsString : null,
            sent.Contains("j") ? sent["j"].ToBoolean() : null,
            limit > 0 ? TimeSpan.FromMilliseconds(limit) : null,
            provenance);
    }
}
