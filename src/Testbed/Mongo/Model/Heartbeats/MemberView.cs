using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>What a member knows of one other member, from heartbeats and from progress reports.</summary>
internal sealed class MemberView(MemberConfig config)
{
    public MemberConfig Config { get; set; } = config;

    /// <summary>Null until the first heartbeat ended; false after a failed one.</summary>
    public bool? IsUp { get; private set; }

    public bool IsAuthenticated { get; private set; } = true;

    public MemberState State { get; private set; } = MemberState.Unknown;

    public ConfigVersion ConfigVersion { get; private set; } = new(-1, -1);

    public OpTime Applied { get; private set; } = OpTime.None;

    public DateTime AppliedWall { get; private set; } = DateTime.UnixEpoch;

    public OpTime Durable { get; private set; } = OpTime.None;

    public DateTime DurableWall { get; private set; } = DateTime.UnixEpoch;

    /// <summary>Position as the last heartbeat told it; status shows this, not what progress reports brought.</summary>
    public OpTime HeartbeatApplied { get; private set; } = OpTime.None;

    public OpTime HeartbeatDurable { get; private set; } = OpTime.None;

    public BsonTimestamp? ElectionTime { get; private set; }

    public string SyncSource { get; private set; } = "";

    public string Message { get; private set; } = "";

    public DateTime LastHeartbeat { get; set; } = DateTime.UnixEpoch;

    public DateTime LastHeartbeatReceived { get; set; } = DateTime.UnixEpoch;

    /// <summary>Monotonic time since which it is up without a break.</summary>
    public TimeSpan UpSince { get; private set; }

    /// <summary>Monotonic time of the last sign of life in either direction.</summary>
    public TimeSpan LastSign { get; set; }

    /// <summary>Average round trip; null before the first answer.</summary>
    public TimeSpan? Ping { get; private set; }

    public void NoteUp(HeartbeatReply reply, TimeSpan now, TimeSpan roundTrip)
    {
        if (IsUp != true)
        {
            UpSince = now;
        }

        IsUp = true;
        IsAuthenticated = true;
        State = reply.State;
        ConfigVersion = reply.ConfigVersion;
        ElectionTime = reply.ElectionTime;
        SyncSource = reply.SyncSource;
        Message = "";
        LastSign = now;
        Ping = Ping is { } average ? ((average * 4) + roundTrip) / 5 : roundTrip;
        HeartbeatApplied = reply.Applied;
        HeartbeatDurable = reply.Durable;
        NotePosition(reply.Applied, reply.AppliedWall, reply.Durable, reply.DurableWall);
    }

    public void NoteDown(string message, bool isAuthenticated = true)
    {
        IsUp = false;
        IsAuthenticated = isAuthenticated;
        State = isAuthenticated ? MemberState.Down : MemberState.Unknown;
        ConfigVersion = new ConfigVersion(-1, -1);
        HeartbeatApplied = OpTime.None;
        HeartbeatDurable = OpTime.None;
        ElectionTime = null;
        SyncSource = "";
        Message = message;
    }

    /// <summary>Takes a newer position; returns whether it was newer.</summary>
    public bool NotePosition(OpTime applied, DateTime appliedWall, OpTime durable, DateTime durableWall)
    {
        var newer = false;
        if (applied > Applied)
        {
            (Applied, AppliedWall, newer) = (applied, appliedWall, true);
        }

        if (durable > Durable)
        {
            (Durable, DurableWall, newer) = (durable, durableWall, true);
        }

        return newer;
    }

    /// <summary>A member that rolled back or starts again may be behind what was known of it.</summary>
    public void ForgetPosition()
    {
        Applied = Durable = OpTime.None;
        AppliedWall = DurableWall = DateTime.UnixEpoch;
    }
}
