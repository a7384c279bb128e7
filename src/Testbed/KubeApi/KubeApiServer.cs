using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Authorization;
using Modestano.Testbed.KubeApi.BuiltIn;
using Modestano.Testbed.KubeApi.Controllers;
using Modestano.Testbed.KubeApi.CustomResources;
using Modestano.Testbed.KubeApi.Discovery;
using Modestano.Testbed.KubeApi.Faults;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.OpenApi;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.ServerSideApply;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Watching;

namespace Modestano.Testbed.KubeApi;

/// <summary>
/// A Kubernetes API server in this process, on loopback, with its objects in memory: custom resources, and the built-in kinds that an operator,
/// its chart and its samples need. kubectl and KubernetesClient work with it unmodified.
/// </summary>
public sealed class KubeApiServer : IAsyncDisposable
{
    /// <summary>The user who may do everything.</summary>
    public const string Admin = "admin";

    private readonly KubeApiOptions options;
    private readonly ServerCertificate? certificate;
    private readonly ObjectStore store;
    private readonly OpenWatches watches = new();
    private readonly Authenticator authenticator = new();
    private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    private readonly FaultInjector injector = new();
    private readonly ControllerLoop controllers;
    private readonly LoopbackListener listener;

    private KubeApiServer(KubeApiOptions options)
    {
        this.options = options;
        var time = options.TimeProvider;
        certificate = options.UseTls ? ServerCertificate.Create(DateTimeOffset.UtcNow) : null;
        store = new ObjectStore(options.HistoryLimit);
        var registry = new ResourceRegistry([.. BuiltInKinds.All, .. ReviewEndpoint.Kinds()]);
        var ownership = new UpdateOwnership(time);
        var creation = new ObjectCreation(store, registry, new Identifiers(options.Seed), time);
        var update = new ObjectUpdate(store);
        var deletion = new ObjectDeletion(store, time);
        var apply = new ApplyEndpoint(store, creation, update, new Applier(time));
        var authorizer = new RbacAuthorizer(store);
        var timing = new WatchTiming(options.WatchTimeout, options.BookmarkInterval, options.ClosingBookmark);
        var pipeline = new RequestPipeline(
            authenticator,
            authorizer,
            registry,
            new DiscoveryEndpoint(registry, new OpenApiDocuments(registry), options.MinorVersion),
            new ResourceEndpoint(store, creation, update, deletion, new PatchEndpoint(update, apply, ownership), ownership, time),
            new ListEndpoint(store, deletion, time),
            new WatchEndpoint(store, watches, timing, time),
            new ReviewEndpoint(authenticator, authorizer),
            new TokenEndpoint(store, IssueToken, time),
            injector,
            Requests);
        Faults = new KubeApiFaults(injector, watches, store, () => listener!.StopAsync(), ct => listener!.StartAsync(listener.Port, ct));
        listener = new LoopbackListener(pipeline, certificate);
        controllers = new ControllerLoop(store, time, Requests.Unexpected);
        controllers.Start(
        [
            new DefinitionController(store, registry, update, deletion, watches, ownership, time),
            new NamespaceController(store, registry, deletion, controllers.Later),
            .. options.CollectGarbage ? [new GarbageCollector(store, registry, deletion)] : Array.Empty<IStoreController>(),
        ]);
        Bootstrap(registry, creation, ownership);
    }

    /// <summary>Where the server listens.</summary>
    public Uri Url => new($"{(options.UseTls ? "https" : "http")}://127.0.0.1:{listener.Port}");

    /// <summary>Counters of the requests so far.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>What can be made to go wrong.</summary>
    public KubeApiFaults Faults { get; }

    /// <summary>The certificate authority that signed the server's certificate, as PEM; null without TLS.</summary>
    public string? CertificateAuthorityPem => certificate?.AuthorityPem;

    /// <summary>Starts a server; it answers when the task ends.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<KubeApiServer> StartAsync(KubeApiOptions options, CancellationToken cancellationToken)
    {
        var server = new KubeApiServer(options);
        server.AddUser(options.AdminToken ?? NewToken(), new KubeUser(Admin, [KubeUser.Masters, "system:authenticated"]));
        foreach (var (user, token) in options.Users)
        {
            server.AddUser(token, user);
        }

        try
        {
            await server.listener.StartAsync(options.Port, cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Until the server's own controllers have acted on every write so far, as they do a moment after it.</summary>
    public Task SettleAsync() => controllers.SettleAsync();

    /// <summary>Lets a user in.</summary>
    public void AddUser(string token, KubeUser user)
    {
        lock (tokens)
        {
            tokens[user.Name] = token;
        }

        authenticator.Add(token, user);
    }

    /// <summary>
    /// Makes a token as which a pod of this service account would authenticate: it may do what the applied roles and bindings give to the account,
    /// and nothing else. The user for <see cref="KubeconfigYaml"/> is <c>system:serviceaccount:NAMESPACE:NAME</c>.
    /// </summary>
    public string AddServiceAccountToken(string ns, string name)
    {
        var token = NewToken();
        AddUser(token, KubeUser.ServiceAccount(ns, name));
        return token;
    }

    // Further tokens of an account do not replace the one that its kubeconfig holds.
    private string IssueToken(string ns, string name)
    {
        var token = NewToken();
        authenticator.Add(token, KubeUser.ServiceAccount(ns, name));
        return token;
    }

    /// <summary>Tokens of this user are refused with 401 from now on.</summary>
    public void RevokeTokens(string user)
    {
        lock (tokens)
        {
            if (tokens.Remove(user, out var token))
            {
                authenticator.Remove(token);
            }
        }
    }

    /// <summary>A kubeconfig with which kubectl and KubernetesClient reach this server.</summary>
    /// <param name="user">A user name that was added; <c>admin</c> may do everything.</param>
    /// <param name="ns">The namespace that commands without one use.</param>
    /// <exception cref="ArgumentException">There is no such user.</exception>
    public string KubeconfigYaml(string user = Admin, string ns = "default")
    {
        lock (tokens)
        {
            return tokens.TryGetValue(user, out var token)
                ? Kubeconfig.Yaml(Url, CertificateAuthorityPem, user, token, ns)
                : throw new ArgumentException($"user '{user}' has no token here; known users: {string.Join(", ", tokens.Keys.Order(StringComparer.Ordinal))}", nameof(user));
        }
    }

    /// <summary>Writes <see cref="KubeconfigYaml"/> to a file that only the current user may read.</summary>
    public void WriteKubeconfig(string path, string user = Admin, string ns = "default") => OwnerOnlyFile.Write(path, KubeconfigYaml(user, ns));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        await controllers.DisposeAsync();
        certificate?.Dispose();
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private static void Bootstrap(ResourceRegistry registry, ObjectCreation creation, FieldOwnership ownership)
    {
        var create = new WriteOptions { Manager = "kube-apiserver", FieldValidation = FieldValidation.Ignore };
        foreach (var name in new[] { "default", "kube-node-lease", "kube-public", "kube-system" })
        {
            creation.Create(registry.Find("", "v1", "namespaces")!, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, create, ownership);
        }

        creation.Create(
            registry.Find("", "v1", "serviceaccounts")!,
            "default",
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } },
            create,
            ownership);
        foreach (var role in DefaultRoles.Roles())
        {
            creation.Create(registry.Find("rbac.authorization.k8s.io", "v1", "clusterroles")!, null, role, create, ownership);
        }

        foreach (var binding in DefaultRoles.Bindings())
        {
            creation.Create(registry.Find("rbac.authorization.k8s.io", "v1", "clusterrolebindings")!, null, binding, create, ownership);
        }
    }
}
