using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;

namespace Modestano.Operator.ReplicaSets.Secrets;

/// <summary>Holds a connection to what the installation asks of every one. Pure.</summary>
internal static class SecurityFloor
{
    /// <summary>The connection, where it has what is asked for.</summary>
    /// <exception cref="ConnectionRefusedException">It has not.</exception>
    public static ReplicaSetConnection Checked(ReplicaSetConnection connection, LeastSecurity least) => Missing(connection, least) is { } missing
        ? throw new ConnectionRefusedException(ConnectionReasons.BelowLeastSecurity, $"this installation runs with {OperatorSettings.MongoLeastSecurity.Flag}={SettingTypes.Word(least)}: {missing}")
        : connection;

    private static string? Missing(ReplicaSetConnection connection, LeastSecurity least) => least switch
    {
        LeastSecurity.Any => null,
        _ when !connection.UseTls => "spec.connection.tls.mode must be Required",
        LeastSecurity.Strong when connection.Mechanism is not ("SCRAM-SHA-256" or "MONGODB-X509") => "spec.connection needs credentials with mechanism SCRAM-SHA-256 or MONGODB-X509",
        _ => null,
    };
}
