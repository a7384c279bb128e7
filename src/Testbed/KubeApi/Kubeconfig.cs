using System.Text;

namespace Modestano.Testbed.KubeApi;

/// <summary>Writes a kubeconfig for one user.</summary>
internal static class Kubeconfig
{
    public static string Yaml(Uri server, string? authorityPem, string user, string token, string ns)
    {
        var trust = authorityPem is null ? "" : $"\n    certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(authorityPem))}";
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: modestano-world
              cluster:
                server: {server.ToString().TrimEnd('/')}{trust}
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
