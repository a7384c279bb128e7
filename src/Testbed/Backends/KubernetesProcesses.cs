using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Backends;

/// <summary>A <c>kube-apiserver</c> on its <c>etcd</c>, with RBAC, one token for a person who may do everything, and no controllers.</summary>
public sealed class KubernetesProcesses : IAsyncDisposable
{
    private readonly ServerProcess _etcd;
    private readonly ServerProcess _apiServer;

    private KubernetesProcesses(ServerProcess etcd, ServerProcess apiServer, Uri url, string adminToken) =>
        (_etcd, _apiServer, Url, AdminToken) = (etcd, apiServer, url, adminToken);

    /// <summary>Where the API server listens; its certificate is its own.</summary>
    public Uri Url { get; }

    /// <summary>The token of a member of <c>system:masters</c>.</summary>
    public string AdminToken { get; }

    /// <summary>Starts both; the API server is ready when the task ends.</summary>
    public static async Task<KubernetesProcesses> StartAsync(string assets, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string At(string name) => Path.Combine(folder, name);
        var (client, peer, secure) = (ServerProcess.FreePort(), ServerProcess.FreePort(), ServerProcess.FreePort());
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        OwnerOnlyFile.Write(At("tokens.csv"), $"{token},admin,admin,system:masters\n");
        using (var key = RSA.Create(2048))
        {
            OwnerOnlyFile.Write(At("accounts.key"), key.ExportPkcs8PrivateKeyPem());
        }

        var (clientUrl, peerUrl) = ($"http://127.0.0.1:{client}", $"http://127.0.0.1:{peer}");
        var etcd = ServerProcess.Start(
            Path.Combine(assets, "etcd"),
            [
                "--data-dir", At("etcd"), "--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl, "--listen-peer-urls", peerUrl,
                "--initial-advertise-peer-urls", peerUrl, "--initial-cluster", $"default={peerUrl}", "--unsafe-no-fsync",
            ],
            At("etcd.log"));
        await etcd.ListensAsync(client, cancellationToken);
        var apiServer = ServerProcess.Start(
            Path.Combine(assets, "kube-apiserver"),
            [
                "--etcd-servers", clientUrl, "--bind-address", "127.0.0.1", "--secure-port", secure.ToString(CultureInfo.InvariantCulture), "--cert-dir", At("certificates"),
                "--token-auth-file", At("tokens.csv"), "--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.0.0.0/24",
                "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", At("accounts.key"),
                "--service-account-signing-key-file", At("accounts.key"), "--disable-admission-plugins", "ServiceAccount",
            ],
            At("kube-apiserver.log"));
        var kubernetes = new KubernetesProcesses(etcd, apiServer, new Uri($"https://127.0.0.1:{secure}"), token);
        try
        {
            await apiServer.ListensAsync(secure, cancellationToken);
            await kubernetes.ReadyAsync(cancellationToken);
        }
        catch
        {
            await kubernetes.DisposeAsync();
            throw;
        }

        return kubernetes;
    }

    /// <summary>A kubeconfig for a token; the server's certificate was made by the server and is not checked.</summary>
    public string KubeconfigYaml(string user, string token, string ns) => Kubeconfig.UncheckedYaml(Url, user, token, ns);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _apiServer.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler) { BaseAddress = Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", AdminToken) } };
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(100, cancellationToken);
        }
    }
}
