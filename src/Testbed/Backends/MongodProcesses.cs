using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Modestano.Testbed.Commands.Servers;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Backends;

/// <summary>
/// Members that are <c>mongod</c> processes, each with a port and a data folder of its own, one key file and no users until the set has some. Everybody
/// knows a member by the address of a proxy in front of it. A member is killed (SIGKILL), frozen (SIGSTOP) and started again, and the paths between
/// members are cut and slowed down.
/// </summary>
public sealed class MongodProcesses : IAsyncDisposable
{
    private readonly string _mongod;
    private readonly string _folder;
    private readonly CertificateAuthority? _authority;
    private readonly ConcurrentDictionary<string, ServerProcess> _processes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Port, MemberProxy Proxy)> _fronts = [];

    private MongodProcesses(string mongod, string folder, bool tls)
    {
        (_mongod, _folder) = (mongod, folder);
        _authority = tls ? new CertificateAuthority("Modestano members CA", TimeProvider.System) : null;
    }

    /// <summary>host:port of each member, in the order of their start.</summary>
    public IReadOnlyList<string> Hosts { get; private set; } = [];

    /// <summary>The paths between the members.</summary>
    public MemberLinks Links { get; } = new();

    /// <summary>The authority that signed the members' certificates, as PEM; null without TLS.</summary>
    public string? CertificateAuthorityPem => _authority?.CertificatePem;

    /// <summary>Starts the members; none of them is in a set.</summary>
    /// <param name="mongod">The program.</param>
    /// <param name="folder">For data, key file, certificates and logs.</param>
    /// <param name="count">How many.</param>
    /// <param name="tls">Whether they speak TLS only, to clients and to each other.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<MongodProcesses> StartAsync(string mongod, string folder, int count, bool tls, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        OwnerOnlyFile.Write(Path.Combine(folder, "keyfile"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)));
        var members = new MongodProcesses(mongod, folder, tls);
        if (members.CertificateAuthorityPem is { } authority)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), authority, cancellationToken);
        }

        members.Hosts = [.. Enumerable.Range(0, count).Select(_ => members.AddFront())];
        try
        {
            foreach (var host in members.Hosts)
            {
                members.IssueCertificate(host);
                members.Launch(host);
            }

            foreach (var host in members.Hosts)
            {
                await members._processes[host].ListensAsync(members._fronts[host].Port, cancellationToken);
            }
        }
        catch
        {
            await members.DisposeAsync();
            throw;
        }

        return members;
    }

    /// <summary>Makes a set of some members and its users, over the localhost exception of the first.</summary>
    /// <param name="config">The config for <c>replSetInitiate</c>; its first member becomes primary, or another one.</param>
    /// <param name="administrator">Made first; it makes the others.</param>
    /// <param name="users">The <c>createUser</c> commands of the others.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task InitiateAsync(BsonDocument config, MongoCredential administrator, IEnumerable<BsonDocument> users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(administrator);
        var hosts = config["members"].AsBsonArray.Select(m => m["host"].AsString).ToList();
        await RunAsync(hosts[0], null, new BsonDocument("replSetInitiate", config), cancellationToken);
        var primary = await PrimaryAsync(hosts, cancellationToken);
        await RunAsync(
            primary,
            null,
            new BsonDocument
            {
                { "createUser", administrator.Username },
                { "pwd", ((PasswordEvidence)administrator.Evidence).ToInsecureString() },
                { "roles", new BsonArray { "root" } },
            },
            cancellationToken);
        foreach (var user in users)
        {
            await RunAsync(primary, administrator, user, cancellationToken);
        }
    }

    /// <summary>The member of these that takes writes; waits until there is one.</summary>
    public async Task<string> PrimaryAsync(IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        while (true)
        {
            foreach (var host in hosts)
            {
                try
                {
                    var hello = await RunAsync(host, null, new BsonDocument("hello", 1), cancellationToken);
                    if (hello.GetValue("isWritablePrimary", false).ToBoolean())
                    {
                        return host;
                    }
                }
                catch (Exception e) when (e is MongoException or TimeoutException)
                {
                    // Down, or frozen: another one may be primary.
                    continue;
                }
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>SIGKILL, as a node that lost its power.</summary>
    public async Task KillAsync(string host)
    {
        _fronts[host].Proxy.Close();
        _processes[host].Signal("KILL");
        await _processes[host].EndedAsync();
    }

    /// <summary>SIGSTOP.</summary>
    public void Freeze(string host) => _processes[host].Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw(string host) => _processes[host].Signal("CONT");

    /// <summary>SIGCONT to all, frozen or not.</summary>
    public void ThawAll()
    {
        foreach (var process in _processes.Values)
        {
            process.Signal("CONT");
        }
    }

    /// <summary>Starts a member that was killed, with its data.</summary>
    public async Task StartAgainAsync(string host, CancellationToken cancellationToken)
    {
        await _processes[host].DisposeAsync();
        Launch(host);
        await _processes[host].ListensAsync(_fronts[host].Port, cancellationToken);
        _fronts[host].Proxy.Open();
    }

    /// <summary>Settings of a client, without a login.</summary>
    /// <param name="replicaSet">Name of the set; null: a direct connection to the first host.</param>
    /// <param name="hosts">The seed list.</param>
    public MongoClientSettings ClientSettings(string? replicaSet, params IReadOnlyList<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var settings = new MongoClientSettings
        {
            Servers = [.. hosts.Take(replicaSet is null ? 1 : hosts.Count).Select(MongoServerAddress.Parse)],
            ReplicaSetName = replicaSet,
            DirectConnection = replicaSet is null,
        };
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
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        foreach (var (_, proxy) in _fronts.Values)
        {
            await proxy.DisposeAsync();
        }

        _authority?.Dispose();
    }

    // To learn whether somebody is primary a member is not waited for long, as it may be frozen; to set one up it is, however busy the machine is.
    private async Task<BsonDocument> RunAsync(string host, MongoCredential? credential, BsonDocument command, CancellationToken cancellationToken)
    {
        var settings = ClientSettings(null, host);
        settings.Credential = credential;
        var patience = command.Contains("hello") ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(30);
        (settings.ServerSelectionTimeout, settings.ConnectTimeout, settings.SocketTimeout) = (patience, patience, patience + TimeSpan.FromSeconds(7));
        var client = new MongoClient(settings);
        try
        {
            return await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(command, cancellationToken: cancellationToken);
        }
        finally
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }
    }

    private string AddFront()
    {
        var port = ServerProcess.FreePort();
        var proxy = new MemberProxy(new IPEndPoint(IPAddress.Loopback, port), Links, MemberBehind);
        _fronts.Add(proxy.Host, (port, proxy));
        return proxy.Host;
    }

    private string? MemberBehind(IPEndPoint from, IPEndPoint to)
    {
        var hosts = _processes.ToDictionary(process => process.Value.Id, process => process.Key);
        return SocketOwner.Of(from, to, hosts.Keys) is { } process ? hosts[process] : null;
    }

    // A member shows its certificate to the others as their client, so a certificate is asked of nobody else.
    private void IssueCertificate(string host)
    {
        if (_authority is not null)
        {
            using var certificate = _authority.IssueServer(host[..host.LastIndexOf(':')]);
            using var key = certificate.GetECDsaPrivateKey()!;
            OwnerOnlyFile.Write(CertificateFile(host), $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        }
    }

    private string CertificateFile(string host) => Path.Combine(_folder, $"{_fronts[host].Port}.pem");

    private void Launch(string host)
    {
        var port = _fronts[host].Port.ToString(CultureInfo.InvariantCulture);
        var data = Path.Combine(_folder, port);
        Directory.CreateDirectory(data);
        string[] tls = _authority is null
            ? []
            : [
                "--tlsMode", "requireTLS", "--tlsCertificateKeyFile", CertificateFile(host), "--tlsCAFile", Path.Combine(_folder, "ca.pem"),
                "--tlsAllowConnectionsWithoutCertificates",
            ];
        _processes[host] = ServerProcess.Start(
            _mongod,
            ["--replSet", SampleNames.ReplicaSet, "--port", port, "--dbpath", data, "--bind_ip", "127.0.0.1", "--keyFile", Path.Combine(_folder, "keyfile"), .. tls],
            Path.Combine(_folder, $"{port}.log"),
            (MongodCommand.AddressVariable, host));
    }
}
