using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>replSetInitiate</c>: the first config of a set, on a member without one.</summary>
internal sealed class Initiation(MemberProcess process)
{
    private bool isRunning;

    /// <param name="sent">The config; null for the default of one member.</param>
    /// <param name="done">Called with null, or with the error.</param>
    public void Run(BsonDocument? sent, Action<CommandException?> done)
    {
        if (process.Member.Options.ReplSetName is not { } name)
        {
            throw new CommandException(ErrorCode.NoReplicationEnabled, "This node was not started with the replSet option");
        }

        if (process.Topology.Config is not null || isRunning)
        {
            throw new CommandException(ErrorCode.AlreadyInitialized, "already initialized");
        }

        var config = Check(sent ?? Default(name), name);
        isRunning = true;
        QuorumCheck.Run(process, config, initiate: true, error =>
        {
            isRunning = false;
            if (error is null && process.Topology.Config is not null)
            {
                error = new CommandException(ErrorCode.AlreadyInitialized, "already initialized");
            }

            if (error is null)
            {
                Install(config);
            }

            done(error);
        });
    }

    private BsonDocument Default(string name) => new()
    {
        { "_id", name },
        { "version", 1 },
        { "members", new BsonArray { new BsonDocument { { "_id", 0 }, { "host", process.Host } } } },
    };

    private ReplicaSetConfig Check(BsonDocument sent, string name)
    {
        var config = ConfigReader.Read(sent, process.Release, defaultVersion: 1);
        if (config.Name != name)
        {
            throw ConfigFields.Invalid(
                "Rejecting initiate with a set name that differs from command line set name, " +
                $"initiate set name: {config.Name}, command line set name: {name}");
        }

        if (config.Settings.ReplicaSetId is not null)
        {
            throw ConfigFields.Invalid(
                $"replica set configuration cannot contain 'replicaSetId' field when called from replSetInitiate: {ShellText.Of(sent)}");
        }

        config = config with { Term = 0, Settings = config.Settings with { ReplicaSetId = Topology.NewObjectId(process) } };
        if (ConfigValidator.Complaint(config, process.Release, process.Member.Options.ClusterRole, process.Member.Options.AllowMultipleArbiters) is { } complaint)
        {
            throw ConfigFields.Invalid(complaint);
        }

        if (config.Version != 1)
        {
            // The two blanks are the server's.
            throw ConfigFields.Invalid($"Configuration used to initiate a replica set must  have version 1, but found {config.Version}");
        }

        if (config.FindByHost(process.Host) is not { } self)
        {
            throw ConfigFields.Invalid(
                $"No host described in new configuration with {config.VersionAndTerm} for replica set {config.Name} maps to this node");
        }

        return self.IsElectable
            ? config
            : throw ConfigFields.Invalid(
                $"This node, {self.Host}, with _id MemberId({self.Id}) is not electable under the new configuration " +
                $"with {config.VersionAndTerm} for replica set {config.Name}");
    }

    private void Install(ReplicaSetConfig config)
    {
        process.Disk.NeedsInitialSync = false;
        // Not in the oplog, as with the server.
        var data = process.Disk.Data;
        data.Store.Apply(FeatureCompatibility.At(process.Version.FeatureCompatibility));
        data.ReplaceBy(data.Store, data.Sessions, OpTime.None);
        process.Writer.Write([new OplogOperation("n", "", new BsonDocument("msg", "initiating set"))], null);
        process.Topology.NoteTerm(0);
        process.Topology.Install(config);
        process.ElectionTimer.RunIfAlone();
        process.Replicate();
    }
}
