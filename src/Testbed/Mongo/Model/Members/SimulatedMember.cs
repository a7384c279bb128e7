using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// One simulated <c>mongod</c>: its disk, which outlives crashes, and its process, which does not. Every public method may be called
/// from any thread; the work itself happens on the network's loop.
/// </summary>
public sealed class SimulatedMember
{
    private readonly SimulatedReplicaSetNetwork network;
    private readonly List<Action> heldWhilePaused = [];
    private MemberProcess? process;

    internal SimulatedMember(SimulatedReplicaSetNetwork network, MemberOptions options)
    {
        this.network = network;
        Options = options;
        Speed = options.Disk;
        ClockSkew = options.ClockSkew;
        Disk = NewDisk();
        KnowsHello = new Release(options.Version).Has(Trait.Hello);
    }

    /// <summary>host:port.</summary>
    public string Host => Options.Host;

    /// <summary>How it was started.</summary>
    public MemberOptions Options { get; }

    /// <summary>
    /// Raised on the loop when the member drops its client connections; a front closes the sockets, and refuses new ones until
    /// <see cref="Started"/> when the process is gone.
    /// </summary>
    public event Action<ConnectionsClosedReason>? ConnectionsClosed;

    /// <summary>Raised on the loop when the process runs (again).</summary>
    public event Action? Started;

    /// <summary>Speed of the disk; make the figures worse for a slow disk with <see cref="SetSpeed"/>.</summary>
    public DiskOptions Speed { get; private set; }

    /// <summary>
    /// What <c>$currentOp</c> shows, for example a transaction that has been open for long; put there by a test or a scenario.
    /// </summary>
    public IReadOnlyList<BsonDocument> CurrentOperations { get; set; } = [];

    /// <summary>The client connections as <c>$currentOp</c> shows them; a front sets it, and it may be called from the loop at any time.</summary>
    public Func<IEnumerable<BsonDocument>> ClientConnections { get; set; } = () => [];

    /// <summary>How far its wall clock is from true time.</summary>
    public TimeSpan ClockSkew { get; set; }

    /// <summary>Whether the process runs; a paused one does.</summary>
    public bool IsRunning => process is not null;

    /// <summary>Whether the process is stopped by SIGSTOP.</summary>
    public bool IsPaused { get; private set; }

    internal MemberDisk Disk { get; private set; }

    internal Release Release => new(Options.Version, Disk.Features);

    /// <summary>Whether it knows <c>hello</c> and <c>helloOk</c>; may be asked from any thread.</summary>
    internal bool KnowsHello { get; }

    /// <summary>
    /// The lowest wire version of a member that it talks to: with data at its own feature compatibility version, none older than itself
    /// (wire_version.h).
    /// </summary>
    internal int MinWireVersion => Disk.Features is { } features && features.IsOfSeries(Options.Version) ? Options.Version.MaxWireVersion : Options.Version.LastLtsWireVersion;

    internal MemberProcess? Process => process;

    /// <summary>Where its users are; null for an arbiter, which has no data, whatever it was before.</summary>
    internal DocumentStore? UserData => Disk.Config?.FindByHost(Host) is { ArbiterOnly: true } ? null : Disk.Data.Store;

    /// <summary>
    /// Runs a command document (with <c>$db</c>) and gives the reply document, <c>ok: 0</c> included. A paused member answers when it is
    /// resumed. Cancelling gives up waiting; what the member does goes on.
    /// </summary>
    /// <exception cref="MemberUnreachableException">The process does not run, or ended before it answered.</exception>
    public Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientConnectionInfo connection, CancellationToken cancellationToken)
    {
        var call = new ClientCall(command, connection, network.Loop.IsVirtual);
        if (cancellationToken.CanBeCanceled)
        {
            call.CancelWith(cancellationToken);
        }

        network.Loop.Post(() => Deliver(call));
        return call.Reply;
    }

    /// <summary>kill -9: the process is gone at once; what was not yet in the journal is lost.</summary>
    public void Crash() => network.Loop.Post(() => EndProcess(ConnectionsClosedReason.Crashed));

    /// <summary>
    /// SIGTERM: a primary first tries to step down (up to 15 s of refused writes while no electable secondary is caught up), then ends.
    /// </summary>
    public void ShutDown() => network.Loop.Post(() =>
    {
        if (process is { } running)
        {
            running.StepDown.BeforeShutDown(() => EndProcess(ConnectionsClosedReason.ShutDown));
        }
    });

    /// <summary>SIGSTOP: it neither answers nor acts, and nobody is told.</summary>
    public void Pause() => network.Loop.Post(() =>
    {
        if (process is not null && !IsPaused)
        {
            IsPaused = true;
            network.Trace(Host, "paused");
        }
    });

    /// <summary>SIGCONT: everything that came due meanwhile happens now, in order.</summary>
    public void Resume() => network.Loop.Post(ResumeNow);

    /// <summary>Starts the process again after a crash or shutdown, from what is on its disk.</summary>
    public void Restart() => network.Loop.Post(Start);

    /// <summary>Changes the speed of the disk while it runs.</summary>
    public void SetSpeed(DiskOptions speed) => network.Loop.Post(() =>
    {
        Speed = speed;
        process?.Applier.Wake();
    });

    /// <summary>Throws the disk away (a new volume); only while the process does not run.</summary>
    public void WipeDisk() => network.Loop.Post(() =>
    {
        if (process is null)
        {
            Disk = NewDisk();
        }
    });

    internal void Start()
    {
        if (process is not null)
        {
            return;
        }

        process = new MemberProcess(network, this);
        network.Trace(Host, "started");
        process.Start();
        Started?.Invoke();
    }

    /// <summary>Runs an action as the given process: not at all when that process has ended, later when it is paused.</summary>
    internal void RunAs(MemberProcess owner, Action action)
    {
        if (!ReferenceEquals(owner, process))
        {
            return;
        }

        if (IsPaused)
        {
            heldWhilePaused.Add(action);
        }
        else
        {
            action();
        }
    }

    internal void CloseConnections(ConnectionsClosedReason reason) => ConnectionsClosed?.Invoke(reason);

    internal MemberDescription Describe() => process is { } running
        ? running.Describe(IsPaused)
        : new MemberDescription(
            Host, false, false, "DOWN", false, Disk.LastVote.Term, Disk.Config?.Version ?? -2, Disk.Config?.Term ?? -1, false,
            OpTime.None, Disk.Oplog.Last, Disk.Oplog.First);

    private MemberDisk NewDisk()
    {
        var disk = new MemberDisk(Options.OplogSizeBytes, () => new DocumentStore(new MemberClock(network.Loop, this), network.Loop.Random.Next()));
        disk.Oplog.MinRetention = Options.OplogMinRetention;
        return disk;
    }

    private void Deliver(ClientCall call)
    {
        if (process is not { } running)
        {
            call.Fail(new MemberUnreachableException(Host, "its process does not run"));
            return;
        }

        running.OpenCalls.Add(call);
        RunAs(running, () => running.Commands.Execute(call));
    }

    private void EndProcess(ConnectionsClosedReason reason)
    {
        if (process is not { } ending)
        {
            return;
        }

        process = null;
        IsPaused = false;
        heldWhilePaused.Clear();
        if (reason == ConnectionsClosedReason.Crashed)
        {
            Disk.LoseWhatIsNotInTheJournal();
        }

        network.Trace(Host, reason == ConnectionsClosedReason.Crashed ? "crashed" : "shut down");
        network.Calls.FailCallsTo(ending);
        CloseConnections(reason);
        foreach (var call in ending.OpenCalls.TakeAll())
        {
            call.Fail(new MemberUnreachableException(Host, "its process ended before it answered"));
        }
    }

    private void ResumeNow()
    {
        if (!IsPaused)
        {
            return;
        }

        IsPaused = false;
        network.Trace(Host, "resumed");
        var held = heldWhilePaused.ToArray();
        heldWhilePaused.Clear();
        foreach (var action in held)
        {
            // One of them may crash or pause the member again.
            if (process is { } running)
            {
                RunAs(running, action);
            }
        }
    }
}
