using System.Net.Security;
using MongoDB.Driver;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>How a connection proves who it is, and what it asks of the member's certificate.</summary>
internal static class ConnectionSecurity
{
    /// <summary>TLS for a host; null: the connection has none.</summary>
    public static Func<string, SslClientAuthenticationOptions>? Tls(ReplicaSetConnection connection, MongoConnectionOptions options) => !connection.UseTls ? null
        : host => connection.Noting(host, new CertificateTrust(connection.CertificateAuthorities, options.CheckRevocation).Options(host, connection.ClientCertificate));

    /// <summary>The login; null: there is none.</summary>
    public static MongoCredential? Credential(ReplicaSetConnection connection, int mostScramRounds, HashingBudget hashing) => connection switch
    {
        { Mechanism: "MONGODB-X509" } => MongoCredential.CreateMongoX509Credential(connection.UserName),
        { Login: { } login, UserName: { } user, Password: { } password } => login.Credential(user, password, mostScramRounds, hashing),
        _ => null,
    };
}
