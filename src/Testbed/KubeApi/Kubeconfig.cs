using System.Text;

namespace Modestano.Testbed.KubeApi;

/// <summary>Writes a kubeconfig for one user.</summary>
internal static class Kubeconfig
{
    /// <summary>For a server that is trusted by its authority; null: for one without TLS.</summary>
    public static string Yaml(Uri server, string? authorityPem, string user, string token, string ns) =>
        Yaml(server, authorityPem is null ? [] : [$"certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(authorityPem))}"], user, token, ns);

    /// <summary>For a server whose certificate is not checked: it made one for itself.</summary>
    public static string UncheckedYaml(Uri server, string user, string token, string ns) =>
        Yaml(server, ["insecure-skip-tls-verify: true"], user, token, ns);

    private static string Yaml(Uri server, IEnumerable<string> trust, string user, string token, string ns)
    {
        var cluster = string.Concat(trust.Select(line => $"\n    {line}"));
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: modestano-world
              cluster:
                server: {server.ToString().TrimEnd('/')}{cluster}
            users:
            - name: "{user}"
              user:
                token: "{token}"
            contexts:
            - name: modestano-world
              context:
                cluster: modestano-world
                user: "{user}"
                namespace: {ns}
            current-context: modestano-world

            """;
    }
}
