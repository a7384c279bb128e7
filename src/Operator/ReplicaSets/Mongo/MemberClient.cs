using System.Diagnostics;
using Modestano.Operator.ReplicaSets.Mongo.Wire;
using Modestano.Operator.Runtime;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Events;
using MongoDB.Driver.Core.Servers;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>A direct connection to one member: commands with a deadline each, and a call when the driver's monitor sees its state change.</summary>
internal sealed class MemberClient : IDisposable
{
    /// <summary>How the operator's connections call themselves.</summary>
    public const string ApplicationName = "modestano-operator";

    /// <summary>
    /// A member pushes its changes at once whatever this is; it only bounds how long a silent connection is believed. Passes find a member that
    /// went silent sooner, as they ask with a deadline.
    /// </summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(30);

    private readonly MongoClient _client;
    private readonly bool _usesTls;
    private readonly bool _logsIn;
    private readonly Action<string> _changed;
    private string? _seen;
    private long _fastest = long.MaxValue;
    private bool _hasAnswered;

    /// <summary>Completed when the monitor, which never logs in, has first heard what kind of member this is.</summary>
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed, and replaced, each time the monitor fails to reach the member.</summary>
    private TaskCompletionSource<Exception> _failedToReach = NewSignal();

    /// <summary>Makes the client; the driver connects by itself.</summary>
    /// <param name="set">The object that the member belongs to.</param>
    /// <param name="host">host:port of the member.</param>
    /// <param name="connection">How to log in.</param>
    /// <param name="options">The operator's configuration.</param>
    /// <param name="budgets">What the set's members may cost.</param>
    /// <param name="changed">Called with the host, from a driver's thread, when state, primary, or configuration as the member tells them change.</param>
    public MemberClient(ObjectKey set, string host, ReplicaSetConnection connection, MongoConnectionOptions options, MemberBudgets budgets, Action<string> changed)
    {
        Host = host;
        _usesTls = connection.UseTls;
        _logsIn = connection.Mechanism is not null;
        _changed = changed;
        _client = new MongoClient(Settings(set, host, connection, options, budgets));
    }

    /// <summary>host:port.</summary>
    public string Host { get; }

    /// <summary>When it was last used, as <see cref="TimeProvider.GetTimestamp"/> tells.</summary>
    public long LastUse { get; set; }

    /// <summary>
    /// Why the member refused the login; null: it has not. The driver then keeps its pool shut until the monitor's next heartbeat, and a command
    /// would wait for that: such a client is of no more use.
    /// </summary>
    public MongoFailure? Refusal { get; private set; }

    /// <summary>
    /// The shortest time in which the member answered a command, or answers the driver's monitor; null: neither is known. A busy operator takes
    /// long itself, so one slow answer makes no member far.
    /// </summary>
    public TimeSpan? RoundTrip
    {
        get
        {
            var fastest = Interlocked.Read(ref _fastest);
            var monitored = Server is { State: ServerState.Connected } server ? server.AverageRoundTripTime : (TimeSpan?)null;
            return fastest == long.MaxValue ? monitored : monitored < TimeSpan.FromTicks(fastest) ? monitored : TimeSpan.FromTicks(fastest);
        }
    }

    /// <summary>Runs a command.</summary>
    /// <param name="database">admin or local.</param>
    /// <param name="command">The command.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The reply and how long it took.</returns>
    /// <exception cref="MongoCallException">It failed, or the deadline passed.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        string database,
        BsonDocument command,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var name = command.GetElement(0).Name;
        try
        {
            var isConnected = Server?.State == ServerState.Connected;
            var failedToReach = _failedToReach.Task;
            if (_logsIn && !_greeted.Task.IsCompleted)
            {
                // A failure to reach it is told below.
                await Task.WhenAny(_greeted.Task, failedToReach).WaitAsync(deadline, limited.Token);
            }

            if (_logsIn && Server?.Type == ServerType.ReplicaSetArbiter)
            {
                throw new MongoCallException(Host, name, MongoFailure.Arbiter);
            }

            var sending = _client.GetDatabase(database)
                .RunCommandAsync<BsonDocument>(new BsonDocumentCommand<BsonDocument>(command), ReadPreference.Nearest, limited.Token);
            if (!isConnected && await Task.WhenAny(sending, failedToReach, Task.Delay(deadline, limited.Token)) == failedToReach && Server?.State != ServerState.Connected)
            {
                // Nothing was sent. The driver would try again until its deadline; the next pass will.
                await limited.CancelAsync();
                throw new MongoCallException(Host, name, FailureClassifier.Classify(new TimeoutException(), await failedToReach, _usesTls, loggedIn: false));
            }

            var reply = await WithinAsync(sending, isConnected, deadline, start, limited);
            var elapsed = Stopwatch.GetElapsedTime(start);

            // The first answer bears the connection, TLS and the login: believed, it would let a member that freezes cost ten times what it may.
            _fastest = _hasAnswered ? Math.Min(_fastest, elapsed.Ticks) : _fastest;
            _hasAnswered = true;
            return (reply, elapsed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is MongoException or TimeoutException or OperationCanceledException or IOException or InvalidOperationException
            or FormatException or ArgumentException or BsonException)
        {
            var failure = FailureClassifier.Classify(e, Heartbeat(e), _usesTls, _logsIn);
            Refusal = failure.Kind == MongoFailureKind.AuthenticationFailed ? failure : Refusal;
            throw new MongoCallException(Host, name, failure);
        }
    }

    /// <summary>Waits for an answer until the deadline; where the connection had to be made first, and the monitor has got through, for the round trips that this takes too.</summary>
    private async Task<BsonDocument> WithinAsync(Task<BsonDocument> sending, bool wasConnected, TimeSpan deadline, long start, CancellationTokenSource limited)
    {
        // The driver looks at the token only between network operations on some paths.
        var left = deadline - Stopwatch.GetElapsedTime(start);
        if (await IsDoneAsync(sending, left, limited.Token))
        {
            return await sending;
        }

        // The monitor answers: the member is far away, not dead. It needs a connection, TLS and a login before the first answer.
        var more = wasConnected ? TimeSpan.Zero : ProbeBudget.ForOne(deadline, RoundTrip) - deadline;
        if (more > TimeSpan.Zero && await IsDoneAsync(sending, more, limited.Token))
        {
            return await sending;
        }

        await limited.CancelAsync();
        throw new OperationCanceledException();
    }

    private static async Task<bool> IsDoneAsync(Task sending, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost > TimeSpan.Zero)
        {
            await sending.WaitAsync(atMost, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return sending.IsCompleted;
    }

    /// <summary>Closes every socket and thread; the driver's own Dispose closes none.</summary>
    public void Dispose() => ClusterRegistry.Instance.UnregisterAndDisposeCluster(_client.Cluster);

    private Exception? Heartbeat(Exception e) =>
        e is TimeoutException or OperationCanceledException ? Server?.HeartbeatException : null;

    private ServerDescription? Server => _client.Cluster.Description.Servers is [var server, ..] ? server : null;

    private void OnHeartbeatFailed(ServerHeartbeatFailedEvent e) => Interlocked.Exchange(ref _failedToReach, NewSignal()).TrySetResult(e.Exception);

    private static TaskCompletionSource<Exception> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnServerDescriptionChanged(ServerDescriptionChangedEvent e)
    {
        if (e.NewDescription.State == ServerState.Connected)
        {
            _greeted.TrySetResult();
        }

        var now = Signature(e.NewDescription);
        var before = Interlocked.Exchange(ref _seen, now);

        // The first answer after connecting tells nothing new: the pass that made the client reads it anyway.
        if (before is not null && before != now)
        {
            _changed(Host);
        }
    }

    private static string Signature(ServerDescription description) =>
        description.State == ServerState.Disconnected && description.HeartbeatException is null
            ? "connecting"
            : $"{description.Type} {description.ReplicaSetConfig?.Primary} {description.ReplicaSetConfig?.Version} {description.ElectionId}";

    private MongoClientSettings Settings(ObjectKey set, string host, ReplicaSetConnection connection, MongoConnectionOptions options, MemberBudgets budgets)
    {
        var addresses = new GrantedAddresses(options, set, host);

        // Who is told to be more patient is so with handshakes and long answers too.
        var bounds = ReplyBounds.Default with { MaxTime = Durations.Most(ReplyBounds.Default.MaxTime, options.ProbeTimeout) };
        var settings = new MongoClientSettings
        {
            ApplicationName = ApplicationName,
            Server = MongoServerAddress.Parse(host),
            DirectConnection = true,
            RetryReads = false,
            RetryWrites = false,
            // More than one is opened for members that are far away only.
            MaxConnectionPoolSize = 4,
            MaxConnecting = 2,
            ConnectTimeout = options.ProbeTimeout,
            ServerSelectionTimeout = options.ProbeTimeout,
            WaitQueueTimeout = ProbeBudget.Most(options.ProbeTimeout),
            HeartbeatInterval = HeartbeatInterval,
            HeartbeatTimeout = TimeSpan.FromSeconds(10),
            ServerMonitoringMode = ServerMonitoringMode.Stream,
            Credential = ConnectionSecurity.Credential(connection, options.MostScramRounds, budgets.Hashing),
            ClusterConfigurator = builder => BoundedStreamFactory.Install(builder, bounds, budgets.Replies, factory => new CheckedAddressFactory(factory, addresses), ConnectionSecurity.Tls(connection, options))
                // The pool keeps one connection; the thread that would trim it costs more.
                .ConfigureConnectionPool(pool => pool.With(maintenanceInterval: Timeout.InfiniteTimeSpan))
                .ConfigureTcp(tcp => tcp.With(socketConfigurator: (Action<System.Net.Sockets.Socket>)addresses.Check))
                .Subscribe<ServerDescriptionChangedEvent>(OnServerDescriptionChanged)
                .Subscribe<ServerHeartbeatFailedEvent>(OnHeartbeatFailed),
        };
        if (options.Socks5Proxy is { } proxy)
        {
            settings.Socks5ProxySettings = new Socks5ProxySettings(proxy.Host, proxy.Port);
        }

        return settings;
    }
}
