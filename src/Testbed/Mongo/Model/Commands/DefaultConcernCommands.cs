using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>The cluster-wide default read and write concerns.</summary>
internal static class DefaultConcernCommands
{
    public static void Get(CommandContext context)
    {
        ConfigCommands.Require(context);
        var defaults = Describe(context.Process);
        if (context.Flag("inMemory"))
        {
            defaults.InsertAt(0, new BsonElement("inMemory", true));
        }

        context.Reply(defaults);
    }

    public static void Set(CommandContext context)
    {
        ConfigCommands.Require(context);
        var process = context.Process;
        if (!process.Topology.IsWritablePrimary)
        {
            throw new CommandException(ErrorCode.NotWritablePrimary, context.Connection.HelloOk ? "not primary" : "not master");
        }

        var read = context.Command.GetValue("defaultReadConcern", null) as BsonDocument;
        var write = context.Command.GetValue("defaultWriteConcern", null) as BsonDocument;
        if (read is null && write is null)
        {
            throw new CommandException(
                ErrorCode.BadValue, "At least one of the \"defaultReadConcern\" or \"defaultWriteConcern\" fields must be present");
        }

        if (write is { ElementCount: 0 } && process.Disk.Defaults?.WriteConcern is not null && process.Release.Has(Trait.DefaultWriteConcernStays))
        {
            throw new CommandException(ErrorCode.IllegalOperation, "The global default write concern cannot be unset once it is set.");
        }

        if (write is { ElementCount: > 0 })
        {
            Check(write);
        }

        var now = process.Disk.Defaults;
        var time = process.Writer.NextTime();
        var defaults = new DefaultReadWriteConcern(
            read is null ? now?.ReadConcern : read is { ElementCount: 0 } ? null : read,
            write is null ? now?.WriteConcern : write is { ElementCount: 0 } ? null : WithTimeout(write),
            time.Timestamp,
            process.Now);
        var written = process.Writer.Write([DefaultConcernDocument.Change(defaults)], null);
        process.WriteConcerns.Wait(written, WriteConcern.Internal, null, _ => context.Reply(Describe(process)));
    }

    private static void Check(BsonDocument write)
    {
        if (!write.Contains("w"))
        {
            throw new CommandException(ErrorCode.BadValue, "Default write concern must specify a 'w' field");
        }

        if (write["w"] is { IsNumeric: true } number && number.ToInt64() == 0)
        {
            throw new CommandException(ErrorCode.BadValue, "Unacknowledged write concern (w:0) is not allowed as the default");
        }
    }

    private static BsonDocument WithTimeout(BsonDocument write)
    {
        var copy = write.DeepClone().AsBsonDocument;
        return copy.Contains("wtimeout") ? copy : copy.Add("wtimeout", 0);
    }

    private static BsonDocument Describe(MemberProcess process)
    {
        var reply = new BsonDocument();
        var set = process.Disk.Defaults;
        var tellsSources = process.Release.Has(Trait.DefaultConcernSources);
        if (set?.ReadConcern is { } read)
        {
            reply.Add("defaultReadConcern", read.DeepClone());
        }
        else if (tellsSources)
        {
            reply.Add("defaultReadConcern", new BsonDocument("level", "local"));
        }

        if (set?.WriteConcern is { } write)
        {
            reply.Add("defaultWriteConcern", write.DeepClone());
        }
        else if (process.Release.Has(Trait.ImplicitMajority) && process.Topology.Config!.IsImplicitDefaultMajority)
        {
            // An implicit w:1 is left out (seen; read_write_concern_defaults.cpp).
            reply.Add("defaultWriteConcern", new BsonDocument { { "w", "majority" }, { "wtimeout", 0 } });
        }

        if (set is not null)
        {
            reply.Add("updateOpTime", set.UpdateTime).Add("updateWallClockTime", set.UpdateWallClockTime);
        }

        if (tellsSources)
        {
            reply.Add("defaultWriteConcernSource", set?.WriteConcern is null ? "implicit" : "global");
            reply.Add("defaultReadConcernSource", set?.ReadConcern is null ? "implicit" : "global");
        }

        return reply.Add("localUpdateWallClockTime", process.Now);
    }
}
