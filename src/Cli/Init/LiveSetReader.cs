using System.Security.Cryptography.X509Certificates;
using Modestano.Cli.Cluster;
using Modestano.Operator.ReplicaSets.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Cli.Init;

/// <summary>
/// Asks one member of a running set for configuration and state. Three commands, all of the role <c>clusterMonitor</c>; nothing is written. The
/// answers are read forgivingly, as they may come from any release.
/// </summary>
internal static class LiveSetReader
{
    /// <summary>Reads it.</summary>
    /// <param name="uri">Where and as whom; <c>proxyHost</c> and <c>proxyPort</c> lead through a bastion.</param>
    /// <param name="password">The password where the URI has none; null: none.</param>
    /// <param name="authorityFile">The authority of the members' certificates, as PEM; null: the system's.</param>
    /// <param name="certificateFile">A client certificate with its key, as PEM; null: none.</param>
    /// <param name="atMost">How long the member may take to be reached.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PluginException">It cannot be reached, or is no replica set.</exception>
    public static async Task<LiveSet> ReadAsync(string uri, string? password, string? authorityFile, string? certificateFile, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var settings = Settings(Parsed(uri, password), authorityFile, certificateFile, atMost);
        var client = new MongoClient(settings);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(2 * atMost);
        try
        {
            var admin = client.GetDatabase("admin");
            var hello = await RunAsync(admin, "hello", patience.Token);
            if (hello.Text("msg") == "isdbgrid" || hello.Contains("isreplicaset") || hello.Text("setName") is null)
            {
                throw new PluginException(hello.Text("msg") == "isdbgrid" ? "this is a mongos: the operator manages replica sets that are not sharded" : "this mongod is in no replica set: start it with --replSet and initiate the set, or let the operator do it with bootstrap: Initiate");
            }

            var raw = (await RunAsync(admin, "replSetGetConfig", patience.Token)).Doc("config") ?? [];
            var status = await RunAsync(admin, "replSetGetStatus", patience.Token);
            var build = await RunAsync(admin, "buildInfo", patience.Token);
            var config = ConfigReader.Read(raw, committed: true, new HashSet<string>()) ?? throw new PluginException("the server's configuration has no name, version or members");
            return raw.Flag("configsvr")
                ? throw new PluginException($"{config.SetName} is the config server of a sharded cluster, which the operator does not manage")
                : new LiveSet(config, raw, status.Docs("members").FirstOrDefault(m => m.Whole("state") == 1).Text("name"), build.Text("version") ?? "", LoginOf(settings, authorityFile, certificateFile));
        }
        catch (MongoCommandException e) when (e.Code == 13)
        {
            throw new PluginException($"the user may not read the configuration ({e.CodeName}): it needs the role clusterMonitor on admin, and nothing more");
        }
        catch (MongoAuthenticationException)
        {
            // The driver's words would tell the user's name and the exchange.
            throw new PluginException("the login is refused: check user, password, authSource and authMechanism of --uri");
        }
        catch (Exception e) when (e is MongoException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new PluginException($"no answer from {string.Join(", ", settings.Servers)} within {atMost.TotalSeconds:0} s: {Cause(e)}; are TLS (tls=true), names and network right? A bastion is named by proxyHost and proxyPort in --uri");
        }
        finally
        {
            ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        }
    }

    private static MongoUrl Parsed(string uri, string? password)
    {
        try
        {
            var url = new MongoUrlBuilder(uri);
            url.Password = password ?? url.Password;
            return url.Username is { Length: > 0 } && url.Password is null && url.AuthenticationMechanism != "MONGODB-X509"
                ? throw new PluginException($"--uri names the user {url.Username} and no password: give it by --password-file")
                : url.ToMongoUrl();
        }
        catch (MongoConfigurationException)
        {
            // Its message holds the URI, and that the password.
            throw new PluginException("--uri is no connection string of MongoDB: write mongodb://USER@HOST:27017/?replicaSet=NAME&tls=true");
        }
    }

    private static MongoClientSettings Settings(MongoUrl url, string? authorityFile, string? certificateFile, TimeSpan atMost)
    {
        var settings = MongoClientSettings.FromUrl(url);
        settings.ApplicationName = "kubectl-modestano";
        // Any member knows the configuration. One that is asked directly needs no name of another to resolve from here.
        settings.DirectConnection = true;
        settings.ReplicaSetName = null;
        settings.Servers = [settings.Servers.First()];
        settings.ReadPreference = ReadPreference.Nearest;
        settings.ServerSelectionTimeout = settings.ConnectTimeout = atMost;
        if (authorityFile is null && certificateFile is null)
        {
            return settings;
        }

        settings.UseTls = true;
        var tls = new SslSettings();
        if (authorityFile is not null)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(authorityFile);
            tls.ServerCertificateValidationCallback = new CertificateTrust(authorities, checkRevocation: false).Validate;
        }

        if (certificateFile is not null)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificateFile)];
        }

        settings.SslSettings = tls;
        return settings;
    }

    private static LiveLogin LoginOf(MongoClientSettings settings, string? authorityFile, string? certificateFile) => new(
        settings.Credential is not { } credential ? null : credential.Mechanism ?? "SCRAM-SHA-256",
        settings.UseTls,
        authorityFile is not null,
        certificateFile is not null);

    private static async Task<BsonDocument> RunAsync(IMongoDatabase admin, string command, CancellationToken cancellationToken) =>
        await admin.RunCommandAsync<BsonDocument>(new BsonDocument(command, 1), ReadPreference.Nearest, cancellationToken);

    private static string Cause(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return YamlLine(e is TimeoutException ? "the member does not answer" : e.Message);
    }

    private static string YamlLine(string text) => Views.YamlScalar.Comment(text.Length > 200 ? text[..200] : text);
}
