using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Modestano.Testbed.Backends;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.KubeApi;
using Modestano.Testbed.KubeApi.Http;

namespace Modestano.Testbed;

/// <summary>A Kubernetes API server with the operator installed as <c>config</c> installs it: CRDs, roles, namespaces; without the operator.</summary>
public sealed class PreparedCluster : IAsyncDisposable
{
    /// <summary>The operator's namespace, as config/rbac names it before config/default gives it its final name.</summary>
    public const string OperatorNamespace = "system";

    private const string OperatorAccount = "controller-manager";

    private static readonly string[] SecretsFiles = ["role", "role_binding"];

    private readonly KubeApiServer? _server;
    private readonly KubernetesProcesses? _processes;
    private readonly string _configFolder;

    private PreparedCluster(KubeApiServer? server, KubernetesProcesses? processes, WorldOptions options)
    {
        (_server, _processes, _configFolder) = (server, processes, options.ConfigFolder);
        Kubeconfig = Path.Combine(options.Folder, "kubeconfig");
        OperatorKubeconfig = Path.Combine(options.Folder, "operator.kubeconfig");
    }

    /// <summary>The embedded API server.</summary>
    /// <exception cref="InvalidOperationException">This cluster has a real one.</exception>
    public KubeApiServer Server => _server ?? throw new InvalidOperationException("this needs the embedded API server, and the cluster was started with a real one");

    /// <summary>A kubeconfig for a person, who may do everything.</summary>
    public string Kubeconfig { get; }

    /// <summary>A kubeconfig with exactly the operator's roles.</summary>
    public string OperatorKubeconfig { get; }

    /// <summary>The operator's user name.</summary>
    public static string OperatorUser => $"system:serviceaccount:{OperatorNamespace}:{OperatorAccount}";

    /// <summary>Starts the server and installs.</summary>
    public static async Task<PreparedCluster> StartAsync(WorldOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cluster = options.Backends.KubernetesAssets is { } assets
            ? new PreparedCluster(null, await KubernetesProcesses.StartAsync(assets, Path.Combine(options.Folder, "kubernetes"), cancellationToken), options)
            : new PreparedCluster(await KubeApiServer.StartAsync(new KubeApiOptions { Seed = options.Seed }, cancellationToken), null, options);
        try
        {
            await cluster.InstallAsync(options, cancellationToken);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>A client that may do everything.</summary>
    public IKubernetes Client() => new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? _processes!.DisposeAsync();

    /// <summary>A namespace whose sets hosts are granted to: there, and only there, the operator may read Secrets.</summary>
    public async Task AddNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        using var client = Client();
        var applier = new ManifestApplier(client, "world");
        foreach (var manifest in SecretsRole(_configFolder).Prepend(Namespace(name)))
        {
            await applier.ApplyAsync(manifest, name, cancellationToken);
        }
    }

    private async Task InstallAsync(WorldOptions options, CancellationToken cancellationToken)
    {
        WriteKubeconfig(Kubeconfig, KubeApiServer.Admin, _processes?.AdminToken, options.Namespace);
        using var client = Client();
        var applier = new ManifestApplier(client, "world");
        foreach (var manifest in Directory.EnumerateFiles(Path.Combine(options.ConfigFolder, "crd", "bases"), "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(file => YamlText.ParseAll(File.ReadAllText(file))).OfType<JsonObject>()
            .Concat(OperatorRoles(options.ConfigFolder)))
        {
            await applier.ApplyAsync(manifest, OperatorNamespace, cancellationToken);
        }

        await AddNamespaceAsync(options.Namespace, cancellationToken);
        string? token = null;
        if (_server is not null)
        {
            _server.AddServiceAccountToken(OperatorNamespace, OperatorAccount);
        }
        else
        {
            var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { ExpirationSeconds = 86400, Audiences = [] } };
            token = (await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, OperatorAccount, OperatorNamespace, cancellationToken: cancellationToken)).Status.Token;
        }

        WriteKubeconfig(OperatorKubeconfig, OperatorUser, token, OperatorNamespace);
    }

    private void WriteKubeconfig(string path, string user, string? token, string ns)
    {
        if (_processes is null)
        {
            Server.WriteKubeconfig(path, user, ns);
        }
        else
        {
            OwnerOnlyFile.Write(path, _processes.KubeconfigYaml(user, token!, ns));
        }
    }

    // The shipped roles, so that the operator runs with what it has in a real cluster and nothing more.
    private static IEnumerable<JsonObject> OperatorRoles(string configFolder) =>
        Kustomization.Read(Path.Combine(configFolder, "rbac")).Objects.Prepend(Namespace(OperatorNamespace));

    // As config/rbac/secrets has them, but for the account, which has its final name there.
    private static List<JsonObject> SecretsRole(string configFolder)
    {
        List<JsonObject> objects = [.. SecretsFiles.SelectMany(name => YamlText.ParseAll(File.ReadAllText(Path.Combine(configFolder, "rbac", "secrets", $"{name}.yaml")))).OfType<JsonObject>()];
        foreach (var subject in objects.Select(o => o["subjects"]).OfType<JsonArray>().SelectMany(s => s))
        {
            (subject!["name"], subject["namespace"]) = (OperatorAccount, OperatorNamespace);
        }

        return objects;
    }

    private static JsonObject Namespace(string name) =>
        new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
}
