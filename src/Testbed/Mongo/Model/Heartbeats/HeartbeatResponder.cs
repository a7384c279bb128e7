namespace Modestano.Testbed.Mongo.Model;

/// <summary>Answers heartbeats, and learns from them who asks and what they know.</summary>
internal sealed class HeartbeatResponder(MemberProcess process)
{
    public HeartbeatReply Answer(HeartbeatRequest request)
    {
        if (process.Member.Options.KeyFile != request.KeyFile)
        {
            return new HeartbeatReply { IsAuthenticated = false };
        }

        var setName = process.Member.Options.ReplSetName;
        if (setName is null)
        {
            return Refuse(ErrorCode.NoReplicationEnabled, "not running with --replSet");
        }

        if (setName != request.SetName)
        {
            return Refuse(
                ErrorCode.NewReplicaSetConfigurationIncompatible,
                $"Our set name of {setName} does not match name {request.SetName} reported by remote node");
        }

        Learn(request);
        return Report(request);
    }

    private static HeartbeatReply Refuse(ErrorCode code, string message) => new() { Complaint = new CommandException(code, message) };

    private HeartbeatReply Report(HeartbeatRequest request)
    {
        var topology = process.Topology;
        var entry = process.Disk.Oplog.LastEntry;
        var config = topology.Config;
        return new HeartbeatReply
        {
            State = topology.State,
            ConfigVersion = config?.VersionAndTerm ?? ConfigVersion.None,
            Config = config is not null && config.VersionAndTerm > request.ConfigVersion ? config : null,
            ReplicaSetId = config?.Settings.ReplicaSetId,
            Term = topology.Term,
            PrimaryId = topology.PrimaryId,
            Applied = process.Applier.LastApplied,
            AppliedWall = entry?.Wall ?? DateTime.UnixEpoch,
            Durable = process.Applier.LastDurable,
            DurableWall = process.Applier.LastDurableWall,
            CommitPoint = process.CommitPoint.Value,
            SyncSource = process.Fetcher.Source ?? "",
            ElectionTime = topology.IsLeader ? process.StepUp.ElectionTime?.Timestamp : null,
            HasData = entry is not null || config is not null,
        };
    }

    private void Learn(HeartbeatRequest request)
    {
        var topology = process.Topology;
        if (topology.Config is null)
        {
            if (request.ConfigVersion != ConfigVersion.None && request.FromId >= 0)
            {
                process.Reconfig.FetchFirstConfig(request.FromHost);
            }

            return;
        }

        topology.NoteTerm(request.Term);
        if (process.Views.FindByHost(request.FromHost) is not { } view)
        {
            // A member that this config does not list knows a newer one, perhaps with this member in it.
            if (request.ConfigVersion > topology.Config.VersionAndTerm)
            {
                process.Reconfig.FetchFirstConfig(request.FromHost);
            }

            return;
        }

        view.LastHeartbeatReceived = process.Now;
        view.LastSign = process.Elapsed;
        var tellsOfNewPrimary = request.PrimaryId == request.FromId && topology.PrimaryId != request.FromId && request.Term == topology.Term;
        if (view.IsUp != true || request.ConfigVersion > topology.Config.VersionAndTerm || tellsOfNewPrimary)
        {
            process.After(TimeSpan.Zero, () => process.Heartbeats.SendNow(request.FromHost));
        }
    }
}
