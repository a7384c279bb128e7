using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Where a member stands in its set: config, term, role, the primary it knows, and the topologyVersion that tells clients of changes.
/// </summary>
internal sealed class Topology
{
    private readonly MemberProcess process;
    private MemberState followerMode = MemberState.Startup2;
    private MemberState lastState = MemberState.Startup;

    public Topology(MemberProcess process)
    {
        this.process = process;
        ProcessId = NewObjectId(process);
        Term = process.Disk.LastVote.Term;
    }

    /// <summary>Raised when the topologyVersion rose; awaiting <c>hello</c>s answer then.</summary>
    public event Action? Changed;

    public ObjectId ProcessId { get; }

    /// <summary>Counter of the topologyVersion.</summary>
    public long Counter { get; private set; }

    public ReplicaSetConfig? Config => process.Disk.Config;

    /// <summary>This member's entry in the config; null while it has none or was removed.</summary>
    public MemberConfig? Self { get; private set; }

    /// <summary>Newest term seen; -1 before the first election.</summary>
    public long Term { get; private set; }

    /// <summary>It won an election and has not stepped down; it may still be catching up.</summary>
    public bool IsLeader { get; private set; }

    /// <summary>It takes writes.</summary>
    public bool IsWritablePrimary { get; private set; }

    /// <summary><c>_id</c> of the primary that it knows, or null.</summary>
    public int? PrimaryId { get; private set; }

    /// <summary>How often maintenance mode was entered: by hand, by being too stale.</summary>
    public int MaintenanceModes { get; private set; }

    public MemberConfig? Primary => PrimaryId is { } id ? Config?.FindById(id) : null;

    public MemberState State =>
        Config is null ? MemberState.Startup
        : Self is null ? MemberState.Removed
        : Self.ArbiterOnly ? MemberState.Arbiter
        : IsLeader ? MemberState.Primary
        : followerMode == MemberState.Secondary && MaintenanceModes > 0 ? MemberState.Recovering
        : followerMode;

    public BsonDocument Version => new() { { "processId", ProcessId }, { "counter", Counter } };

    public static ObjectId NewObjectId(MemberProcess process)
    {
        var bytes = new byte[12];
        process.Random.NextBytes(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, (int)new DateTimeOffset(process.Now).ToUnixTimeSeconds());
        return new ObjectId(bytes);
    }

    /// <summary>A member finds itself by asking who answers at each name, not by how it is spelt.</summary>
    private MemberConfig? FindSelf(ReplicaSetConfig config) => config.Members.FirstOrDefault(m => process.Network.Find(m.Host) == process.Member);

    public void LoadAfterStart(ReplicaSetConfig config)
    {
        Self = FindSelf(config);
        followerMode = process.Disk.NeedsInitialSync ? MemberState.Startup2 : MemberState.Recovering;
        process.Views.Rebuild();
        process.Heartbeats.Restart();
        if (!process.Disk.NeedsInitialSync)
        {
            SetFollowerMode(MemberState.Secondary);
        }

        process.ElectionTimer.Restart();
    }

    /// <summary>Puts a config in force: on disk, in the views of the other members, in heartbeats.</summary>
    public void Install(ReplicaSetConfig config)
    {
        var wasMember = Self is not null;
        process.Disk.Config = config;
        Self = FindSelf(config);
        process.Trace($"config {config.VersionAndTerm} installed{(Self is null ? ", not a member" : "")}");
        process.Views.Rebuild();
        if (Self is null)
        {
            Leave();
        }
        else if (!wasMember)
        {
            followerMode = process.Disk.NeedsInitialSync ? MemberState.Startup2 : MemberState.Secondary;
        }
        else if (IsLeader && !Self.IsElectable)
        {
            process.StepDown.BecauseOf("it cannot be elected any more", InterruptReason.SteppedDown);
        }

        if (!IsLeader)
        {
            PrimaryId = null;
        }

        Bump();
        process.Heartbeats.Restart();
        process.ElectionTimer.Restart();
        process.Takeover.Cancel();
        process.CommitPoint.Recompute();
        process.WriteConcerns.Check();
    }

    public void SetFollowerMode(MemberState mode)
    {
        followerMode = mode;
        NoteState();
    }

    public void EnterMaintenance()
    {
        MaintenanceModes++;
        NoteState();
    }

    public void LeaveMaintenance()
    {
        MaintenanceModes--;
        NoteState();
    }

    /// <summary>Takes the lead in its term; writes are taken only after <see cref="BecomeWritable"/>.</summary>
    public void BecomeLeader()
    {
        IsLeader = true;
        PrimaryId = Self!.Id;
        process.ElectionTimer.Cancel();
        process.Takeover.Cancel();
        NoteState();
    }

    public void BecomeWritable()
    {
        IsWritablePrimary = true;
        process.Network.Guarantees.NoteWritable(process);
        Bump();
    }

    /// <summary>Stops taking writes while it still leads (a step-down waits for a successor), or takes them again.</summary>
    public void SetWritable(bool writable)
    {
        if (IsWritablePrimary != writable)
        {
            IsWritablePrimary = writable;
            Bump();
        }
    }

    /// <summary>Gives the lead up and follows again.</summary>
    public void StopLeading()
    {
        IsWritablePrimary = false;
        IsLeader = false;
        PrimaryId = null;
        followerMode = MemberState.Secondary;
        NoteState();
    }

    /// <summary>Notes who leads; a change is told to clients.</summary>
    public void SetPrimary(int? id)
    {
        if (PrimaryId != id)
        {
            PrimaryId = id;
            process.Trace(id is null ? "knows no primary" : $"follows member {id}");
            Bump();
        }
    }

    /// <summary>Notes a newer term; a leader steps down for it.</summary>
    public void NoteTerm(long term)
    {
        if (term <= Term)
        {
            return;
        }

        Term = term;
        process.Trace($"term {term}");
        process.Takeover.Cancel();
        if (IsLeader)
        {
            process.StepDown.BecauseOf($"a newer term {term}", InterruptReason.NewerTerm);
        }
        else if (PrimaryId is not null)
        {
            PrimaryId = null;
        }
    }

    private void Leave()
    {
        if (IsLeader)
        {
            process.StepDown.BecauseOf("it was removed from the config", InterruptReason.SteppedDown);
        }

        PrimaryId = null;
        process.Fetcher.Stop();
        process.InitialSync.Stop();
        process.Elections.Abandon();
    }

    private void NoteState()
    {
        if (State != lastState)
        {
            lastState = State;
            process.Trace($"state {MemberStateText.Of(State)}");
        }

        Bump();
    }

    private void Bump()
    {
        lastState = State;
        Counter++;
        Changed?.Invoke();
    }
}
