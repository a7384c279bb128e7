using System.Net;
using Modestano.Testbed.Mongo.Auth;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Mongo.Storage;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Connections;

namespace Modestano.Testbed.Mongo;

/// <summary>
/// Replica-set members on loopback that any MongoDB driver can talk to. The members are simulated (see <see cref="SimulatedMember"/>); their
/// ports, their protocol, logins and TLS are real.
/// </summary>
public sealed class EmbeddedMongo : IAsyncDisposable
{
    private readonly EmbeddedMongoOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, EmbeddedMongoMember> _members = new(StringComparer.OrdinalIgnoreCase);
    private readonly CertificateAuthority? _authority;
    private readonly Socks5Proxy? _proxy;
    private readonly AdminCommandLog _log;
    private readonly List<BsonDocument> _users;
    private Task _running = Task.CompletedTask;

    private EmbeddedMongo(EmbeddedMongoOptions options)
    {
        _options = options;
        _log = new AdminCommandLog(options.TimeProvider);
        _users = [.. options.Users.Select(user => ToRecord(user).ToBson())];
        Network = new SimulatedReplicaSetNetwork(EventLoop.RealTime(options.Seed, options.TimeProvider));
        _authority = options.Tls is null ? null : new CertificateAuthority("Modestano embedded MongoDB CA", options.TimeProvider);
        _proxy = options.Proxy ? new Socks5Proxy(new IPEndPoint(IPAddress.Loopback, 0)) : null;
    }

    /// <summary>The members in the order of the options.</summary>
    public IReadOnlyCollection<EmbeddedMongoMember> Members => _members.Values;

    /// <summary>Every command that changes a replica set, in the order of the answers.</summary>
    public IReadOnlyList<AdminCommand> AdminCommands => _log.All;

    /// <summary>How many commands clients sent, logins left out.</summary>
    public CommandCounts Commands { get; } = new();

    /// <summary>The simulated network between them: latency, partitions, traces.</summary>
    public SimulatedReplicaSetNetwork Network { get; }

    /// <summary>The certificate that signs the members' certificates, as PEM; null without TLS.</summary>
    public string? CertificateAuthorityPem => _authority?.CertificatePem;

    /// <summary>Signs client certificates; null without TLS.</summary>
    public CertificateAuthority? CertificateAuthority => _authority;

    /// <summary>The proxy through which clients reach the members by name; null when it was not wanted.</summary>
    public IPEndPoint? ProxyEndPoint => _proxy?.EndPoint;

    /// <summary>Has the proxy lead a further name to a server that is none of these members.</summary>
    /// <exception cref="InvalidOperationException">There is no proxy.</exception>
    public void Route(string host, IPEndPoint address) => (_proxy ?? throw new InvalidOperationException("these members are reached without a proxy")).Map(host, address);

    /// <summary>Starts all members, uninitialised.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address or port is not to be had.</exception>
    public static async Task<EmbeddedMongo> StartAsync(EmbeddedMongoOptions options)
    {
        var world = new EmbeddedMongo(options);
        try
        {
            world.AddMembers();
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }

        world._running = world.Network.RunRealTimeAsync(world._stop.Token);
        return world;
    }

    /// <summary>The member of that host (name:port).</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public EmbeddedMongoMember Member(string host) => _members.TryGetValue(host, out var member)
        ? member
        : throw new ArgumentException($"There is no member at {host}; there are {string.Join(", ", _members.Keys)}.", nameof(host));

    /// <summary>The member that takes writes (of several, the one of the highest term), or null. Waits for the members' loop for a moment.</summary>
    public EmbeddedMongoMember? Primary => DescribeAsync().GetAwaiter().GetResult()
        .Where(member => member.IsWritablePrimary)
        .OrderByDescending(member => member.Term)
        .Select(member => Member(member.Host))
        .FirstOrDefault();

    /// <summary>What every member holds at one moment.</summary>
    public Task<IReadOnlyList<MemberDescription>> DescribeAsync()
    {
        var answer = new TaskCompletionSource<IReadOnlyList<MemberDescription>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Network.Loop.Post(() => answer.SetResult(Network.Describe()));
        return answer.Task;
    }

    /// <summary>Settings with which the official driver reaches these members: seeds, proxy, trust. Credentials are the caller's matter.</summary>
    /// <param name="replicaSet">Name of the set; null: a direct connection to the first host.</param>
    /// <param name="hosts">The seed list; empty: all members.</param>
    public MongoClientSettings ClientSettings(string? replicaSet, params IReadOnlyCollection<string> hosts)
    {
        var seeds = (hosts.Count > 0 ? hosts : _members.Keys).Select(MongoServerAddress.Parse).ToList();
        var settings = new MongoClientSettings
        {
            Servers = replicaSet is null ? seeds.Take(1) : seeds,
            ReplicaSetName = replicaSet,
            DirectConnection = replicaSet is null,
        };
        if (_proxy is not null)
        {
            settings.Socks5ProxySettings = new Socks5ProxySettings(_proxy.EndPoint.Address.ToString(), _proxy.EndPoint.Port);
        }

        if (_authority is not null)
        {
            settings.UseTls = true;
            settings.SslSettings = PrivateTrust.In(_authority.Certificate);
        }

        return settings;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.Values)
        {
            await member.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _authority?.Dispose();
    }

    private void AddMembers()
    {
        foreach (var member in _options.Members)
        {
            Add(member);
        }
    }

    private void Add(EmbeddedMongoMemberOptions options)
    {
        var bind = options.Bind ?? LoopbackAddresses.Choose(options.Host);
        var model = Network.AddMember(new MemberOptions
        {
            Host = options.Host,
            Region = options.Region,
            Version = _options.Version,
            ReplSetName = options.ReplSetName,
            KeyFile = options.KeyFile,
            OplogSizeBytes = options.OplogSizeBytes,
            Disk = options.Disk,
        });
        if (options.HasUsers)
        {
            Prepare(model);
        }

        var tls = _options.Tls is { } wanted
            ? new ServerTls(
                _authority!.IssueServer(options.Host[..options.Host.LastIndexOf(':')], wanted.ValidFor.GetValueOrDefault(options.Host, CertificateAuthority.Validity), bind.Address),
                wanted.AskForClientCertificates || wanted.RequireClientCertificates ? _authority.Certificate : null,
                wanted.RequireClientCertificates)
            : null;
        var logger = _options.LoggerFactory.CreateLogger($"Mongo.{options.Host}");
        var member = new EmbeddedMongoMember(options, model, bind, _options.Authorization, tls, _log, Commands, logger);
        _members.Add(options.Host, member);
        _proxy?.Map(options.Host, member.EndPoint);
    }

    // As if it had run as a standalone before: its users are on the disk, and nothing is in the oplog.
    private void Prepare(SimulatedMember model)
    {
        var data = model.Disk.Data;
        foreach (var user in _users)
        {
            data.Store.Apply(new OplogOperation("i", UserRecord.Collection, user.DeepClone().AsBsonDocument));
        }

        data.ReplaceBy(data.Store, SessionTable.Empty, OpTime.None);
    }

    private static UserRecord ToRecord(EmbeddedMongoUser user) => user.Password is null
        ? new UserRecord(user.Database, user.Name, user.Roles, new Dictionary<string, ScramCredential>())
        : UserRecord.WithPassword(user.Database, user.Name, user.Password, user.Roles);
}
