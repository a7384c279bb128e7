using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>The database <c>local</c>, which is each member's own: the oplog and the stored config.</summary>
internal static class LocalDatabase
{
    private const string Oplog = "oplog.rs";

    public static void RefuseUnlessReadable(CommandContext context)
    {
        var process = context.Process;
        if (context.Argument == Oplog && process.Topology.State is MemberState.Startup or MemberState.Startup2 or MemberState.Rollback)
        {
            throw new CommandException(
                ErrorCode.NotPrimaryOrSecondary, "Oplog collection reads are not allowed while in the rollback or startup state.");
        }
    }

    public static BsonDocument Read(CommandContext context)
    {
        var process = context.Process;
        if (context.Name == "collStats" && context.Argument == Oplog)
        {
            return OplogStats(process);
        }

        if (context.Argument == "system.replset")
        {
            IEnumerable<BsonDocument> stored = process.Disk.Config is { } config
                ? [ConfigWriter.ToBson(config, process.Release, withNewlyAdded: true)]
                : [];
            return process.Store.Read(context.Command, stored);
        }

        return context.Argument == Oplog ? ReadOplog(context) : process.Store.Read(context.Command);
    }

    private static BsonDocument ReadOplog(CommandContext context)
    {
        var oplog = context.Process.Disk.Oplog;
        // Newest first is what everybody asks for; reading backwards spares building every entry.
        if (context.Command.GetValue("sort", null) is BsonDocument sort && sort.GetValue("$natural", 0) is { IsNumeric: true } direction)
        {
            var command = context.Command.DeepClone().AsBsonDocument;
            command.Remove("sort");
            var entries = direction.ToInt32() < 0 ? oplog.Backwards() : oplog.Forwards();
            return context.Process.Store.Read(command, entries.Select(entry => entry.Document));
        }

        return context.Process.Store.Read(context.Command, oplog.Forwards().Select(entry => entry.Document));
    }

    private static BsonDocument OplogStats(MemberProcess process)
    {
        var oplog = process.Disk.Oplog;
        var stats = new BsonDocument { { "ns", "local.oplog.rs" }, { "size", Number(oplog.SizeBytes) }, { "count", oplog.Count } };
        if (oplog.Count == 0)
        {
            return stats.Add("storageSize", 0).Add("totalSize", 0).Add("nindexes", 0).Add("totalIndexSize", 0)
                .Add("indexDetails", new BsonDocument()).Add("indexSizes", new BsonDocument()).Add("scaleFactor", 1);
        }

        return stats
            .Add("avgObjSize", (int)(oplog.SizeBytes / oplog.Count))
            .Add("storageSize", Number(oplog.SizeBytes))
            .Add("freeStorageSize", 0)
            .Add("capped", true)
            .Add("max", -1)
            .Add("maxSize", Number(oplog.CapacityBytes))
            .Add("sleepCount", 0)
            .Add("sleepMS", 0)
            .Add("nindexes", 0)
            .Add("totalIndexSize", 0)
            .Add("indexSizes", new BsonDocument())
            .Add("scaleFactor", 1);
    }

    /// <summary>The smaller of the two integer types that holds it, as the server writes sizes.</summary>
    private static BsonValue Number(long value) => value <= int.MaxValue ? new BsonInt32((int)value) : new BsonInt64(value);
}
