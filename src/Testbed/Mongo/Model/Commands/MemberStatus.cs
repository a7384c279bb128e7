using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>One entry of <c>members</c> in <c>replSetGetStatus</c>.</summary>
internal static class MemberStatus
{
    public static BsonDocument OfSelf(MemberProcess process, ReplicaSetConfig config, MemberConfig self)
    {
        var topology = process.Topology;
        var status = Head(self, 1.0, topology.State, process.Elapsed - process.StartedAt);
        if (self.IsDataBearing)
        {
            var last = process.Applier.LastApplied;
            status.Add("optime", last.ToBson()).Add("optimeDate", DateOf(last));
            if (process.Release.Has(Trait.MemberWallTimes))
            {
                status
                    .Add("lastAppliedWallTime", process.Disk.Oplog.LastEntry?.Wall ?? DateTime.UnixEpoch)
                    .Add("lastDurableWallTime", process.Applier.LastDurableWall);
            }
        }

        var source = StatusCommand.SyncSourceOf(process);
        status.Add("syncSourceHost", source).Add("syncSourceId", StatusCommand.IdOf(config, source));
        status.Add("maintenanceMode", topology.MaintenanceModes, topology.MaintenanceModes > 0);
        status.Add("infoMessage", process.Fetcher.InfoMessage);
        if (topology.IsLeader && process.StepUp.ElectionTime is { } elected)
        {
            status.Add("electionTime", elected.Timestamp).Add("electionDate", DateOf(elected));
        }

        return status
            .Add("configVersion", config.Version)
            .Add("configTerm", (int)config.Term)
            .Add("self", true)
            .Add("lastHeartbeatMessage", "");
    }

    public static BsonDocument OfOther(MemberProcess process, ReplicaSetConfig config, MemberView view)
    {
        var isUp = view.IsUp == true;
        var status = Head(view.Config, HealthOf(view), view.State, isUp ? process.Elapsed - view.UpSince : TimeSpan.Zero);
        if (!view.IsAuthenticated)
        {
            status["stateStr"] = MemberStateText.Of(MemberState.Down);
        }

        if (view.Config.IsDataBearing)
        {
            status
                .Add("optime", view.HeartbeatApplied.ToBson())
                .Add("optimeDurable", view.HeartbeatDurable.ToBson())
                .Add("optimeDate", DateOf(view.HeartbeatApplied))
                .Add("optimeDurableDate", DateOf(view.HeartbeatDurable));
            if (process.Release.Has(Trait.MemberWallTimes))
            {
                status.Add("lastAppliedWallTime", view.AppliedWall).Add("lastDurableWallTime", view.DurableWall);
            }
        }

        status
            .Add("lastHeartbeat", view.LastHeartbeat)
            .Add("lastHeartbeatRecv", view.LastHeartbeatReceived)
            .Add("pingMs", (long)(view.Ping ?? TimeSpan.Zero).TotalMilliseconds)
            .Add("lastHeartbeatMessage", view.Message);
        status.Add("authenticated", false, !view.IsAuthenticated);
        status
            .Add("syncSourceHost", view.SyncSource)
            .Add("syncSourceId", StatusCommand.IdOf(config, view.SyncSource))
            .Add("infoMessage", "");
        if (view is { State: MemberState.Primary, ElectionTime: { } elected })
        {
            status.Add("electionTime", elected).Add("electionDate", DateTime.UnixEpoch.AddSeconds(elected.Timestamp));
        }

        return status.Add("configVersion", view.ConfigVersion.Version).Add("configTerm", (int)view.ConfigVersion.Term);
    }

    /// <summary>Of whom nothing was heard yet the health is -1 and the state UNKNOWN (member_data.cpp, topology_coordinator.cpp).</summary>
    private static double HealthOf(MemberView view) => view.IsUp switch { true => 1.0, false => 0.0, null => -1.0 };

    private static BsonDocument Head(MemberConfig member, double health, MemberState state, TimeSpan uptime) => new()
    {
        { "_id", member.Id },
        { "name", member.Host },
        { "health", health },
        { "state", (int)state },
        { "stateStr", MemberStateText.Of(state) },
        { "uptime", (int)uptime.TotalSeconds },
    };

    private static DateTime DateOf(OpTime time) => DateTime.UnixEpoch.AddSeconds(time.Seconds);
}
