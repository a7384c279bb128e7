using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Events;
using MongoDB.Driver.Core.Servers;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>A direct client to one member: commands with a deadline each, and a call when its state changes.</summary>
internal sealed class MemberClient : IDisposable
{
    /// <summary>How the operator's connections call themselves.</summary>
    public const string ApplicationName = "modestano-operator";

    /// <summary>
    /// The driver's monitor only has to find the member: changes come by <see cref="HelloWatch"/>, and a connection that breaks makes it look at
    /// once. In this mode it is one thread; where it streams it is two.
    /// </summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMinutes(5);

    /// <summary>One for the watch, and two for what a pass asks: a look may come while a step is on its way.</summary>
    private const int Connections = 3;

    private readonly MongoClient _client;
    private readonly bool _usesTls;
    private readonly HelloWatch _watch;
    private readonly CancellationTokenSource _closing = new();
    private int _isWatching;

    /// <summary>Completed, and replaced, each time the monitor fails to reach the member.</summary>
    private TaskCompletionSource<Exception> _failedToReach = NewSignal();

    /// <summary>Makes the client; the driver connects by itself.</summary>
    /// <param name="host">host:port of the member.</param>
    /// <param name="connection">How to log in.</param>
    /// <param name="options">The operator's configuration.</param>
    /// <param name="changed">Called with the host when state, primary, or configuration as the member tells them change, or it no longer answers.</param>
    public MemberClient(string host, ReplicaSetConnection connection, MongoConnectionOptions options, Action<string> changed)
    {
        Host = host;
        _usesTls = connection.UseTls;
        _watch = new HelloWatch(async (command, deadline, token) => (await SendAsync(MemberCommands.Admin, command, deadline, token)).Reply, () => changed(host));
        _client = new MongoClient(Settings(host, connection, options));
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
        var answer = await SendAsync(database, command, deadline, cancellationToken);
        if (Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            _ = WatchAsync();
        }

        return answer;
    }

    private async Task WatchAsync()
    {
        await _watch.RunAsync(_closing.Token);
        Volatile.Write(ref _isWatching, 0);
    }

    private async Task<(BsonDocument Reply, TimeSpan Elapsed)> SendAsync(
        string database,
        BsonDocument command,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(deadline);
        var start = Stopwatch.GetTimestamp();
        var name = command.GetElement(0).Name;
        try
        {
            var isConnected = Server?.State == ServerState.Connected;
            var failedToReach = _failedToReach.Task;
            var sending = _client.GetDatabase(database)
                .RunCommandAsync<BsonDocument>(new BsonDocumentCommand<BsonDocument>(command), ReadPreference.Nearest, limited.Token);
            if (!isConnected && await Task.WhenAny(sending, failedToReach) != sending && Server?.State != ServerState.Connected)
            {
                // Nothing was sent. The driver would try again until its deadline; the next pass will.
                await limited.CancelAsync();
                throw new MongoCallException(Host, name, FailureClassifier.Classify(new TimeoutException(), await failedToReach, _usesTls));
            }

            // The driver looks at the token only between network operations on some paths.
            var reply = await sending.WaitAsync(limited.Token);
            return (reply, Stopwatch.GetElapsedTime(start));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is MongoException or TimeoutException or OperationCanceledException or IOException or InvalidOperationException)
        {
            var failure = FailureClassifier.Classify(e, Heartbeat(e), _usesTls);
            Refusal = failure.Kind == MongoFailureKind.AuthenticationFailed ? failure : Refusal;
            throw new MongoCallException(Host, name, failure);
        }
    }

    /// <summary>Closes every socket and thread; the driver's own Dispose closes none.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(_client.Cluster);
    }

    private Exception? Heartbeat(Exception e) =>
        e is TimeoutException or OperationCanceledException ? Server?.HeartbeatException : null;

    private ServerDescription? Server => _client.Cluster.Description.Servers is [var server, ..] ? server : null;

    private void OnHeartbeatFailed(ServerHeartbeatFailedEvent e) => Interlocked.Exchange(ref _failedToReach, NewSignal()).TrySetResult(e.Exception);

    private static TaskCompletionSource<Exception> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MongoClientSettings Settings(string host, ReplicaSetConnection connection, MongoConnectionOptions options)
    {
        var settings = new MongoClientSettings
        {
            ApplicationName = ApplicationName,
            Server = MongoServerAddress.Parse(host),
            DirectConnection = true,
            RetryReads = false,
            RetryWrites = false,
            MaxConnectionPoolSize = Connections,
            MaxConnecting = 1,
            ConnectTimeout = options.ProbeTimeout,
            ServerSelectionTimeout = options.ProbeTimeout,
            WaitQueueTimeout = options.ProbeTimeout,
            HeartbeatInterval = HeartbeatInterval,
            HeartbeatTimeout = TimeSpan.FromSeconds(10),
            ServerMonitoringMode = ServerMonitoringMode.Poll,
            UseTls = connection.UseTls,
            Credential = Credential(connection),
            ClusterConfigurator = builder => builder
                // The pool keeps one connection; the thread that would trim it costs more.
                .ConfigureConnectionPool(pool => pool.With(maintenanceInterval: Timeout.InfiniteTimeSpan))
                .Subscribe<ServerHeartbeatFailedEvent>(OnHeartbeatFailed),
        };
        if (connection.UseTls)
        {
            settings.SslSettings = new SslSettings
            {
                CheckCertificateRevocation = false,
                ClientCertificates = connection.ClientCertificate is { } own ? [own] : [],
                ServerCertificateValidationCallback =
                    connection.CertificateAuthorities is { Count: > 0 } authorities ? new CertificateTrust(authorities).Validate : null,
            };
        }

        if (options.Socks5Proxy is { } proxy)
        {
            settings.Socks5ProxySettings = new Socks5ProxySettings(proxy.Host, proxy.Port);
        }

        return settings;
    }

    private static MongoCredential? Credential(ReplicaSetConnection connection) => connection switch
    {
        { Mechanism: "MONGODB-X509" } => MongoCredential.CreateMongoX509Credential(connection.UserName),
        { Login: { } login, UserName: { } user, Password: { } password } => login.Credential(user, password),
        _ => null,
    };
}
