using System.Text.Json.Nodes;
using k8s;
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

    private PreparedCluster(KubeApiServer server, string folder)
    {
        Server = server;
        Kubeconfig = Path.Combine(folder, "kubeconfig");
        OperatorKubeconfig = Path.Combine(folder, "operator.kubeconfig");
    }

    /// <summary>The API server.</summary>
    public KubeApiServer Server { get; }

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
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { Seed = options.Seed }, cancellationToken);
        var cluster = new PreparedCluster(server, options.Folder);
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
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task InstallAsync(WorldOptions options, CancellationToken cancellationToken)
    {
        Server.WriteKubeconfig(Kubeconfig, KubeApiServer.Admin, options.Namespace);
        using var client = Client();
        var applier = new ManifestApplier(client, "world");
        foreach (var manifest in Directory.EnumerateFiles(Path.Combine(options.ConfigFolder, "crd", "bases"), "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(file => YamlText.ParseAll(File.ReadAllText(file))).OfType<JsonObject>()
            .Concat(OperatorRoles(options.ConfigFolder)))
        {
            await applier.ApplyAsync(manifest, OperatorNamespace, cancellationToken);
        }

        await applier.ApplyAsync(Namespace(options.Namespace), options.Namespace, cancellationToken);
        Server.AddServiceAccountToken(OperatorNamespace, OperatorAccount);
        Server.WriteKubeconfig(OperatorKubeconfig, OperatorUser, OperatorNamespace);
    }

    // The shipped roles, so that the operator runs with what it has in a real cluster and nothing more.
    private static IEnumerable<JsonObject> OperatorRoles(string configFolder) =>
        Kustomization.Read(Path.Combine(configFolder, "rbac")).Objects.Prepend(Namespace(OperatorNamespace));

    private static JsonObject Namespace(string name) =>
        new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
}
