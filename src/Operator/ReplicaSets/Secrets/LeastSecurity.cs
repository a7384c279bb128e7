using Modestano.Operator.ReplicaSets.Mongo;

namespace Modestano.Operator.ReplicaSets.Secrets;

/// <summary>What the installation asks of every connection to MongoDB, whatever a spec says. Pure.</summary>
internal static class LeastSecurity
{
    public const string Any = "any";
    public const string Tls = "tls";
    public const string Strong = "strong";

    /// <summary>The connection, where it has what is asked for.</summary>
    /// <exception cref="ConnectionRefusedException">It has not.</exception>
    public static ReplicaSetConnection Checked(ReplicaSetConnection connection, string least) => Missing(connection, least) is { } missing
        ? throw new ConnectionRefusedException(ConnectionReasons.BelowLeastSecurity, $"this installation runs with --mongo-least-security={least}: {missing}")
        : connection;

    private static string? Missing(ReplicaSetConnection connection, string least) =>
        least == Any ? null
        : !connection.UseTls ? "spec.connection.tls.mode must be Required"
        : least == Strong && connection.Mechanism is not ("SCRAM-SHA-256" or "MONGODB-X509") ? "spec.connection needs credentials with mechanism SCRAM-SHA-256 or MONGODB-X509"
        : null;
}
