using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;

namespace Modestano.Operator.ReplicaSets.Secrets;

/// <summary>Makes a connection from a spec and its Secrets. Pure. What is wrong is told by name and key, never by value.</summary>
public static class ConnectionParser
{
    /// <summary>Types of Secrets that a CA certificate may be in.</summary>
    private static readonly IReadOnlyList<string> CaTypes = [ApiGroup.Name + "/ca", "kubernetes.io/tls", ApiGroup.CredentialsSecretType];

    /// <summary>Makes the connection.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="secrets">The Secrets that the spec names, by name; one that is absent does not exist.</param>
    /// <exception cref="ConnectionRefusedException">A Secret is absent, of a type that the operator does not read, or not complete.</exception>
    public static ReplicaSetConnection Parse(ConnectionSpec spec, IReadOnlyDictionary<string, V1Secret> secrets)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(secrets);
        var useTls = spec.Tls.Mode != "Disabled";
        var login = spec.CredentialsSecretRef?.Name is { } name && spec.Mechanism != "MONGODB-X509" ? Find(secrets, name, [ApiGroup.CredentialsSecretType]) : null;
        return new ReplicaSetConnection
        {
            UseTls = useTls,
            Mechanism = login is not null || spec.Mechanism == "MONGODB-X509" ? spec.Mechanism : null,
            UserName = login is null ? null : Text(login, "username"),
            Password = login is null ? null : Password(login, spec.Mechanism),
            CertificateAuthorities = useTls && spec.Tls.CaSecretRef is { } ca ? Authorities(Find(secrets, ca.Name, CaTypes), ca.Key ?? "ca.crt") : null,
            ClientCertificate = useTls && spec.Tls.ClientCertificateSecretRef is { } own ? Certificate(Find(secrets, own.Name, ["kubernetes.io/tls"])) : null,
        };
    }

    /// <summary>The names of the Secrets that a spec needs.</summary>
    public static IReadOnlyCollection<string> SecretNames(ConnectionSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        string?[] names = [spec.CredentialsSecretRef?.Name, spec.Tls.CaSecretRef?.Name, spec.Tls.ClientCertificateSecretRef?.Name];
        return [.. names.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static V1Secret Find(IReadOnlyDictionary<string, V1Secret> secrets, string name, IReadOnlyList<string> types)
    {
        if (!secrets.TryGetValue(name, out var secret))
        {
            throw new ConnectionRefusedException(ConnectionReasons.SecretNotFound, $"Secret {name} does not exist: make it in the namespace of this object");
        }

        return types.Contains(secret.Type)
            ? secret
            : throw new ConnectionRefusedException(
                ConnectionReasons.SecretTypeNotAllowed,
                $"Secret {name} has type {secret.Type ?? "Opaque"}: the operator reads only {string.Join(", ", types)} here");
    }

    private static string Text(V1Secret secret, string key) => Encoding.UTF8.GetString(Bytes(secret, key));

    private static string Password(V1Secret secret, string mechanism)
    {
        var password = Text(secret, "password");

        // RFC 7677 prepares passwords by SASLprep, which knows no control characters: no user can have such a password.
        return mechanism == "SCRAM-SHA-256" && password[^1] is '\n' or '\r'
            ? throw new ConnectionRefusedException(
                ConnectionReasons.SecretValueNotUsable,
                $"Secret {secret.Metadata.Name}: the password ends in a newline, which no {mechanism} password can: make the Secret with printf, or with kubectl create secret --from-literal, not with echo")
            : password;
    }

    private static byte[] Bytes(V1Secret secret, string key) =>
        secret.Data?.TryGetValue(key, out var value) == true && value is { Length: > 0 }
            ? value
            : throw new ConnectionRefusedException(ConnectionReasons.SecretKeyMissing, $"Secret {secret.Metadata.Name} has no key {key}, or it is empty: add it");

    private static X509Certificate2Collection Authorities(V1Secret secret, string key)
    {
        // Each by itself: what cannot be read would be passed over, and members of that CA would be refused as strangers.
        var blocks = Text(secret, key).Split("-----BEGIN CERTIFICATE-----")[1..];
        var certificates = new X509Certificate2Collection();
        for (var i = 0; i < blocks.Length; i++)
        {
            if (!TryImport(certificates, "-----BEGIN CERTIFICATE-----" + blocks[i]))
            {
                throw blocks.Length == 1 ? NotReadable(secret, key) : new ConnectionRefusedException(
                    ConnectionReasons.CertificateNotReadable,
                    $"Secret {secret.Metadata.Name}: certificate {i + 1} of the {blocks.Length} in {key} is broken: correct it, or take it out");
            }
        }

        return certificates.Count > 0 ? certificates : throw NotReadable(secret, key);
    }

    private static bool TryImport(X509Certificate2Collection certificates, string pem)
    {
        var before = certificates.Count;
        try
        {
            certificates.ImportFromPem(pem);
            return certificates.Count == before + 1;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static X509Certificate2 Certificate(V1Secret secret)
    {
        var (certificate, key) = (Text(secret, "tls.crt"), Text(secret, "tls.key"));
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw NotReadable(secret, "tls.crt and tls.key");
        }
    }

    private static ConnectionRefusedException NotReadable(V1Secret secret, string key) =>
        new(ConnectionReasons.CertificateNotReadable, $"Secret {secret.Metadata.Name}: {key} is not a certificate in PEM");
}
