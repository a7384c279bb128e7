using System.Globalization;
using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Backends;

/// <summary>
/// Members that are <c>mongod</c> processes, each with a port and a data folder of its own, one key file and no users until the set has some.
/// A member is killed (SIGKILL), frozen (SIGSTOP) and started again; links between members cannot be cut.
/// </summary>
public sealed class MongodProcesses : IAsyncDisposable
{
    private readonly string _mongod;
    private readonly string _folder;
    private readonly Dictionary<string, ServerProcess> _processes = [];

    private MongodProcesses(string mongod, string folder) => (_mongod, _folder) = (mongod, folder);

    /// <summary>host:port of each member, in the order of their start.</summary>
    public IReadOnlyList<string> Hosts { get; private set; } = [];

    /// <summary>Starts the members; none of them is in a set.</summary>
    public static async Task<MongodProcesses> StartAsync(string mongod, string folder, int count, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var keyFile = Path.Combine(folder, "keyfile");
        await File.WriteAllTextAsync(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)), cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var members = new MongodProcesses(mongod, folder);
        members.Hosts = [.. Enumerable.Range(0, count).Select(_ => $"127.0.0.1:{ServerProcess.FreePort()}")];
        try
        {
            foreach (var host in members.Hosts)
            {
                members.Launch(host);
            }

            foreach (var host in members.Hosts)
            {
                await members._processes[host].ListensAsync(Port(host), cancellationToken);
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
    public static async Task<string> PrimaryAsync(IReadOnlyList<string> hosts, CancellationToken cancellationToken)
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
        _processes[host].Signal("KILL");
        await _processes[host].EndedAsync();
    }

    /// <summary>SIGSTOP.</summary>
    public void Freeze(string host) => _processes[host].Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw(string host) => _processes[host].Signal("CONT");

    /// <summary>Starts a member that was killed, with its data.</summary>
    public async Task StartAgainAsync(string host, CancellationToken cancellationToken)
    {
        await _processes[host].DisposeAsync();
        Launch(host);
        await _processes[host].ListensAsync(Port(host), cancellationToken);
    }

    /// <summary>Settings of a direct connection to one member, without a login.</summary>
    public static MongoClientSettings ClientSettings(string host) => new()
    {
        Server = MongoServerAddress.Parse(host),
        DirectConnection = true,
        ServerSelectionTimeout = TimeSpan.FromSeconds(3),
        ConnectTimeout = TimeSpan.FromSeconds(3),
        SocketTimeout = TimeSpan.FromSeconds(10),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }
    }

    private static async Task<BsonDocument> RunAsync(string host, MongoCredential? credential, BsonDocument command, CancellationToken cancellationToken)
    {
        var settings = ClientSettings(host);
        settings.Credential = credential;
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

    private void Launch(string host)
    {
        var port = Port(host).ToString(CultureInfo.InvariantCulture);
        var data = Path.Combine(_folder, port);
        Directory.CreateDirectory(data);
        _processes[host] = ServerProcess.Start(
            _mongod,
            ["--replSet", SampleNames.ReplicaSet, "--port", port, "--dbpath", data, "--bind_ip", "127.0.0.1", "--keyFile", Path.Combine(_folder, "keyfile")],
            Path.Combine(_folder, $"{port}.log"));
    }

    private static int Port(string host) => int.Parse(host.AsSpan(host.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
}
