using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>What <c>dbStats</c> tells of the volume (dbcommands.cpp, database_impl.cpp; the same in every release).</summary>
internal static class VolumeFields
{
    public static BsonDocument AddTo(BsonDocument stats, CommandContext context)
    {
        var process = context.Process;
        if (process.Member.Options.Volume is not { } volume)
        {
            return stats;
        }

        // Of a database that is not there the server knows no folder, and says 0.
        return Exists(process, context.Database)
            ? stats.Add("fsUsedSize", (double)volume.UsedBytes).Add("fsTotalSize", (double)volume.TotalBytes)
            : stats.Add("fsUsedSize", 0).Add("fsTotalSize", 0);
    }

    // Every start writes to local.startup_log; the others come with the first configuration, or with data.
    private static bool Exists(MemberProcess process, string database) => database == "local"
        || (database is "admin" or "config" && process.Disk.Config is not null)
        || process.Store.Namespaces.Any(ns => ns.StartsWith($"{database}.", StringComparison.Ordinal));
}
