using Modestano.Testbed.Mongo.Storage;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// One run of a <c>mongod</c>: everything that is lost when it ends. Its parts are split by topic and find each other through it.
/// </summary>
internal sealed class MemberProcess
{
    public MemberProcess(SimulatedReplicaSetNetwork network, SimulatedMember member)
    {
        Network = network;
        Member = member;
        StartedAt = network.Loop.Elapsed;
        Topology = new Topology(this);
        Views = new MemberViews(this);
        Heartbeats = new HeartbeatSender(this);
        HeartbeatResponder = new HeartbeatResponder(this);
        ElectionTimer = new ElectionTimer(this);
        Takeover = new Takeover(this);
        Elections = new Elections(this);
        Votes = new VoteResponder(this);
        StepUp = new StepUp(this);
        StepDown = new StepDown(this);
        Liveness = new MajorityLiveness(this);
        Reconfig = new Reconfiguration(this);
        Initiation = new Initiation(this);
        Commitment = new ConfigCommitment(this);
        Writer = new OplogWriter(this);
        Fetcher = new OplogFetcher(this);
        Applier = new OplogApplier(this);
        Progress = new ProgressReporter(this);
        CommitPoint = new CommitPoint(this);
        WriteConcerns = new WriteConcernWaiters(this);
        IndexBuilds = new IndexBuilds(this);
        InitialSync = new InitialSync(this);
        Rollback = new Rollback(this);
        Commands = new CommandDispatcher(this);
    }

    public SimulatedReplicaSetNetwork Network { get; }

    public SimulatedMember Member { get; }

    /// <summary>The name by which its set knows it; outside of a set the one that it was started with.</summary>
    public string Host => Topology?.Self?.Host ?? Member.Host;

    public MemberDisk Disk => Member.Disk;

    public ServerVersion Version => Member.Options.Version;

    public Release Release => Member.Release;

    public DocumentStore Store => Disk.Data.Store;

    public Random Random => Network.Loop.Random;

    /// <summary>Monotonic time of the world.</summary>
    public TimeSpan Elapsed => Network.Loop.Elapsed;

    /// <summary>This member's wall clock, in milliseconds as BSON keeps it.</summary>
    public DateTime Now
    {
        get
        {
            var now = Network.Loop.UtcNow.UtcDateTime + Member.ClockSkew;
            return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
        }
    }

    /// <summary>Monotonic time at which the process started.</summary>
    public TimeSpan StartedAt { get; }

    public OpenClientCalls OpenCalls { get; } = new();

    public Topology Topology { get; }

    public MemberViews Views { get; }

    public HeartbeatSender Heartbeats { get; }

    public HeartbeatResponder HeartbeatResponder { get; }

    public ElectionTimer ElectionTimer { get; }

    public Takeover Takeover { get; }

    public Elections Elections { get; }

    public VoteResponder Votes { get; }

    public StepUp StepUp { get; }

    public StepDown StepDown { get; }

    public MajorityLiveness Liveness { get; }

    public Reconfiguration Reconfig { get; }

    public Initiation Initiation { get; }

    public ConfigCommitment Commitment { get; }

    public OplogWriter Writer { get; }

    public OplogFetcher Fetcher { get; }

    public OplogApplier Applier { get; }

    public ProgressReporter Progress { get; }

    public CommitPoint CommitPoint { get; }

    public WriteConcernWaiters WriteConcerns { get; }

    public IndexBuilds IndexBuilds { get; }

    public InitialSync InitialSync { get; }

    public Rollback Rollback { get; }

    public CommandDispatcher Commands { get; }

    /// <summary>Runs an action later as this process; it never runs when the process has ended, and waits while it is paused.</summary>
    public ProcessTimer After(TimeSpan delay, Action action)
    {
        var timer = new ProcessTimer();
        timer.Pending = Network.Loop.Schedule(delay, () => Member.RunAs(this, () =>
        {
            if (!timer.IsCancelled)
            {
                action();
            }
        }));
        return timer;
    }

    /// <inheritdoc cref="MemberCalls.Call"/>
    public Action Call<TReply>(
        string toHost, TimeSpan timeout, Action<MemberProcess, Action<TReply>> handle, Action<TReply> answered, Action<CallFailure> failed) =>
        Network.Calls.Call(this, toHost, timeout, handle, answered, failed);

    /// <summary>Starts from what is on the disk.</summary>
    public void Start()
    {
        if (Disk.Config is { } config)
        {
            Topology.LoadAfterStart(config);
            CommitPoint.LoadAfterStart();
            Trace($"loaded config {config.VersionAndTerm}");
            Replicate();
        }
    }

    /// <summary>Starts (or goes on with) following the set in whatever way its role asks for.</summary>
    public void Replicate()
    {
        if (Topology.Self is not { IsDataBearing: true } || Topology.IsLeader)
        {
            return;
        }

        if (Disk.NeedsInitialSync)
        {
            InitialSync.Start();
        }
        else
        {
            Fetcher.Start();
        }
    }

    public void Trace(string line)
    {
        if (Network.IsTraced)
        {
            Network.Trace(Host, line);
        }
    }

    public MemberDescription Describe(bool isPaused) => new(
        Host,
        true,
        isPaused,
        MemberStateText.Of(Topology.State),
        Topology.IsWritablePrimary,
        Topology.Term,
        Topology.Config?.Version ?? -2,
        Topology.Config?.Term ?? -1,
        Topology.IsWritablePrimary && Commitment.IsCommitted,
        CommitPoint.Value,
        Disk.Oplog.Last,
        Disk.Oplog.First);
}

/// <summary>An action that a process runs later.</summary>
internal sealed class ProcessTimer
{
    public LoopTimer? Pending { get; set; }

    public bool IsCancelled { get; private set; }

    public void Cancel()
    {
        IsCancelled = true;
        Pending?.Cancel();
    }
}
