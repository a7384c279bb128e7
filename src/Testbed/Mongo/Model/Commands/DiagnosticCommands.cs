using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Commands that tell about the process.</summary>
internal static class DiagnosticCommands
{
    public static void BuildInfo(CommandContext context)
    {
        var version = context.Process.Version;
        context.Reply(new BsonDocument
        {
            { "version", version.ToString() },
            { "gitVersion", "0000000000000000000000000000000000000000" },
            { "modules", new BsonArray() },
            { "allocator", "system" },
            { "javascriptEngine", "none" },
            { "sysInfo", "deprecated" },
            { "versionArray", new BsonArray { version.Major, version.Minor, version.Patch, 0 } },
            { "bits", 64 },
            { "debug", false },
            { "maxBsonObjectSize", 16777216 },
            { "storageEngines", new BsonArray { "wiredTiger" } },
        });
    }

    public static void GetParameter(CommandContext context)
    {
        // What it does not know it leaves out; an error it is only where nothing is left.
        var told = new BsonDocument();
        if (context.Flag("allowMultipleArbiters") && context.Process.Release.Has(Trait.OneArbiter))
        {
            told.Add("allowMultipleArbiters", context.Process.Member.Options.AllowMultipleArbiters);
        }

        if (context.Flag("featureCompatibilityVersion"))
        {
            var document = FeatureCompatibility.In(context.Process.Store) ?? throw new CommandException(
                ErrorCode.UnknownFeatureCompatibilityVersion, "featureCompatibilityVersion is not yet known.");
            told.Add("featureCompatibilityVersion", new BsonDocument(document.Where(field => field.Name != "_id")));
        }

        if (told.ElementCount > 0)
        {
            context.Reply(told);
            return;
        }

        throw new CommandException(ErrorCode.InvalidOptions, "no option found to get");
    }

    public static void GetCmdLineOpts(CommandContext context)
    {
        var options = context.Process.Member.Options;
        var host = HostAndPort.HostOf(options.Host);
        var port = options.Host[(host.Length + 1)..];
        var number = int.Parse(port, System.Globalization.CultureInfo.InvariantCulture);
        var parsed = new BsonDocument("net", new BsonDocument { { "bindIp", host }, { "port", number } });
        var argv = new BsonArray { "mongod", "--bind_ip", host, "--port", port };
        if (options.ReplSetName is { } name)
        {
            var megabytes = (int)(context.Process.Disk.Oplog.CapacityBytes / 1048576);
            parsed.Add("replication", new BsonDocument { { "oplogSizeMB", megabytes }, { "replSet", name } });
            argv.AddRange(new[] { "--replSet", name });
        }

        if (options.ClusterRole is { } role)
        {
            parsed.Add("sharding", new BsonDocument("clusterRole", role));
            argv.Add($"--{role}");
        }

        context.Reply(new BsonDocument { { "argv", argv }, { "parsed", parsed } });
    }

    public static void ResizeOplog(CommandContext context)
    {
        ConfigCommands.Require(context);
        const double least = 990;
        var oplog = context.Process.Disk.Oplog;
        if (context.Command.GetValue("minRetentionHours", null) is { IsNumeric: true } hours)
        {
            if (hours.ToDouble() < 0)
            {
                throw new CommandException(
                    ErrorCode.BadValue, FormattableString.Invariant($"BSON field 'minRetentionHours' value must be >= 0, actual value '{hours.ToDouble()}'"));
            }

            oplog.MinRetention = TimeSpan.FromHours(hours.ToDouble());
            if (!context.Command.Contains("size"))
            {
                context.Reply([]);
                return;
            }
        }

        var size = context.Command.GetValue("size", 0) is { IsNumeric: true } number ? number.ToDouble() : 0;
        if (size < least)
        {
            throw new CommandException(
                ErrorCode.BadValue, FormattableString.Invariant($"BSON field 'size' value must be >= {least}, actual value '{size}'"));
        }

        oplog.CapacityBytes = (long)(size * 1024 * 1024);
        context.Reply([]);
    }
}
